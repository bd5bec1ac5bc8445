"""Addresses of the acts of this layer."""

from django.urls import path

from instruction import views

urlpatterns = [
    path("cohorts/<uuid:pk>/class-hours/record/", views.record, name="record_class_hours"),
    path("classes/<uuid:pk>/take-back/", views.void, name="void_class_hours"),
]
