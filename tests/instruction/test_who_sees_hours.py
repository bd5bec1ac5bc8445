"""Every table of hours, classes and certificates as each role may read it; for everybody else it does not exist."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from apprenticeship.models import Apprenticeship
from instruction.calendars import renew_address
from instruction.certificate_kinds import add_kind
from instruction.models import CertificateReminder
from instruction.voiding import void_class_hours
from tests.cast import NOW, make_apprenticeship, make_mentorship, make_person, viewer_for
from tests.certificates.bringing import brought, brought_own, confirmed, staff_taken_back
from tests.instruction.classroom import attend
from tests.instruction.earning import earned, exam, signed_topic, undone, waived
from tests.instruction.timetable import class_file_of, planned, roll
from tests.working import WORKDAY, approved, month_signed, work_line, work_taken_back

OVERSIGHT = {"coordinator", "administrator", "auditor"}
BOOK = {*OVERSIGHT, "mentor", "deputy", "apprentice"}
CLASS = {*OVERSIGHT, "instructor", "apprentice"}
EVERYBODY = {*BOOK, "instructor", "colleague", "stranger", "outsider", "nobody"}
"""The colleague teaches other classes of the sponsor; the stranger is a mentor of somebody else there."""

TABLES: dict[frozenset[str], tuple[str, ...]] = {
    frozenset(BOOK): (
        *("WorkLog", "WorkLogEvent", "WorkHours", "WorkHoursVoid", "MonthSignature", "MonthCover"),
        *("OtherHours", "OtherHoursEvidence", "TopicWaiver", "TopicTest", "TopicSignOff", "InstructionVoid"),
        *("Certificate", "CertificateDecision", "CertificateEvidence", "CertificateReminder"),
    ),
    frozenset({*BOOK, "instructor"}): ("Attendance", "AttendanceVoid", "ClassTopic"),
    frozenset({*OVERSIGHT, "instructor"}): ("ClassSession",),
    frozenset(CLASS): ("PlannedClass", "PlannedTopic", "Expected", "ClassFile"),
    frozenset({"coordinator", "administrator", "deputy"}): ("StaffFile", "StaffCertificateVoid"),
    frozenset({"apprentice"}): ("CalendarAddress",),
    frozenset(EVERYBODY - {"outsider", "nobody"}): ("CertificateKind",),
}
"""The tables that each of these people, and nobody else, finds rows in."""


@pytest.fixture
def people(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> dict[str, User | None]:
    """The cast, after something was written into every table."""
    settings.MEDIA_ROOT = tmp_path
    names = sorted(EVERYBODY - {"nobody", "colleague", "stranger"})
    cast: dict[str, Any] = {name: request.getfixturevalue(name) for name in names}
    book, sponsor = apprenticeship, apprenticeship.sponsor
    cast |= {"nobody": None, "colleague": make_person("Cora Colleague", Role.INSTRUCTOR, sponsor=sponsor)}
    cast["stranger"] = make_person("Nora Other", Role.MENTOR, sponsor=sponsor)
    other = make_apprenticeship(make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor), book.terms)
    make_mentorship(other, cast["stranger"])
    write_everything(book, cast["coordinator"], cast["instructor"], cast["mentor"])
    own = confirmed(brought_own(cast["deputy"]), cast["coordinator"])
    staff_taken_back(own, cast["coordinator"])
    return cast


def write_everything(book: Apprenticeship, coordinator: User, instructor: User, mentor: User) -> None:
    """Something in every table that is of one book or of one class of its apprentice."""
    (one,) = planned(coordinator, [book], instructor=instructor)
    class_file_of(one, coordinator)
    roll(instructor, one, [(book, "4")])
    gone = attend(coordinator, [book], provider="A school", instructor=instructor)
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=gone, reason="She was ill.")
    decision = confirmed(brought(book, coordinator), coordinator)
    CertificateReminder.objects.create(certificate=decision.certificate, stage=60, given_at=NOW)
    undone(coordinator, earned(coordinator, book).entry)
    waived(coordinator, book)
    exam(coordinator, book)
    signed_topic(instructor, book)
    month_signed(mentor, book)
    work_taken_back(mentor, approved(mentor, work_line(book, day=WORKDAY.replace(day=2))))
    renew_address(viewer=viewer_for(book.apprentice))
    add_kind(viewer=viewer_for(coordinator), sponsor=book.sponsor, title="Clean room gowning")


def tables() -> dict[str, type[models.Model]]:
    """Every table of this layer, and those of hours on the job."""
    of_work = ("WorkLog", "WorkLogEvent", "WorkHours", "WorkHoursVoid", "MonthSignature", "MonthCover")
    found = [*apps.get_app_config("instruction").get_models(), *(apps.get_model("apprenticeship", n) for n in of_work)]
    return {model.__name__: model for model in found}


def test_each_role_sees_what_it_may_and_the_outsider_nothing(people: dict[str, User | None]) -> None:
    viewers = {name: viewer_for(person) for name, person in people.items()}
    for may, names in TABLES.items():
        for name in names:
            rows: Any = tables()[name]._default_manager
            shared = {"sponsor": None} if name == "CertificateKind" else {"pk": None}
            seen = {who for who, viewer in viewers.items() if rows.visible_to(viewer).exclude(**shared).exists()}
            assert (name, seen) == (name, set(may))


@pytest.mark.one_lane("sqlite")
def test_every_table_says_who_reads_it() -> None:
    assert set(tables()) == {name for names in TABLES.values() for name in names}
