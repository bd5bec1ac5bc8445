"""Addresses of the library of standards."""

from django.urls import path

from competencies import views

urlpatterns = [
    path("standards/", views.standard_list, name="standard_list"),
    path("standards/<slug:slug>.json", views.standard_json, name="standard_json"),
    path("standards/<slug:slug>/", views.standard, name="standard"),
]
