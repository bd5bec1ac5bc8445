"""Attendance from a file: rows find their class, are looked at beside each other, and are recorded as one act."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.importing import ImportMoved
from accounts.models import Role, SigningPolicy, Sponsor, User
from accounts.proofs import ProofNeeded
from apprenticeship.models import Apprenticeship, Cohort
from apprenticeship.verifying import verify_record
from competencies.models import StandardVersion
from instruction.import_kinds import ATTENDANCE
from instruction.models import Attendance
from instruction.planning import cancel_class
from tests.cast import make_person, viewer_for
from tests.imports.bringing import FIRST_AID, ROLL, checked, kept, lines, recorded, said
from tests.instruction.classroom import FIRST_AID as AID
from tests.instruction.classroom import GENERAL, STARTED, enroll
from tests.instruction.timetable import day_after, planned, roll

DAY = "2026-02-25"
OTHER = "General Workplace Safety and Infection Control"
ATTENDED = ATTENDANCE


def row(who: str = "rosa", hours: str = "4", *, day: str = DAY, begins: str = "", topic: str = FIRST_AID) -> str:
    return f"{day},{begins},{topic},{who},{hours}"


def one(by: User, *rows: str) -> dict[int, str]:
    return said(checked(by, ATTENDED, lines(ROLL, *rows)))


def test_two_classes_are_recorded_as_one_act_and_the_books_verify(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    planned(coordinator, [rosa, luis], weeks=2)
    rows = [row(), row("luis", "2.5"), row(day="2026-03-04"), row("luis", day="2026-03-04")]
    later = viewer_for(coordinator).at + timedelta(days=4)
    brought = checked(coordinator, ATTENDED, lines(ROLL, *rows), at=later)
    assert set(said(brought).values()) == {"new"}
    act = recorded(coordinator, brought, at=later).act
    assert {made.entry.act for made in Attendance.objects.select_related("entry__act")} == {act}
    assert Attendance.objects.count() == 4
    assert [verify_record(book).findings for book in (rosa, luis)] == [(), ()]


def test_an_instructor_brings_in_their_own_classes_only(
    rosa: Apprenticeship, coordinator: User, instructor: User
) -> None:
    planned(coordinator, [rosa], instructor=instructor)
    planned(coordinator, [rosa], (GENERAL, "4"), day=day_after(1))
    brought = checked(instructor, ATTENDED, lines(ROLL, row()))
    assert said(brought) == {2: "new"}
    recorded(instructor, brought)
    assert "No class of yours" in one(instructor, row(day=str(day_after(1)), topic=OTHER))[2]


def test_an_instructor_learns_of_nobody_outside_their_classes(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    planned(coordinator, [rosa], instructor=instructor)
    assert one(instructor, row("luis"))[2] == one(instructor, row("not-there"))[2]


def test_the_same_file_again_adds_nothing(rosa: Apprenticeship, coordinator: User) -> None:
    planned(coordinator, [rosa])
    recorded(coordinator, checked(coordinator, ATTENDED, lines(ROLL, row())))
    assert one(coordinator, row(hours="4.0", begins="9:00")) == {2: "there"}
    assert "4 h are recorded for this already" in one(coordinator, row(hours="3"))[2]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (row(hours="4.25"), "hours: 4.25 h is more than the class had of this topic: 4 h."),
        (row(hours="0"), "hours: Enter the hours in quarters"),
        (row(topic="Welding"), "topic: This topic is not part of the standard"),
        (row(topic=OTHER), "topic: No class of yours taught this topic"),
        (row(begins="10:00"), "topic: No class of yours taught this topic"),
        (row(begins="25:00"), "begins: “25:00” is no time of day"),
        (row("luis"), "apprentice: This apprentice is not expected in this class"),
        (row(day="2026-02-24"), "topic: No class of yours"),
        (row(day="2026-03-03"), "date: This day is in the future"),
    ],
)
def test_a_wrong_row_says_what_and_where(
    line: str, wrong: str, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    planned(coordinator, [rosa])
    assert one(coordinator, line)[2].startswith(wrong)


def test_a_class_that_was_called_off_or_is_not_over_has_no_attendance(rosa: Apprenticeship, coordinator: User) -> None:
    (off,) = planned(coordinator, [rosa])
    cancel_class(viewer=viewer_for(coordinator), key="c", planned=off, reason="Snow.", seen=off.version)
    assert "was cancelled" in one(coordinator, row())[2]
    planned(coordinator, [rosa], (GENERAL, "4"), day=day_after(5))
    assert "has not been held yet" in one(coordinator, row(day="2026-03-02", topic=OTHER))[2]


def test_nobody_attends_before_their_start(rosa: Apprenticeship, coordinator: User) -> None:
    before = STARTED - timedelta(days=1)
    planned(coordinator, [rosa], day=before)
    assert "before the apprenticeship began" in one(coordinator, row(day=str(before)))[2]


def test_two_rows_for_one_person_in_a_class_and_two_classes_at_once_are_refused(
    rosa: Apprenticeship, coordinator: User
) -> None:
    planned(coordinator, [rosa])
    planned(coordinator, [rosa], (GENERAL, "4"), begins=time(12), ends=time(16))
    told = one(coordinator, row(), row(hours="2"), row(topic=OTHER))
    assert told[3] == "apprentice: Row 2 says this already."
    assert told[2] == "begins: Row 4 has them in another class at that time. Nobody attends two classes at once."
    recorded(coordinator, checked(coordinator, ATTENDED, lines(ROLL, row())))
    assert "At that time they attended" in one(coordinator, row(topic=OTHER))[2]


def test_two_classes_of_one_day_are_told_apart_by_when_they_begin(rosa: Apprenticeship, coordinator: User) -> None:
    planned(coordinator, [rosa])
    planned(coordinator, [rosa], begins=time(14), ends=time(18))
    assert one(coordinator, row())[2] == "begins: Several classes fit. Say which one by when it begins: 09:00, 14:00."
    assert one(coordinator, row(begins="14:00")) == {2: "new"}


def test_recording_asks_for_the_proof_that_the_sponsor_wants(
    rosa: Apprenticeship, coordinator: User, sponsor: Sponsor
) -> None:
    planned(coordinator, [rosa])
    brought = checked(coordinator, ATTENDED, lines(ROLL, row()))
    sponsor.signing_policy = SigningPolicy.REAUTHENTICATE
    sponsor.save()
    with pytest.raises(ProofNeeded):
        recorded(coordinator, brought)
    assert not Attendance.objects.exists()


def test_what_was_recorded_since_the_check_is_not_overrun(rosa: Apprenticeship, coordinator: User) -> None:
    (held,) = planned(coordinator, [rosa])
    brought = checked(coordinator, ATTENDED, lines(ROLL, row()))
    roll(coordinator, held, [(rosa, "3")], title=AID)
    with pytest.raises(ImportMoved):
        recorded(coordinator, brought)


@pytest.mark.parametrize("who", ["mentor", "apprentice", "auditor", "administrator"])
def test_nobody_else_brings_attendance_in(
    who: str, rosa: Apprenticeship, coordinator: User, request: pytest.FixtureRequest
) -> None:
    planned(coordinator, [rosa])
    person = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        kept(person, ATTENDED, lines(ROLL, row()))
    with pytest.raises(NotPermitted):
        recorded(person, checked(coordinator, ATTENDED, lines(ROLL, row())))


def test_a_check_asks_as_much_for_many_rows_as_for_few(
    rosa: Apprenticeship, cohort: Cohort, published_standard: StandardVersion, coordinator: User
) -> None:
    people = [make_person(f"P{n} Many", Role.APPRENTICE, sponsor=cohort.sponsor) for n in range(12)]
    books = [rosa, *(enroll(person, cohort=cohort, version=published_standard) for person in people)]
    planned(coordinator, books)
    planned(coordinator, books, day=day_after(1))
    asked = []
    names = ["rosa", *(f"p{n}" for n in range(12))]
    for rows in ([row()], [row(name, day=day) for day in (DAY, str(day_after(1))) for name in names]):
        with CaptureQueriesContext(connection) as queries:
            assert set(one(coordinator, *rows).values()) == {"new"}
        asked.append(len(queries))
    assert asked[0] == asked[1]
