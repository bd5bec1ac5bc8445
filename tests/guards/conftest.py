"""A database in which every insert-only table holds a row, made by the real transitions."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from acts.models import AuditEvent
from apprenticeship.agency_notices import tell_agency
from apprenticeship.attaching import add_evidence, take_out
from apprenticeship.cohorts import move
from apprenticeship.models import Apprenticeship, CompletionPreparation, Evidence, Headcount
from apprenticeship.purging import purge
from apprenticeship.takingback import take_back
from apprenticeship.testing import void_test
from apprenticeship.verification import void_verification
from instruction.models import CertificateReminder
from instruction.voiding import void_class_hours
from tests.agreements import answered, disagreed
from tests.cast import NOW, TODAY, asked, make_person, signed, viewer_for
from tests.certificates.bringing import brought, brought_own, confirmed, staff_taken_back, taken_back
from tests.demanding import record_taken
from tests.evidence.files import PDF, uploaded
from tests.instruction.classroom import attend
from tests.instruction.earning import earned, exam, signed_topic, waived
from tests.record.every_kind import (
    decided_by_letter,
    placed,
    registered,
    sign_set,
    status_changed,
    verified_set,
    with_paper,
)
from tests.working import WORKDAY, approved, month_signed, work_line, work_taken_back


@pytest.fixture
def full_book(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, settings: Settings, tmp_path: Path
) -> Apprenticeship:
    """Rosa's book with an asking and every kind of entry: its signature, words about it, a purged file, a test, …"""
    settings.MEDIA_ROOT = tmp_path
    (row,) = asked(apprenticeship)
    file = uploaded(apprenticeship, apprenticeship.apprentice)
    add_evidence(viewer=viewer_for(apprenticeship.apprentice), key="a", asked=row, evidence=[file.pk])
    wrong = uploaded(apprenticeship, apprenticeship.apprentice, PDF)
    add_evidence(viewer=viewer_for(apprenticeship.apprentice), key="b", asked=row, evidence=[wrong.pk])
    evidence = Evidence.objects.get(pk=wrong.pk)
    take_out(viewer=viewer_for(apprenticeship.apprentice), key="o", asked=row, evidence=evidence)
    sign_off = signed(apprenticeship, mentor, note="Second try.", evidence=(file.pk,))
    answered(disagreed(sign_off), coordinator)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=sign_off, kind="no_longer_stands", reason="Out of practice.")
    hours = attend(coordinator, [apprenticeship])
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=hours, reason="She was ill.")
    result = record_taken(apprenticeship, mentor, "4.3")
    signed(apprenticeship, mentor, "4.3", method="test")
    void_test(viewer=viewer_for(mentor), key="x", result=result, reason="Of another apprentice.")
    month_signed(mentor, apprenticeship)
    work_taken_back(mentor, approved(mentor, work_line(apprenticeship, day=WORKDAY.replace(day=2))))
    sign_set(apprenticeship, mentor, 11)
    verified = verified_set(apprenticeship, coordinator, 11)
    void_verification(viewer=viewer_for(coordinator), key="w", verification=verified, reason="Seen too early.")
    evidence = Evidence.objects.get(pk=file.pk)
    purge(viewer=viewer_for(coordinator), key="p", evidence=evidence, reason="A label can be read.")
    decision = confirmed(brought(apprenticeship, coordinator), coordinator)
    taken_back(decision, coordinator)
    staff_taken_back(confirmed(brought_own(mentor), coordinator), coordinator)
    for made_by in (earned, waived, exam):
        made_by(coordinator, apprenticeship)
    instructor = make_person("Imre Every", Role.INSTRUCTOR, sponsor=apprenticeship.sponsor)
    attend(coordinator, [apprenticeship], instructor=instructor, provider="A school")
    signed_topic(instructor, apprenticeship)
    with_paper(
        apprenticeship,
        coordinator,
        verifier=make_person("Ada Every", Role.ADMINISTRATOR, sponsor=apprenticeship.sponsor),
    )
    placed(apprenticeship, coordinator)
    transferred = status_changed(apprenticeship, coordinator, "transfer")
    tell_agency(viewer=viewer_for(coordinator), key="n", changes=[transferred.pk], told_on=transferred.on)
    assert apprenticeship.worksite
    Headcount.objects.create(worksite=apprenticeship.worksite, on=TODAY, journeyworkers=2, at=NOW, by=coordinator)
    move(viewer=viewer_for(coordinator), key="c", apprenticeships=[apprenticeship], to=None)
    decided_by_letter(apprenticeship, coordinator)
    registered(apprenticeship, coordinator)
    CompletionPreparation.objects.create(apprenticeship=apprenticeship, by=coordinator, at=NOW, act=sign_off.entry.act)
    CertificateReminder.objects.create(certificate=decision.certificate, stage=7, given_at=NOW)
    AuditEvent.objects.create(at=NOW, kind="login", actor_id=mentor.pk)
    return apprenticeship
