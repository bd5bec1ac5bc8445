"""Who hears that a class is planned for them, moved or cancelled: once each, in the app and by mail."""

import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, NoticeChoice, User, Way
from acts import outbox
from acts.models import OutboxMessage
from apprenticeship.models import Apprenticeship
from instruction.models import PlannedClass
from instruction.planning import PlanConflict, cancel_class, edit_class
from tests.cast import NOW, TODAY, viewer_for
from tests.instruction.timetable import a_plan, fresh, planned
from tests.processes import test_environment
from tests.telling.delivering import mailed, notices

AHEAD = TODAY + timedelta(days=7)


def told(at: datetime = NOW) -> int:
    return outbox.relay(at=at, clock=lambda: at, handlers=["tell_of_classes"])


def heard(*people: User) -> list[list[str]]:
    return [sorted(notices(person)) for person in people]


def ahead(by: User, books: Sequence[Apprenticeship], **facts: Any) -> PlannedClass:
    one, *_others = planned(by, books, **{"day": AHEAD, **facts})
    return one


def edited(by: User, one: PlannedClass, books: Sequence[Apprenticeship], **facts: Any) -> PlannedClass:
    plan = a_plan(books, **{"day": AHEAD, **facts})
    edit_class(viewer=viewer_for(by), key=str(uuid.uuid4()), planned=one, plan=plan, seen=one.version)
    return fresh(one)


def cancelled(by: User, one: PlannedClass) -> None:
    cancel_class(viewer=viewer_for(by), key=str(uuid.uuid4()), planned=one, reason="The hall is closed.", seen=1)


def test_a_series_is_one_notice_for_each_person_and_for_the_instructor(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    ahead(coordinator, [rosa, luis], weeks=12, instructor=instructor)
    assert (told(), told()) == (1, 0)
    assert [notices(p) for p in (rosa.apprentice, luis.apprentice, instructor, coordinator)] == [
        ["class_planned"],
        ["class_planned"],
        ["class_to_teach"],
        [],
    ]
    assert len(Notice.objects.get(person=instructor).data["classes"]) == 12


def test_who_comes_who_goes_and_who_stays_hear_one_thing_each(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    one = ahead(coordinator, [rosa], instructor=instructor)
    told()
    one = edited(coordinator, one, [rosa, luis], begins=time(8), instructor=instructor)
    told()
    assert heard(rosa.apprentice, luis.apprentice, instructor) == [
        ["class_moved", "class_planned"],
        ["class_planned"],
        ["class_moved", "class_to_teach"],
    ]
    edited(coordinator, one, [luis], begins=time(8))
    told()
    assert heard(rosa.apprentice, luis.apprentice, instructor) == [
        ["class_left", "class_moved"],  # that it was planned is over
        ["class_planned"],
        ["class_left", "class_moved"],
    ]


def test_what_nobody_needs_to_know_is_not_told(rosa: Apprenticeship, coordinator: User) -> None:
    one = ahead(coordinator, [rosa])
    edited(coordinator, one, [rosa], outline="Bring a pen", capacity=9)
    cancelled(coordinator, planned(coordinator, [rosa])[0])  # it was held already
    assert OutboxMessage.objects.filter(handler="tell_of_classes").count() == 1


def test_after_a_refusal_nothing_is_told(rosa: Apprenticeship, coordinator: User) -> None:
    one = ahead(coordinator, [rosa])
    cancelled(coordinator, one)
    with pytest.raises(PlanConflict):
        edited(coordinator, one, [rosa], place="Elsewhere")
    assert OutboxMessage.objects.filter(handler="tell_of_classes").count() == 2


def test_a_cancelled_class_says_why_in_the_app_and_in_one_mail(
    client: Client, rosa: Apprenticeship, coordinator: User, mailoutbox: list[Any]
) -> None:
    for group in ("waiting", "answers"):
        NoticeChoice.objects.create(person=rosa.apprentice, group=group, way=Way.AT_ONCE)
    one = ahead(coordinator, [rosa])
    told()
    cancelled(coordinator, one)
    told()
    assert (mailed(), mailed()) == (2, 0)
    (mail,) = mailoutbox  # that it was planned is not mailed any more
    assert "A class is cancelled: First Aid/CPR (minimum 6.5 hrs.), Mar 9, 2026, 09:00" in mail.body
    assert "The hall is closed." in mail.body
    client.force_login(rosa.apprentice)
    page = client.get(reverse("notices")).content.decode()
    assert "The hall is closed." in page
    assert "No longer planned" in page


DIES = """
import os, signal, django
django.setup()
from acts import outbox
from tests.cast import NOW
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
outbox.relay(at=NOW, clock=lambda: die() or NOW, handlers=["tell_of_classes"])
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_neither_loses_nor_doubles_a_notice(rosa: Apprenticeship, coordinator: User) -> None:
    ahead(coordinator, [rosa], weeks=3)
    words = [sys.executable, "-c", DIES]
    assert subprocess.run(words, env=test_environment(), timeout=60, check=False).returncode == -signal.SIGKILL
    assert not Notice.objects.exists()
    later = NOW + timedelta(minutes=10)
    assert (told(later), told(later)) == (1, 0)
    assert notices(rosa.apprentice) == ["class_planned"]
