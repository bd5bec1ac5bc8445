"""Hours are of a day: while an apprenticeship rests none are earned, whenever somebody records them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, EvidenceDraft, Worksite
from apprenticeship.running import NotRunning
from apprenticeship.work_days import WorkConflict
from instruction.earning import NothingEarned
from instruction.hours import ClassHoursConflict
from instruction.import_kinds import ATTENDANCE, TIMESHEET
from instruction.models import Attendance, OtherHours
from instruction.roll_checks import RollConflict
from tests.cast import make_mentorship
from tests.evidence.conftest import files_go_into_a_folder_of_the_test
from tests.imports.bringing import FIRST_AID, ROLL, TIMES, checked, lines, said
from tests.instruction.classroom import CLASS_DAY, STARTED, attend
from tests.instruction.earning import earned, exam, signed_topic, waived
from tests.instruction.test_earning_pages import hours_form
from tests.instruction.timetable import day_after, planned, roll
from tests.record.every_kind import status_changed
from tests.working import decided, logged, reviewed, work_line

__all__ = ["files_go_into_a_folder_of_the_test"]
Does = Callable[[Apprenticeship, date], object]
AWAY = "The apprenticeship was suspended on that day, since Feb 24, 2026."


@pytest.fixture
def rested(rosa: Apprenticeship, coordinator: User) -> Apprenticeship:
    """Suspended from the day before CLASS_DAY, and resumed on the day after it."""
    status_changed(rosa, coordinator, "activate", on=STARTED)
    status_changed(rosa, coordinator, "suspend", on=day_after(-1), reason="On leave.")
    status_changed(rosa, coordinator, "resume", on=day_after(1))
    place = Worksite.objects.create(employer=rosa.employer, name="Order desk")
    Apprenticeship.objects.filter(pk=rosa.pk).update(worksite=place)
    return Apprenticeship.objects.get(pk=rosa.pk)


def ways(coordinator: User) -> dict[str, Does]:
    """Every way to bring hours of a day into a book."""
    return {
        "class": lambda book, day: attend(coordinator, [book], held_on=day),
        "roll": lambda book, day: roll(coordinator, planned(coordinator, [book], day=day)[0], [(book, "4")]),
        "self-study": lambda book, day: earned(coordinator, book, earned_on=day),
        "test-out": lambda book, day: earned(coordinator, book, way="test_out", earned_on=day),
        "log": lambda book, day: logged(work_line(book, day=day)),
    }


REFUSALS = (ClassHoursConflict, RollConflict, NothingEarned, WorkConflict)


@pytest.mark.parametrize("way", ["class", "roll", "self-study", "test-out", "log"])
def test_no_hours_of_a_day_on_which_it_rested(way: str, rested: Apprenticeship, coordinator: User) -> None:
    bring = ways(coordinator)[way]
    for day in (day_after(-1), CLASS_DAY):
        with pytest.raises(REFUSALS, match=AWAY):
            bring(rested, day)
    assert not Attendance.objects.exists()
    assert not OtherHours.objects.exists()
    for day in (day_after(-2), day_after(1)):
        bring(rested, day)


def test_what_was_learned_elsewhere_may_be_of_any_day(rested: Apprenticeship, coordinator: User) -> None:
    assert earned(coordinator, rested, way="transfer", earned_on=CLASS_DAY).hours == 2


def test_after_it_was_cancelled_no_day_has_hours(rosa: Apprenticeship, coordinator: User) -> None:
    status_changed(rosa, coordinator, "cancel", on=CLASS_DAY, reason="Left the trade.")
    with pytest.raises(ClassHoursConflict, match="had ended before that day, on Feb 25, 2026"):
        attend(coordinator, [rosa], held_on=day_after(2))
    assert attend(coordinator, [rosa], held_on=day_after(-1))  # late, but of a day on which it ran


def test_hours_logged_for_a_day_that_rests_now_can_only_be_sent_back(
    rested: Apprenticeship, coordinator: User, mentor: User
) -> None:
    make_mentorship(rested, mentor)
    (log,) = logged(work_line(rested, day=day_after(2)))
    status_changed(rested, coordinator, "suspend", on=day_after(2), reason="On leave again.")
    with pytest.raises(WorkConflict, match="was suspended on that day"):
        reviewed(mentor, [decided(log)])
    assert reviewed(mentor, [decided(log, None, "You were on leave that day.")]) == []


@pytest.mark.parametrize("what", ["waiver", "test of a topic", "signature of a topic"])
def test_what_is_of_no_day_waits_until_it_is_resumed(
    what: str, rosa: Apprenticeship, coordinator: User, instructor: User
) -> None:
    attend(coordinator, [rosa], instructor=instructor)
    does: dict[str, Callable[[], object]] = {
        "waiver": lambda: waived(coordinator, rosa),
        "test of a topic": lambda: exam(instructor, rosa),
        "signature of a topic": lambda: signed_topic(instructor, rosa),
    }
    status_changed(rosa, coordinator, "activate", on=day_after(1))
    status_changed(rosa, coordinator, "suspend", on=day_after(1), reason="On leave.")
    with pytest.raises(NotRunning, match="has been suspended since"):
        does[what]()
    status_changed(rosa, coordinator, "resume", on=day_after(2))
    assert does[what]()


def test_a_file_says_it_of_the_day(rested: Apprenticeship, coordinator: User) -> None:
    planned(coordinator, [rested])
    roll_file = lines(ROLL, f"2026-02-25,,{FIRST_AID},rosa,4")
    sheet = lines(TIMES, "2026-02-25,rosa,Order desk,1,8", "2026-02-26,rosa,Order desk,1,8")
    assert said(checked(coordinator, ATTENDANCE, roll_file))[2].startswith(f"date: {AWAY}")
    told = said(checked(coordinator, TIMESHEET, sheet))
    assert (told[2].startswith(f"date: {AWAY}"), told[3]) == (True, "new")


def test_the_page_says_it_and_keeps_what_was_typed(rested: Apprenticeship, coordinator: User, client: Client) -> None:
    client.force_login(coordinator)
    typed = {"way": "self_study", "earned_on": "2026-02-25", "provider": "Night School"}
    answer = client.post(reverse("record_other_hours", args=[rested.pk]), hours_form(rested, **typed))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert AWAY in page
    assert "Night School" in page
    assert EvidenceDraft.objects.count() == 1
