"""Addresses of the pages that people read."""

from django.urls import path

from reports import (
    agreement_pages,
    book_pages,
    classes,
    cohort_pages,
    downloads,
    evidence_files,
    homes,
    queue_pages,
    records,
    request_pages,
    signed,
    station_pages,
)

urlpatterns = [
    path("", homes.home, name="home"),
    path("mentor/", homes.mentor_home, name="mentor_home"),
    path("my-record/", homes.apprentice_home, name="apprentice_home"),
    path("audit/", cohort_pages.auditor_home, name="auditor_home"),
    path("waiting/", queue_pages.waiting_list, name="waiting_list"),
    path("cohorts/", cohort_pages.coordinator_home, name="coordinator_home"),
    path("cohorts/<uuid:pk>/", cohort_pages.cohort, name="cohort"),
    path("cohorts/<uuid:pk>/grid.csv", cohort_pages.cohort_csv, name="cohort_csv"),
    path("disagreements/", agreement_pages.disagreements, name="disagreements"),
    path("records/<uuid:pk>/", records.record, name="record"),
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/", records.record_skill, name="record_skill"),
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/row/", records.record_row, name="record_row"),
    path("signed/<uuid:pk>/", signed.signed_together, name="signed_together"),
    path("requests/<uuid:pk>/", request_pages.sign_off_request, name="sign_off_request"),
    path("records/<uuid:pk>/hours/", classes.record_hours, name="record_hours"),
    path("records/<uuid:pk>/verification/", book_pages.record_verification, name="record_verification"),
    path("records/<uuid:pk>/entries/", book_pages.record_entries, name="record_entries"),
    path("classes/", classes.instructor_home, name="instructor_home"),
    path("classes/<uuid:pk>/", classes.class_session, name="class_session"),
    path("cohorts/<uuid:pk>/class-hours/", classes.class_hours, name="class_hours"),
    path("records/<uuid:pk>/documents/", downloads.request_document, name="request_document"),
    path("evidence/<uuid:pk>/", evidence_files.evidence_file, name="evidence_file"),
    path("evidence/<uuid:pk>/thumbnail/", evidence_files.evidence_thumbnail, name="evidence_thumbnail"),
    path(
        "evidence/drafts/<uuid:pk>/thumbnail/",
        evidence_files.evidence_draft_thumbnail,
        name="evidence_draft_thumbnail",
    ),
    path("documents/jobs/<uuid:pk>/", downloads.document_job, name="document_job"),
    path("documents/<uuid:pk>/record.pdf", downloads.document_file, name="document_file"),
    path("station/turn/", station_pages.station_turn, name="station_turn"),
    path("station/records/<uuid:pk>/", station_pages.station_book, name="station_book"),
]
