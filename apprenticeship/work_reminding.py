"""Months of hours that nobody signed: the mentors are reminded before they are due, the coordinators told when late.

As everything in `reminding`, it may run at any moment, twice, or after days of standstill.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.viewer import Viewer
from apprenticeship.announcing import Telling, announce
from apprenticeship.limits import days_of
from apprenticeship.models import Apprenticeship, Reminder, ReminderKind
from apprenticeship.reminding import given_now
from apprenticeship.work_months import MonthToSign, months_to_sign


def remind_of_months(*, at: datetime) -> int:
    """Remind of months that come due and tell of late ones, each once; returns how many messages."""
    viewer = Viewer(user=None, at=at)
    months = months_to_sign(Apprenticeship.objects.all(), viewer=viewer)
    late = [one for one in months if one.is_late(viewer.today(one.book.sponsor))]
    soon = [one for one in months if one not in late and _is_near(one, viewer)]
    told = _announce(Telling.MONTH_DUE, ReminderKind.MONTH_DUE, soon, viewer=viewer)
    return told + _announce(Telling.MONTH_LATE, ReminderKind.MONTH_LATE, late, viewer=viewer)


def _is_near(one: MonthToSign, viewer: Viewer) -> bool:
    notice = timedelta(days=days_of(one.book.terms, "month_notice_days"))
    return viewer.today(one.book.sponsor) >= one.due_on - notice


def _announce(telling: Telling, kind: ReminderKind, months: Iterable[MonthToSign], *, viewer: Viewer) -> int:
    """Announce those that were not told before, each in a transaction of its own."""
    by_book = defaultdict(list)
    known = set(Reminder.objects.filter(kind=kind).values_list("subject", "stage"))
    for one in months:
        if (one.book.pk, one.code) not in known:
            by_book[one.book.pk].append(one)
    told = 0
    for book, found in by_book.items():
        for one in found:
            with transaction.atomic():
                if given_now(kind, [(book, one.code)], at=viewer.at):
                    announce(telling, act=None, viewer=viewer, books=[book], month=one.month.toordinal())
                    told += 1
    return told
