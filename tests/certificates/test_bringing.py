"""Bringing a certificate: who may, what is refused, and that it counts for nothing before it is confirmed."""

from datetime import date
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from acts.acting import KeyReused
from acts.models import Act
from apprenticeship.models import Apprenticeship, Evidence, RecordEntry
from competencies.models import Topic
from instruction.certificates import CertificateInvalid
from instruction.models import Certificate, CertificateKind, StaffFile
from tests.cast import fresh
from tests.certificates.bringing import brought, brought_own, confirmed, facts, kind, taken_back
from tests.certificates.delivering import told
from tests.telling.delivering import notices

pytestmark = pytest.mark.django_db


def test_an_apprentice_brings_one_and_the_coordinators_are_told(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    made = brought(apprenticeship, apprentice)
    assert (made.holder, made.called, made.due_on) == (apprentice, "CPR card", date(2028, 2, 2))
    assert list(Evidence.objects.all()) == [use.evidence for use in made.evidence_uses.all()]
    assert not RecordEntry.objects.exists()
    assert not Certificate.objects.standing().exists()
    told()
    assert notices(coordinator) == ["certificate_waits"]


@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "auditor", "outsider"])
def test_nobody_else_brings_one_into_a_book(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermitted):
        brought(apprenticeship, request.getfixturevalue(who))
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("who", ["apprentice", "auditor"])
def test_apprentices_and_auditors_have_none_beside_a_book(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermitted):
        brought_own(request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["mentor", "coordinator", "administrator", "instructor"])
def test_mentors_and_staff_bring_their_own(who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    made = brought_own(person)
    assert (made.holder, made.apprenticeship, StaffFile.objects.get().certificate) == (person, None, made)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("issuer", {"issuer": " "}),
        ("issuer", {"issuer": "x" * 201}),
        ("number", {"number": "x" * 101}),
        ("number", {"number": "4\x007"}),
        ("title", {"kind": "other"}),
        ("issued_on", {"issued_on": date(2026, 3, 3), "expires_on": None}),
        ("issued_on", {"issued_on": date(1926, 3, 3)}),
        ("expires_on", {"expires_on": date(2026, 2, 1)}),
        ("files", {"files": 0}),
        ("files", {"files": 11}),
    ],
)
def test_a_wrong_fact_is_named_and_nothing_is_stored(
    field: str, said: dict[str, Any], apprenticeship: Apprenticeship, apprentice: User
) -> None:
    if "kind" in said:
        said = {**said, "kind": kind(said["kind"])}
    with pytest.raises(CertificateInvalid) as refused:
        brought(apprenticeship, apprentice, **said)
    assert [name for name, _message in refused.value.problems] == [field]
    assert not Certificate.objects.exists()
    assert not Act.objects.filter(kind="add_certificate").exists()


def test_a_kind_and_a_topic_must_be_the_sponsors_and_the_standards(
    apprenticeship: Apprenticeship, apprentice: User, other_sponsor: Sponsor
) -> None:
    elsewhere = CertificateKind.objects.create(sponsor=other_sponsor, code="forklift", title="Forklift")
    version = apprenticeship.terms.standard_version
    course = version.courses.first()
    assert course
    topic = Topic(course=course)
    topic.course.version_id = other_sponsor.pk
    with pytest.raises(CertificateInvalid) as refused:
        brought(apprenticeship, apprentice, kind=elsewhere, topic=topic)
    assert {name for name, _message in refused.value.problems} == {"kind", "topic"}


def test_only_what_counts_of_the_same_person_can_be_renewed(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User, mentor: User
) -> None:
    waiting = brought(apprenticeship, apprentice)
    voided = brought(apprenticeship, apprentice)
    taken_back(confirmed(voided, coordinator), coordinator)
    others = brought_own(mentor)
    confirmed(others, coordinator)
    for former in (waiting, voided, others):
        with pytest.raises(CertificateInvalid, match="can be renewed"):
            brought(apprenticeship, apprentice, renews=former)


def test_a_second_press_brings_nothing_twice(apprenticeship: Apprenticeship, apprentice: User, mentor: User) -> None:
    assert brought(apprenticeship, apprentice, key="k") == brought(apprenticeship, apprentice, key="k")
    assert Certificate.objects.count() == 1
    with pytest.raises(KeyReused):
        brought(apprenticeship, apprentice, key="k", issuer="Another")
    assert brought_own(mentor, key="k") == brought_own(mentor, key="k")


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ({}, date(2028, 2, 2)),
        ({"expires_on": None}, None),
        ({"expires_on": None, "topic": "harassment"}, date(2027, 12, 31)),
        ({"expires_on": date(2027, 5, 1), "topic": "harassment"}, date(2027, 5, 1)),
        ({"expires_on": None, "kind": "months"}, date(2027, 8, 2)),
        ({"expires_on": None, "kind": "months", "topic": "harassment"}, date(2027, 12, 31)),
    ],
)
def test_the_next_is_due_by_its_last_day_then_by_topic_then_by_kind(
    said: dict[str, Any], due: date | None, apprenticeship: Apprenticeship
) -> None:
    version = fresh(apprenticeship).terms.standard_version_id
    if "topic" in said:
        said = {**said, "topic": Topic.objects.get(course__version=version, recurrence="calendar_year")}
    if "kind" in said:
        said = {**said, "kind": CertificateKind(title="HIPAA", recurrence="within_months", recurrence_months=18)}
    assert facts(**said).due_on == due
