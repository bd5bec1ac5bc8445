"""What runs out is told 60, 30 and 7 days before and on the day, once each, whatever happens to the worker."""

import signal
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Membership, Notice, NoticeChoice, User, Way
from acts.models import OutboxMessage
from apprenticeship.models import Apprenticeship
from instruction import tasks
from instruction.certificate_reminding import remind
from instruction.models import Certificate, CertificateReminder, StaffFile
from instruction.recurring import next_due
from instruction.sponsor_files import clear_drafts
from tests.at_once import at_once
from tests.cast import NOW, TODAY
from tests.certificates.bringing import brought, brought_own, confirmed
from tests.certificates.delivering import told
from tests.processes import test_environment
from tests.telling.delivering import mailed, notices

pytestmark = pytest.mark.django_db
IN_90_DAYS = TODAY + timedelta(days=90)


@pytest.fixture
def card(apprenticeship: Apprenticeship, coordinator: User) -> Certificate:
    """Rosa's card, confirmed, which runs out 90 days after TODAY."""
    made = confirmed(brought(apprenticeship, coordinator, expires_on=IN_90_DAYS), coordinator).certificate
    OutboxMessage.objects.all().delete()
    return made


@pytest.mark.parametrize(
    ("recurrence", "months", "due"),
    [
        ("", None, None),
        ("within_months", 12, date(2027, 2, 28)),
        ("within_months", 24, date(2028, 2, 28)),
        ("calendar_year", None, date(2027, 12, 31)),
    ],
)
def test_what_is_due_again_follows_the_data(recurrence: str, months: int | None, due: date | None) -> None:
    assert next_due(date(2026, 2, 28), recurrence=recurrence, months=months) == due


def test_it_is_told_60_30_and_7_days_before_and_when_it_has_run_out(card: Certificate, coordinator: User) -> None:
    told_on = [day for day in range(95) if remind(at=NOW + timedelta(days=day))]
    assert told_on == [30, 60, 83, 90]
    told(NOW + timedelta(days=95))
    rows = Notice.objects.filter(person=card.holder).order_by("at")
    assert [(row.kind, row.data["days"]) for row in rows] == [("certificate_due", days) for days in (60, 30, 7, 0)]
    assert notices(coordinator) == ["certificate_due_sponsor"] * 4


def test_a_mail_goes_out_once(card: Certificate, mailoutbox: list[Any]) -> None:
    NoticeChoice.objects.create(person=card.holder, group="due", way=Way.AT_ONCE)
    late = NOW + timedelta(days=60)
    remind(at=late)
    told(late)
    assert (mailed(late), mailed(late), told(late)) == (1, 0, 0)
    assert "Your certificate runs out within 30 days: CPR card" in mailoutbox[0].body
    assert "RC-4711" not in mailoutbox[0].body


def test_after_a_standstill_only_the_nearest_stage_is_told(card: Certificate) -> None:
    late = NOW + timedelta(days=85)
    assert (remind(at=late), remind(at=late)) == (1, 0)
    assert CertificateReminder.objects.get().stage == 7


def test_what_was_renewed_is_not_told_and_its_notice_is_over(card: Certificate, coordinator: User) -> None:
    remind(at=NOW + timedelta(days=30))
    told(NOW + timedelta(days=30))
    book = card.apprenticeship
    assert book
    again = NOW + timedelta(days=31)
    confirmed(brought(book, coordinator, at=again, renews=card, issued_on=again.date()), coordinator, at=again)
    told(again)
    assert remind(at=NOW + timedelta(days=85)) == 0
    Notice.objects.get(person=card.holder, kind="certificate_confirmed")
    assert notices(card.holder).count("certificate_due") == 0


def test_who_waits_or_has_left_is_not_told(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, coordinator: User
) -> None:
    brought(apprenticeship, apprentice, expires_on=TODAY + timedelta(days=5))
    confirmed(brought_own(mentor, expires_on=TODAY + timedelta(days=5)), coordinator)
    Membership.objects.filter(user=mentor).update(until=TODAY)
    OutboxMessage.objects.all().delete()
    assert remind(at=NOW) == 1
    told()
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_tell_once(card: Certificate) -> None:
    late = NOW + timedelta(days=60)
    assert sorted(at_once([lambda: remind(at=late)] * 2)) == [0, 1]
    assert OutboxMessage.objects.count() == 1


DIES = """
import os, signal, sys, datetime, django
django.setup()
from django.db import transaction
from acts import outbox
from instruction import certificate_telling
from instruction.certificate_reminding import remind
at = datetime.datetime.fromisoformat(sys.argv[2])
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "reminding":
    with transaction.atomic():
        remind(at=at)
        die()
outbox.relay(at=at, clock=lambda: die() or at, handlers=["tell_of_certificates"])
"""


def _killed(while_: str, at: str) -> int:
    """A real process that is killed while it reminds, or between claiming a message and telling it."""
    words = [sys.executable, "-c", DIES, while_, at]
    return subprocess.run(words, env=test_environment(), timeout=60, check=False).returncode


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_neither_loses_nor_doubles_a_notice(card: Certificate) -> None:
    late = NOW + timedelta(days=60)
    assert _killed("reminding", late.isoformat()) == -signal.SIGKILL
    assert (CertificateReminder.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert remind(at=late) == 1
    assert _killed("telling", late.isoformat()) == -signal.SIGKILL
    assert not Notice.objects.exists()
    later = late + timedelta(minutes=10)
    assert (remind(at=later), told(later), told(later)) == (0, 1, 0)
    assert notices(card.holder) == ["certificate_due"]


def test_the_timed_task_does_it_and_a_second_scheduler_nothing(card: Certificate, coordinator: User) -> None:
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        tasks.remind_of_certificates()
        tasks.remind_of_certificates()
    assert OutboxMessage.objects.count() == 1


def test_files_that_were_never_given_go_after_a_day(mentor: User) -> None:
    brought_own(mentor)
    StaffFile.objects.update(certificate=None)
    assert clear_drafts(StaffFile, at=NOW + timedelta(hours=23)) == 0
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        tasks.clear_unused_files()
    assert not StaffFile.objects.exists()
