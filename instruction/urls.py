"""Addresses of the acts of this layer."""

from django.urls import path

from instruction import (
    calendar_views,
    certificate_views,
    earning_views,
    import_views,
    plan_views,
    staff_void_views,
    views,
)

urlpatterns = [
    path("cohorts/<uuid:pk>/class-hours/record/", views.record, name="record_class_hours"),
    path("classes/<uuid:pk>/take-back/", views.void, name="void_class_hours"),
    path("records/<uuid:pk>/certificates/add/", certificate_views.add_certificate, name="add_certificate"),
    path("records/<uuid:pk>/hours/other/", earning_views.record_other_hours, name="record_other_hours"),
    path("records/<uuid:pk>/hours/waive/", earning_views.waive_topic, name="waive_topic"),
    path("records/<uuid:pk>/topics/<uuid:topic_pk>/test/", earning_views.record_topic_test, name="record_topic_test"),
    path("records/<uuid:pk>/topics/<uuid:topic_pk>/sign/", earning_views.sign_topic, name="sign_topic"),
    path("my-certificates/add/", certificate_views.add_own_certificate, name="add_own_certificate"),
    path("certificates/kinds/", certificate_views.certificate_kinds, name="certificate_kinds"),
    path("certificates/<uuid:pk>/confirm/", certificate_views.confirm_certificate, name="confirm_certificate"),
    path("certificates/<uuid:pk>/decline/", certificate_views.decline_certificate, name="decline_certificate"),
    path(
        "certificates/<uuid:pk>/take-back/",
        staff_void_views.void_staff_certificate,
        name="void_staff_certificate",
    ),
    path("records/<uuid:pk>/entries/<int:sequence>/take-back/", certificate_views.void_entry, name="void_entry"),
    path("cohorts/<uuid:pk>/plan-class/", plan_views.plan, name="plan_class"),
    path("timetable/<uuid:pk>/edit/", plan_views.edit, name="edit_class"),
    path("timetable/<uuid:pk>/cancel/", plan_views.cancel, name="cancel_class"),
    path("timetable/<uuid:pk>/attendance/", plan_views.attendance, name="attendance"),
    path("timetable/bring-in/", import_views.bring_in_attendance, name="bring_in_attendance"),
    path("on-the-job/bring-in/", import_views.bring_in_timesheets, name="bring_in_timesheets"),
    path("bring-in/<uuid:pk>/", import_views.hours_import, name="hours_import"),
    path("bring-in/templates/<str:kind>.<str:ending>", import_views.import_template, name="import_template"),
    path("timetable/calendar/", calendar_views.calendar_address, name="calendar_address"),
    path("calendar/<str:secret>.ics", calendar_views.calendar_feed, name="calendar_feed"),
]
