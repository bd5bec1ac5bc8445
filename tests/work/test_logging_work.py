"""Logging hours on the job: what is logged, changed, deleted, and refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from acts.acting import KeyReused
from apprenticeship.models import (
    Apprenticeship,
    Employer,
    RecordEntry,
    WorkLog,
    WorkLogEvent,
    WorkLogState,
    Worksite,
)
from apprenticeship.record import TooManyEntries
from apprenticeship.work_days import WorkConflict, WorkInvalid, WorkRefused
from apprenticeship.work_logging import LogClosed, change_log, delete_log, log_work
from competencies.models import SkillSet
from instruction.hours import ClassHoursConflict
from tests.cast import STARTS_ON, TODAY, make_apprenticeship, make_person, viewer_for
from tests.instruction.classroom import attend
from tests.working import WORKDAY, approved, logged, set_of, work_line, work_taken_back


def refusal(error: pytest.ExceptionInfo[WorkRefused]) -> tuple[int, str]:
    (problem,) = error.value.problems
    return problem.line, problem.field


def test_an_apprentice_logs_a_day_and_no_entry_is_made(apprenticeship: Apprenticeship) -> None:
    (log,) = logged(work_line(apprenticeship, "7.75"))
    assert (log.hours, log.state) == (Decimal("7.75"), WorkLogState.WAITING)
    assert [event.kind for event in log.events.all()] == ["logged"]
    assert not RecordEntry.objects.exists()


def test_a_coordinator_enters_a_timesheet_of_many_lines(apprenticeship: Apprenticeship, coordinator: User) -> None:
    lines = [work_line(apprenticeship, day=STARTS_ON + timedelta(days=back)) for back in range(40)]
    assert len(logged(*lines, by=coordinator)) == 40
    with pytest.raises(TooManyEntries):
        logged(*(lines * 13), by=coordinator)


@pytest.mark.parametrize("who", ["mentor", "deputy", "administrator", "auditor", "instructor", "outsider"])
def test_nobody_else_logs(who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        logged(work_line(apprenticeship), by=request.getfixturevalue(who))


def test_the_same_key_logs_once_and_another_line_under_it_is_refused(apprenticeship: Apprenticeship) -> None:
    viewer, line = viewer_for(apprenticeship.apprentice), work_line(apprenticeship)
    first = log_work(viewer=viewer, key="k", lines=[line])
    assert log_work(viewer=viewer, key="k", lines=[line]) == first
    with pytest.raises(KeyReused):
        log_work(viewer=viewer, key="k", lines=[work_line(apprenticeship, "4")])
    assert WorkLog.objects.count() == 1


@pytest.mark.parametrize(
    ("hours", "day", "field"),
    [
        ("0", WORKDAY, "hours"),
        ("-1", WORKDAY, "hours"),
        ("7.1", WORKDAY, "hours"),
        ("24.25", WORKDAY, "hours"),
        ("NaN", WORKDAY, "hours"),
        ("8", TODAY + timedelta(days=1), "worked_on"),
        ("8", STARTS_ON - timedelta(days=1), "worked_on"),
    ],
)
def test_hours_and_days_that_cannot_be_are_refused(
    hours: str, day: date, field: str, apprenticeship: Apprenticeship
) -> None:
    with pytest.raises(WorkInvalid) as error:
        logged(work_line(apprenticeship), work_line(apprenticeship, hours, day=day, order=2))
    assert refusal(error) == (1, field)
    assert not WorkLog.objects.exists()


def test_what_belongs_to_somebody_else_is_refused(apprenticeship: Apprenticeship, other_sponsor: Sponsor) -> None:
    theirs = Worksite.objects.create(employer=Employer.objects.create(sponsor=other_sponsor, name="L"), name="Shop")
    other = SkillSet(version_id=theirs.pk, order=1, title="Other")
    for line, field in (
        (work_line(apprenticeship, worksite=theirs), "worksite"),
        (work_line(apprenticeship, skill_set=other), "skill_set"),
    ):
        with pytest.raises(WorkInvalid) as error:
            logged(line)
        assert refusal(error) == (0, field)


def test_no_line_and_the_same_line_twice_are_refused(apprenticeship: Apprenticeship) -> None:
    with pytest.raises(WorkInvalid):
        log_work(viewer=viewer_for(apprenticeship.apprentice), key="k", lines=[])
    with pytest.raises(WorkInvalid) as error:
        logged(work_line(apprenticeship, "4"), work_line(apprenticeship, "3"))
    assert refusal(error) == (1, "skill_set")


def test_a_day_has_24_hours_together_with_its_classes(apprenticeship: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [apprenticeship], hours="4", held_on=WORKDAY)
    logged(work_line(apprenticeship, "16"))
    with pytest.raises(WorkConflict, match=r"4 hours of classes that day would have 24\.25 hours"):
        logged(work_line(apprenticeship, "4.25", order=2))
    assert logged(work_line(apprenticeship, "4", order=2))


def test_a_sponsor_may_allow_fewer_hours_a_day(apprenticeship: Apprenticeship) -> None:
    Sponsor.objects.update(most_work_hours_a_day=Decimal(10))
    logged(work_line(apprenticeship, "8"))
    with pytest.raises(WorkConflict, match="Empire Compounding allows at most 10"):
        logged(work_line(apprenticeship, "2.25", order=2))


def test_the_same_work_is_not_logged_twice(apprenticeship: Apprenticeship) -> None:
    logged(work_line(apprenticeship, "4"))
    with pytest.raises(WorkConflict, match="with 4 hours"):
        logged(work_line(apprenticeship, "3"))


def test_an_approved_day_takes_no_more_until_it_is_taken_back(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = approved(mentor, work_line(apprenticeship))
    with pytest.raises(WorkConflict) as error:
        logged(work_line(apprenticeship, "1", order=2))
    assert refusal(error) == (0, "worked_on")
    work_taken_back(mentor, made)
    assert logged(work_line(apprenticeship))


def test_a_line_is_changed_and_deleted_and_its_history_stays(apprenticeship: Apprenticeship) -> None:
    viewer, (log,) = viewer_for(apprenticeship.apprentice), logged(work_line(apprenticeship))
    changed = change_log(viewer=viewer, key="c", log=log, line=work_line(apprenticeship, "6", order=3))
    assert (changed.hours, changed.skill_set, changed.revision) == (Decimal(6), set_of(apprenticeship, 3), 2)
    delete_log(viewer=viewer, key="d", log=log)
    said = [(event.kind, int(event.hours)) for event in WorkLogEvent.objects.order_by("pk")]
    assert said == [("logged", 8), ("changed", 6), ("deleted", 6)]
    with pytest.raises(LogClosed):
        change_log(viewer=viewer, key="e", log=log, line=work_line(apprenticeship))
    with pytest.raises(LogClosed):
        delete_log(viewer=viewer, key="f", log=log)


def test_an_approved_line_is_changed_by_nobody(apprenticeship: Apprenticeship, mentor: User) -> None:
    (made,) = approved(mentor, work_line(apprenticeship))
    with pytest.raises(LogClosed):
        delete_log(viewer=viewer_for(apprenticeship.apprentice), key="d", log=made.log)
    with pytest.raises(NotPermitted):
        delete_log(viewer=viewer_for(mentor), key="d", log=made.log)


def test_a_class_gives_way_to_hours_that_are_approved(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    approved(mentor, work_line(apprenticeship, "22"))
    with pytest.raises(ClassHoursConflict, match="a day has 24"):
        attend(coordinator, [apprenticeship], hours="4", held_on=WORKDAY)
    assert attend(coordinator, [apprenticeship], hours="2", held_on=WORKDAY)


def test_as_many_queries_for_two_lines_as_for_forty(apprenticeship: Apprenticeship, coordinator: User) -> None:
    def queries(days: int, since: int) -> int:
        lines = [work_line(apprenticeship, day=STARTS_ON + timedelta(days=since + n)) for n in range(days)]
        with CaptureQueriesContext(connection) as seen:
            log_work(viewer=viewer_for(coordinator), key=f"{since}", lines=lines)
        return len(seen)

    logged(work_line(apprenticeship, day=STARTS_ON))  # the first writer makes the head of the book
    assert queries(2, 1) == queries(40, 5)


def test_another_apprentice_never_logs_here(apprenticeship: Apprenticeship, sponsor: Sponsor) -> None:
    luis = make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor)
    make_apprenticeship(luis, apprenticeship.terms)
    with pytest.raises(NotPermitted):
        logged(work_line(apprenticeship), by=luis)
