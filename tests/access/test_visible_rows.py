"""Rows are visible to those whom they concern; to everybody else they do not exist."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import QuerySet
from pytest_django.fixtures import Settings

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Mentorship
from apprenticeship.takingback import take_back
from instruction.voiding import void_class_hours
from tests.cast import asked, fresh, make_person, signed, viewer_for
from tests.certificates.bringing import brought, confirmed
from tests.instruction.classroom import attend
from tests.working import WORKDAY, approved, month_signed, work_line, work_taken_back

OF_A_BOOK = (
    "apprenticeship.Apprenticeship",
    "apprenticeship.Mentorship",
    "apprenticeship.RecordHead",
    "apprenticeship.RecordEntry",
    "apprenticeship.SignOff",
    "apprenticeship.Revocation",
    "apprenticeship.SkillStanding",
    "apprenticeship.SignOffRequest",
    "apprenticeship.RequestedSkill",
    "apprenticeship.RequestEvent",
    "apprenticeship.Terms",
    "apprenticeship.Worksite",
    "apprenticeship.WorkLog",
    "apprenticeship.WorkLogEvent",
    "apprenticeship.WorkHours",
    "apprenticeship.WorkHoursVoid",
    "apprenticeship.MonthSignature",
    "apprenticeship.MonthCover",
    "instruction.ClassTopic",
    "instruction.Attendance",
    "instruction.AttendanceVoid",
    "instruction.Certificate",
    "instruction.CertificateDecision",
)
OF_A_SPONSOR = (
    "apprenticeship.Employer",
    "apprenticeship.Program",
    "apprenticeship.Cohort",
    "instruction.ClassSession",
)


@pytest.fixture
def book(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, settings: Settings, tmp_path: Path
) -> Apprenticeship:
    """A book with a row in each table that belongs to one."""
    asked(apprenticeship)
    made = signed(apprenticeship, mentor)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind="mistake")
    attended = attend(coordinator, [apprenticeship])
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=attended, reason="She was ill.")
    settings.MEDIA_ROOT = tmp_path
    confirmed(brought(apprenticeship, coordinator), coordinator)
    month_signed(mentor, apprenticeship)
    work_taken_back(mentor, approved(mentor, work_line(apprenticeship, day=WORKDAY.replace(day=2))))
    return fresh(apprenticeship)


def seen_by(person: User | None, label: str) -> int:
    rows: QuerySet[Any] = apps.get_model(label)._default_manager.visible_to(viewer_for(person))
    return rows.count()


def seen_of(labels: tuple[str, ...], person: User | None) -> dict[str, int]:
    """How many rows of each table `person` sees."""
    return {label: seen_by(person, label) for label in labels}


@pytest.mark.parametrize("who", ["coordinator", "administrator", "auditor"])
def test_who_oversees_a_sponsor_sees_its_rows(who: str, book: Apprenticeship, request: pytest.FixtureRequest) -> None:
    tables = OF_A_BOOK + OF_A_SPONSOR
    there = {label: apps.get_model(label)._default_manager.count() for label in tables}
    assert seen_of(tables, request.getfixturevalue(who)) == there
    assert 0 not in there.values()


@pytest.mark.parametrize("who", ["mentor", "deputy", "apprentice"])
def test_who_is_in_a_book_sees_what_is_in_it(who: str, book: Apprenticeship, request: pytest.FixtureRequest) -> None:
    seen = seen_of(OF_A_BOOK, request.getfixturevalue(who))
    assert [label for label, rows in seen.items() if not rows] == []


@pytest.mark.parametrize("who", ["mentor", "apprentice"])
def test_who_is_in_a_book_does_not_see_the_sponsors_lists(
    who: str, book: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    assert set(seen_of(OF_A_SPONSOR, request.getfixturevalue(who)).values()) == {0}


def test_nobody_else_sees_any_of_it(book: Apprenticeship, outsider: User, instructor: User, sponsor: Sponsor) -> None:
    stranger = make_person("Nora Other", Role.MENTOR, sponsor=sponsor)
    nothing = dict.fromkeys(OF_A_BOOK + OF_A_SPONSOR, 0)
    for person in (None, outsider, instructor, stranger):
        assert seen_of(OF_A_BOOK + OF_A_SPONSOR, person) == nothing, person


def test_a_book_is_gone_for_a_mentor_whose_time_is_over(book: Apprenticeship, mentor: User) -> None:
    Mentorship.objects.filter(mentor=mentor).update(until=date(2026, 3, 2))
    assert [seen_by(mentor, label) for label in OF_A_BOOK] == [0] * len(OF_A_BOOK)
    assert not Apprenticeship.objects.mentored_by(viewer_for(mentor)).exists()


def test_what_one_may_see_as_mentor_needs_the_role_as_well(book: Apprenticeship, mentor: User) -> None:
    mentor.memberships.update(role=Role.INSTRUCTOR)
    assert seen_by(mentor, "apprenticeship.Apprenticeship") == 0
    assert not book.roles_of(viewer_for(mentor))
