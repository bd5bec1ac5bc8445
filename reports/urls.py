"""Addresses of the pages that people read."""

from django.urls import path

from reports import classes

urlpatterns = [
    path("classes/", classes.instructor_home, name="instructor_home"),
    path("classes/<uuid:pk>/", classes.class_session, name="class_session"),
    path("cohorts/<uuid:pk>/class-hours/", classes.class_hours, name="class_hours"),
]
