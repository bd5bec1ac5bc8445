"""Addresses of the acts on a record."""

from django.urls import path

from apprenticeship import (
    agreement_views,
    bulk_views,
    credit_views,
    evidence_views,
    note_views,
    nudge_views,
    request_signing,
    request_views,
    take_back_views,
    testing_views,
    verification_views,
    views,
)

urlpatterns = [
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/sign-off/", views.sign_off, name="sign_off"),
    path("records/<uuid:pk>/skills/<uuid:skill_pk>/tests/", testing_views.record_test, name="record_test"),
    path("test-results/<uuid:pk>/take-back/", testing_views.void_test_result, name="void_test_result"),
    path("records/<uuid:pk>/sign-off/", bulk_views.sign_many, name="sign_many"),
    path("group-sign-off/", bulk_views.sign_group, name="sign_group"),
    path("records/<uuid:pk>/ask/", request_views.ask, name="ask"),
    path("asked/<uuid:pk>/withdraw/", request_views.withdraw, name="withdraw"),
    path("records/<uuid:pk>/credit/", credit_views.grant_credit, name="grant_credit"),
    path("records/<uuid:pk>/notes/", note_views.practice_notes, name="practice_notes"),
    path("notes/<uuid:pk>/", note_views.practice_note, name="practice_note"),
    path("notes/<uuid:pk>/delete/", note_views.delete_practice_note, name="delete_practice_note"),
    path("requests/<uuid:pk>/nudge/", nudge_views.nudge, name="nudge"),
    path("requests/<uuid:pk>/sign/", request_signing.sign_request, name="sign_request"),
    path("asked/<uuid:pk>/evidence/", evidence_views.add_evidence, name="add_evidence"),
    path("evidence/<uuid:pk>/remove/", evidence_views.purge_evidence, name="purge_evidence"),
    path("photographs/", evidence_views.photographs, name="photographs"),
    path("requests/<uuid:pk>/send-back/", request_views.send_back, name="send_back"),
    path("sign-offs/<uuid:pk>/take-back/", take_back_views.take_back, name="take_back"),
    path("sign-offs/<uuid:pk>/ask-take-back/", take_back_views.ask_take_back, name="ask_take_back"),
    path("take-backs/<uuid:pk>/", take_back_views.take_back_request, name="take_back_request"),
    path("take-backs/<uuid:pk>/decline/", take_back_views.decline_take_back, name="decline_take_back"),
    path("signed/<uuid:pk>/undo/", take_back_views.undo_all, name="undo_all"),
    path("records/<uuid:pk>/verify/", verification_views.verify_whole, name="verify_whole"),
    path("records/<uuid:pk>/sets/<uuid:set_pk>/verify/", verification_views.verify_set, name="verify_set"),
    path("verifications/<uuid:pk>/take-back/", verification_views.void_verification, name="void_verification"),
    path("records/<uuid:pk>/agree/", agreement_views.agree, name="agree"),
    path("sign-offs/<uuid:pk>/disagree/", agreement_views.disagree, name="disagree"),
    path("disagreements/<uuid:pk>/answer/", agreement_views.answer_disagreement, name="answer_disagreement"),
]
