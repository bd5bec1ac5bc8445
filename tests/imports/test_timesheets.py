"""Timesheets: each row is looked at by itself and beside the others; they are logged as one act, or none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.import_models import ImportState
from accounts.importing import ImportMoved
from accounts.models import Role, Sponsor, User
from acts.models import Act
from apprenticeship.models import Apprenticeship, RecordEntry, WorkLog
from instruction.import_kinds import TIMESHEET
from tests.cast import TODAY, make_apprenticeship, make_person
from tests.imports.bringing import TIMES, checked, kept, lines, recorded, said, workbook
from tests.working import approved, decided, logged, reviewed, work_line

DAY = "2026-02-25"
SHEET = TIMESHEET


def one(by: User, *rows: str) -> dict[int, str]:
    return said(checked(by, SHEET, lines(TIMES, *rows)))


def test_rows_are_logged_as_one_act_and_wait_for_a_mentor(apprenticeship: Apprenticeship, coordinator: User) -> None:
    brought = checked(
        coordinator, SHEET, lines(TIMES, f"{DAY},ROSA,clean room,1,7.5", "2026-02-26,rosa,Clean room,2,8")
    )
    assert said(brought) == {2: "new", 3: "new"}
    assert not WorkLog.objects.exists()
    act = recorded(coordinator, brought).act
    assert [str(log.hours) for log in WorkLog.objects.waiting().order_by("worked_on")] == ["7.50", "8.00"]
    assert Act.objects.get(kind="bring_in_hours") == act
    assert not RecordEntry.objects.exists()


def test_the_same_rows_again_add_nothing_also_from_another_kind_of_file(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    recorded(coordinator, checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,7.5")))
    again = [f"{DAY};rosa;Clean room;1;7,5", f"{DAY};rosa;Clean room;2;1"]
    assert said(checked(coordinator, SHEET, lines(TIMES.replace(",", ";"), *again))) == {2: "there", 3: "new"}
    reviewed(mentor, [decided(WorkLog.objects.get(), "7", "The clock says seven.")])
    sheet = checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,7.5"))
    assert said(sheet) == {2: "there"}
    with pytest.raises(ImportMoved):
        recorded(coordinator, sheet)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("03/04/2026,rosa,Clean room,1,8", "date: “03/04/2026” can be read in more than one way"),
        ("46083,rosa,Clean room,1,8", "date: This is a number, not a date"),
        ("2026-02-30,rosa,Clean room,1,8", "date: “2026-02-30”"),
        ("2026-03-03,rosa,Clean room,1,8", "date: This day is in the future"),
        ("2025-12-31,rosa,Clean room,1,8", "date: This day is before the apprenticeship began"),
        (f"{DAY},rosa,Clean room,1,0", "hours: Enter the hours in quarters"),
        (f"{DAY},rosa,Clean room,1,-8", "hours: Enter the hours in quarters"),
        (f"{DAY},rosa,Clean room,1,7.4", "hours: Enter the hours in quarters"),
        (f"{DAY},rosa,Clean room,1,25", "hours: Enter the hours in quarters"),
        (f"{DAY},rosa,Clean room,1,eight", "hours: “eight” is no number of hours"),
        (f"{DAY},rosa,Clean room,1,1e1", "hours: “1e1” is no number of hours"),
        (f"{DAY},rosa,Clean room,1,", "hours: Nothing stands here"),
        (f"{DAY},nobody,Clean room,1,8", "apprentice: Nobody whose hours"),
        (f"{DAY},rosa,Kitchen,1,8", "worksite: No worksite has this name"),
        (f"{DAY},rosa,Clean room,99,8", "skill_set: The standard that this apprentice follows has no such skill set"),
    ],
)
def test_a_wrong_cell_is_named_by_its_column(
    row: str, wrong: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    told = one(coordinator, row)
    assert told[2].startswith(wrong)
    assert ";" not in told[2]


def test_somebody_of_another_sponsor_is_told_like_nobody(
    apprenticeship: Apprenticeship, coordinator: User, outsider: User
) -> None:
    theirs = one(outsider, f"{DAY},rosa,Clean room,1,8")[2].split("; ")
    nobodys = one(outsider, f"{DAY},not-there,Clean room,1,8")[2].split("; ")
    assert theirs == nobodys
    assert theirs[0].startswith("worksite") or theirs[0].startswith("apprentice")


def test_rows_are_looked_at_beside_each_other(apprenticeship: Apprenticeship, coordinator: User) -> None:
    rows = [f"{DAY},rosa,Clean room,1,20", f"{DAY},rosa,Clean room,2,5", f"{DAY},rosa,Clean room,1,20"]
    told = one(coordinator, *rows)
    assert told[2] == told[3] == "hours: That day would have 25 hours; a day has 24."
    assert told[4] == "skill_set: Row 2 says this already."


def test_what_is_logged_otherwise_is_refused_and_not_added(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    logged(work_line(apprenticeship, "8"))
    assert "8 h are logged for this already" in one(coordinator, f"{DAY},rosa,Clean room,1,7")[2]
    approved(mentor, work_line(apprenticeship, "8", day=TODAY))
    assert "approved already" in one(coordinator, f"{TODAY},rosa,Clean room,2,1")[2]


def test_one_bad_row_keeps_all_from_being_logged(apprenticeship: Apprenticeship, coordinator: User) -> None:
    brought = checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,8", f"{DAY},rosa,Clean room,2,x"))
    with pytest.raises(ImportMoved):
        recorded(coordinator, brought)
    assert not WorkLog.objects.exists()


def test_what_changed_since_the_check_is_not_overrun(apprenticeship: Apprenticeship, coordinator: User) -> None:
    brought = checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,8"))
    logged(work_line(apprenticeship, "6"))
    with pytest.raises(ImportMoved):
        recorded(coordinator, brought)
    assert WorkLog.objects.get().hours == Decimal(6)
    assert not Act.objects.filter(kind="bring_in_hours").exists()


def test_pressing_twice_logs_once(apprenticeship: Apprenticeship, coordinator: User) -> None:
    brought = checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,8"))
    assert [recorded(coordinator, brought, key="k").state for _ in range(2)] == [ImportState.RECORDED] * 2
    assert WorkLog.objects.count() == 1
    with pytest.raises(ImportMoved):
        recorded(coordinator, brought, key="other")


@pytest.mark.parametrize("who", ["mentor", "apprentice", "auditor", "instructor", "administrator"])
def test_nobody_else_brings_timesheets_in(
    who: str, apprenticeship: Apprenticeship, coordinator: User, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        kept(person, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,8"))
    brought = checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,8"))
    with pytest.raises(NotPermitted):
        recorded(person, brought)


def test_two_people_of_one_sponsor_do_not_see_each_others_files(
    apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor
) -> None:
    brought = checked(coordinator, SHEET, lines(TIMES, f"{DAY},rosa,Clean room,1,8"))
    with pytest.raises(NotPermitted):
        recorded(make_person("Paula Other", Role.COORDINATOR, sponsor=sponsor), brought)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("date,apprentice,worksite,hours", "Missing columns: Skill set."),
        (f"{TIMES},wage", "Unknown columns: wage."),
        (f"{TIMES},Horas", "Columns that are there twice: Horas."),
        ("8,rosa,1", "Missing columns: Date, Apprentice, Worksite, Skill set, Hours. Unknown columns: 8, rosa, 1."),
    ],
)
def test_a_wrong_heading_says_which(header: str, why: str, coordinator: User) -> None:
    brought = checked(coordinator, SHEET, lines(header, "a,b,c,d,e"))
    assert brought.state == ImportState.UNREADABLE
    assert brought.problem.startswith(why)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lines(TIMES), "headings, but no rows"),
        (lines(TIMES, *["x"] * 501), "more than 500 rows"),
        (workbook('<sheetData/><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'), "merged"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(data: bytes, why: str, coordinator: User) -> None:
    assert why in checked(coordinator, SHEET, data).problem


def test_a_formula_is_refused_in_its_cell(apprenticeship: Apprenticeship, coordinator: User) -> None:
    head = "".join(f'<c t="str"><v>{name}</v></c>' for name in TIMES.split(","))
    texts = "".join(f'<c t="str"><v>{text}</v></c>' for text in (DAY, "rosa", "Clean room", "1"))
    sheet = f"<sheetData><row>{head}</row><row>{texts}<c><f>4+4</f><v>8</v></c></row></sheetData>"
    assert said(checked(coordinator, SHEET, workbook(sheet)))[2].startswith("hours: This is a formula")


def test_a_check_asks_as_much_for_many_rows_as_for_one(
    apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor
) -> None:
    make_apprenticeship(make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms)
    asked = []
    for days in (1, 40):
        named = [(TODAY - timedelta(days=back), who) for back in range(days) for who in ("rosa", "luis")]
        with CaptureQueriesContext(connection) as queries:
            told = one(coordinator, *(f"{day},{who},Clean room,1,8" for day, who in named))
        assert set(told.values()) == {"new"}
        asked.append(len(queries))
    assert asked[0] == asked[1]
