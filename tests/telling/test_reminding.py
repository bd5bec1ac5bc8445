"""What time brings about is told once, whatever happens to the worker."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Notice, User
from acts.models import OutboxMessage
from acts.tasks import relay_outbox
from apprenticeship import reminding, tasks
from apprenticeship.models import Apprenticeship, Mentorship, Reminder, SignOff, SkillStanding
from tests.at_once import at_once
from tests.cast import NOW, STARTS_ON, TODAY, asked, signed
from tests.pages.conftest import at
from tests.record.every_kind import status_changed
from tests.telling.delivering import notices, told

__all__ = ["at"]
pytestmark = pytest.mark.django_db
WEEK_LATER = NOW + timedelta(days=7)


def test_after_seven_days_the_coordinator_has_it_too_and_is_told_once(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    asked(apprenticeship, "1.1", "1.2")
    assert reminding.hand_on(at=WEEK_LATER - timedelta(seconds=1)) == 0
    assert (reminding.hand_on(at=WEEK_LATER), reminding.hand_on(at=WEEK_LATER)) == (2, 0)
    told(WEEK_LATER)
    assert notices(coordinator) == ["escalated"]
    assert Notice.objects.get(kind="escalated").data["days"] == 7


def test_asked_again_it_waits_anew(apprenticeship: Apprenticeship, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    reminding.hand_on(at=WEEK_LATER)
    row.asked_at = WEEK_LATER
    row.save(update_fields=["asked_at"])
    assert reminding.hand_on(at=WEEK_LATER + timedelta(days=6)) == 0
    assert reminding.hand_on(at=WEEK_LATER + timedelta(days=7)) == 1


def test_the_coordinators_queue_marks_it(
    apprenticeship: Apprenticeship, coordinator: User, at: Callable[[User], Client]
) -> None:
    asked(apprenticeship, at=NOW - timedelta(days=8), done_on=TODAY - timedelta(days=9))
    assert "With you too" in at(coordinator).get("/cohorts/").content.decode()


def test_when_the_last_mentorship_ends_the_coordinator_is_told_once(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    asked(apprenticeship)
    told()
    assert reminding.alert(at=NOW) == 0
    Mentorship.objects.update(until=TODAY)
    assert (reminding.alert(at=NOW), reminding.alert(at=NOW)) == (1, 0)
    told()
    assert notices(coordinator) == ["nobody_may_answer"]


def test_what_was_told_at_the_asking_is_not_told_again(apprenticeship: Apprenticeship, coordinator: User) -> None:
    Mentorship.objects.update(until=TODAY)
    asked(apprenticeship)
    told()
    assert reminding.alert(at=NOW) == 0
    assert notices(coordinator) == ["nobody_may_answer"]


def test_the_timed_look_before_the_delivery_tells_once_too(apprenticeship: Apprenticeship, coordinator: User) -> None:
    Mentorship.objects.update(until=TODAY)
    asked(apprenticeship)
    assert reminding.alert(at=NOW) == 1
    told()
    assert notices(coordinator) == ["nobody_may_answer"]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_tell_once(apprenticeship: Apprenticeship) -> None:
    asked(apprenticeship)
    outcomes = at_once([lambda: reminding.hand_on(at=WEEK_LATER)] * 2)
    assert sorted(outcomes) == [0, 1]
    assert OutboxMessage.objects.filter(payload__telling="escalated").count() == 1


@pytest.fixture
def due(apprenticeship: Apprenticeship, mentor: User) -> SignOff:
    """A signature whose skill is due again 90 days after TODAY."""
    made = signed(apprenticeship, mentor)
    SkillStanding.objects.update(due_on=TODAY + timedelta(days=90))
    OutboxMessage.objects.all().delete()
    return made


def test_a_due_skill_is_told_60_30_and_7_days_before_once_each(due: SignOff, mentor: User) -> None:
    days = range(95)
    told_on = [day for day in days if reminding.announce_due(at=NOW + timedelta(days=day))]
    assert told_on == [30, 60, 83]
    told(NOW + timedelta(days=95))
    apprentice = due.apprenticeship.apprentice
    assert notices(apprentice) == ["due_again"] * 3
    assert notices(mentor) == ["due_again_mentor"] * 3
    rows = Notice.objects.filter(person=apprentice).order_by("at")
    assert [row.data["days"] for row in rows] == [60, 30, 7]


def test_the_coordinators_get_one_notice_for_all_of_a_sponsor(
    due: SignOff, coordinator: User, outsider: User, deputy: User
) -> None:
    signed(due.apprenticeship, deputy, "1.2")
    SkillStanding.objects.update(due_on=TODAY + timedelta(days=50))
    reminding.announce_due(at=NOW)
    told()
    notice = Notice.objects.get(person=coordinator)
    assert (notice.kind, notice.data["skills"], notice.data["people"]) == ("due_again_sponsor", 2, ["Rosa Diaz"])
    assert notices(outsider) == []


def test_while_it_rests_nobody_is_told_and_then_the_nearest_stage(due: SignOff, coordinator: User) -> None:
    book, late = due.apprenticeship, NOW + timedelta(days=30)
    status_changed(book, coordinator, "activate", on=STARTS_ON)
    status_changed(book, coordinator, "suspend", reason="On leave.")
    assert reminding.announce_due(at=late) == 0
    status_changed(book, coordinator, "resume")
    assert reminding.announce_due(at=late) == 1


def test_after_a_standstill_only_the_nearest_stage_is_told(due: SignOff) -> None:
    late = NOW + timedelta(days=85)
    assert (reminding.announce_due(at=late), reminding.announce_due(at=late)) == (1, 0)
    assert Reminder.objects.get().stage == "7"


def test_a_skill_that_was_signed_again_is_not_told_and_its_notice_is_over(due: SignOff, mentor: User) -> None:
    reminding.announce_due(at=NOW + timedelta(days=30))
    told(NOW + timedelta(days=30))
    again = NOW + timedelta(days=31)
    signed(due.apprenticeship, mentor, at=again, observed_on=again.date(), replaces=due)
    told(again)
    assert notices(due.apprenticeship.apprentice) == ["signed"]
    assert reminding.announce_due(at=NOW + timedelta(days=60)) == 0


def test_the_timed_task_does_all_of_it_and_a_second_scheduler_nothing(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    asked(apprenticeship)
    with time_machine.travel(WEEK_LATER, tick=False):
        tasks.remind()
        asked(apprenticeship, "1.2", at=NOW)
        tasks.remind()
        relay_outbox()
    assert notices(coordinator) == ["escalated"]
    assert [row[1] for row in Notice.objects.get(kind="escalated").data["rows"]] == ["1.1"]
