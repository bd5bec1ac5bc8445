"""Addresses of the acts on a record."""

from django.urls import path

from apprenticeship import views

urlpatterns = [
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/sign-off/", views.sign_off, name="sign_off"),
    path("sign-offs/<uuid:pk>/take-back/", views.take_back, name="take_back"),
]
