"""Addresses of the acts on a record."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
