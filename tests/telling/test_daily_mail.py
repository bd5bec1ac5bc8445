"""The daily mail: one a day and sponsor, in the morning of the sponsor's zone, about what was not read by then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts import mailing
from accounts.models import Mail, Notice, User
from apprenticeship.models import Apprenticeship
from tests.at_once import at_once
from tests.cast import NOW, signed
from tests.telling.delivering import mailed, told

pytestmark = pytest.mark.django_db
EVENING = NOW + timedelta(hours=8)
NIGHT = datetime(2026, 3, 3, 10, 59, tzinfo=UTC)
"""One minute before six in New York."""
MORNING = NIGHT + timedelta(minutes=1)


@pytest.fixture
def two_signed(apprenticeship: Apprenticeship, mentor: User) -> None:
    for code in ("1.1", "1.2"):
        signed(apprenticeship, mentor, code, at=EVENING)
    told(EVENING)


@pytest.mark.usefixtures("two_signed")
def test_it_comes_once_in_the_morning_with_everything(mailoutbox: list[Any]) -> None:
    assert (mailing.write_daily_mails(at=NIGHT), mailing.write_daily_mails(at=MORNING)) == (0, 1)
    assert mailing.write_daily_mails(at=MORNING + timedelta(hours=3)) == 0
    mailed(MORNING)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["rosa@example.org"], "Journeybook: 2 things from the last day")
    ]
    assert mailoutbox[0].body.count("Maria Alvarez signed a skill of yours") == 2


@pytest.mark.usefixtures("two_signed")
def test_what_was_read_in_the_app_is_left_out(mailoutbox: list[Any]) -> None:
    Notice.objects.update(read_at=EVENING)
    assert mailing.write_daily_mails(at=MORNING) == 0
    assert Mail.objects.count() == 0
    assert mailoutbox == []


@pytest.mark.usefixtures("two_signed")
def test_what_comes_after_it_waits_for_the_next_day(
    apprenticeship: Apprenticeship, mentor: User, mailoutbox: list[Any]
) -> None:
    mailing.write_daily_mails(at=MORNING)
    signed(apprenticeship, mentor, "1.3", at=MORNING)
    told(MORNING)
    noon = MORNING + timedelta(hours=6)
    assert mailing.write_daily_mails(at=noon) == 0
    assert mailing.write_daily_mails(at=MORNING + timedelta(days=1)) == 1
    mailed(MORNING + timedelta(days=1))
    assert sorted(mail.body.count("signed a skill") for mail in mailoutbox) == [1, 2]


def test_what_may_still_be_undone_is_not_in_it(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, at=MORNING - timedelta(minutes=20))
    told(MORNING)
    assert mailing.write_daily_mails(at=MORNING) == 0
    assert mailing.write_daily_mails(at=MORNING + timedelta(minutes=10)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_write_it_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, at=EVENING)
    told(EVENING)
    outcomes = at_once([lambda: mailing.write_daily_mails(at=MORNING)] * 2)
    assert sorted(outcomes) == [0, 1]
    assert Mail.objects.count() == 1
