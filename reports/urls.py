"""Addresses of the pages that people read."""

from django.urls import path

from reports import classes, downloads, records

urlpatterns = [
    path("records/<uuid:pk>/", records.record, name="record"),
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/", records.record_skill, name="record_skill"),
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/row/", records.record_row, name="record_row"),
    path("records/<uuid:pk>/hours/", classes.record_hours, name="record_hours"),
    path("classes/", classes.instructor_home, name="instructor_home"),
    path("classes/<uuid:pk>/", classes.class_session, name="class_session"),
    path("cohorts/<uuid:pk>/class-hours/", classes.class_hours, name="class_hours"),
    path("records/<uuid:pk>/documents/", downloads.request_document, name="request_document"),
    path("documents/jobs/<uuid:pk>/", downloads.document_job, name="document_job"),
    path("documents/<uuid:pk>/record.pdf", downloads.document_file, name="document_file"),
]
