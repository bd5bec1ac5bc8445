"""Addresses of the pages about oneself, and the glossary."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("language/", views.choose_language, name="choose_language"),
    path("role/", views.choose_role, name="choose_role"),
    path("profile/", views.profile, name="profile"),
    path("glossary/", views.glossary, name="glossary"),
]
