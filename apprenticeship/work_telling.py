"""Telling of hours on the job: who is told what, and in which words. Reasons and comments never stand in a mail."""

import uuid
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Notice, NoticeGroup
from accounts.notices import Data, NoticeKind, ToTell
from apprenticeship.answering import who_may_sign
from apprenticeship.models import MonthSignature, WorkHours, WorkLog, WorkLogState
from apprenticeship.plain_hours import plain_hours

if TYPE_CHECKING:
    from apprenticeship.telling import Event


# ------------------------------------------------------------ who
def reviewed(event: "Event") -> Iterator[ToTell]:
    """The apprentice: what was approved, apart from it what was changed, and what came back."""
    hours = WorkHours.objects.filter(pk__in=event.ids("approved"))
    changed = set(event.ids("changed"))
    back = WorkLog.objects.filter(pk__in=event.ids("back"))
    for book in event.books.values():
        sent = [[str(log.pk)] for log in back if log.apprenticeship_id == book.pk]
        if sent:
            yield event.told(book.apprentice, book, book.pk, sent, kind="work_sent_back")
        own = [row for row in hours if row.apprenticeship_id == book.pk]
        for kind, rows in (
            ("work_changed", [row for row in own if row.pk in changed]),
            ("work_approved", [row for row in own if row.pk not in changed]),
        ):
            if rows:
                yield event.told(book.apprentice, book, book.pk, _as_rows(rows), kind=kind, hours=_total(rows))


def voided(event: "Event") -> Iterator[ToTell]:
    """The apprentice, and the mentor who had approved them."""
    rows = list(WorkHours.objects.filter(pk__in=event.ids("voided")).select_related("approved_by"))
    for book in event.books.values():
        own = [row for row in rows if row.apprenticeship_id == book.pk]
        for person in {book.apprentice, *(row.approved_by for row in own)}:
            yield event.told(person, book, book.pk, _as_rows(own), kind="work_voided", hours=_total(own))


def month_signed(event: "Event") -> Iterator[ToTell]:
    """The apprentice."""
    for book in event.books.values():
        yield event.told(book.apprentice, book, book.pk, [], month=event.payload["month"])


def month_due(event: "Event") -> Iterator[ToTell]:
    """Every mentor who may sign it."""
    for book in event.books.values():
        for person in who_may_sign([(book, "")], viewer=event.viewer)[book.pk, ""]:
            yield event.told(person, book, book.pk, [], month=event.payload["month"])


def _as_rows(rows: Collection[WorkHours]) -> list[list[str]]:
    return [[str(row.pk)] for row in rows]


def _total(rows: Collection[WorkHours]) -> str:
    return plain_hours(sum((row.hours for row in rows), Decimal(0)))


# ------------------------------------------------------------ what
def _to_work(notice: Notice) -> str:
    return reverse("record_work", args=[notice.about])


def _as_told(notice: Notice) -> Data | None:
    told: Data = notice.data
    return told


def _still_back(notice: Notice) -> Data | None:
    """As long as a line that was sent back was neither changed nor deleted."""
    ids = [uuid.UUID(row[0]) for row in notice.data["rows"]]
    alive = WorkLog.objects.filter(pk__in=ids, state=WorkLogState.SENT_BACK).values_list("pk", flat=True)
    kept = {str(pk) for pk in alive}
    rows = [row for row in notice.data["rows"] if row[0] in kept]
    return {**notice.data, "rows": rows} if rows else None


def _still_to_sign(notice: Notice) -> Data | None:
    """As long as nobody has signed the month."""
    month = date.fromordinal(notice.data["month"])
    signed = MonthSignature.objects.filter(apprenticeship=notice.about, month=month).exists()
    return None if signed else _as_told(notice)


def _to_month(notice: Notice) -> str:
    return reverse("sign_month", args=[notice.about, f"{date.fromordinal(notice.data['month']):%Y-%m}"])


def _with_month(words: str, data: Data) -> str:
    return words % {**data, "month": date_format(date.fromordinal(data["month"]), "YEAR_MONTH_FORMAT")}


def _title_month_signed(data: Data) -> str:
    return _with_month(_("%(by)s signed your hours on the job of %(month)s"), data)


def _title_month_due(data: Data) -> str:
    return _with_month(_("The hours on the job of %(name)s in %(month)s want your signature"), data)


def _title_month_late(data: Data) -> str:
    return _with_month(_("Nobody has signed the hours on the job of %(name)s in %(month)s"), data)


def _nothing(_data: Data) -> str:
    return ""


def _title_approved(data: Data) -> str:
    return _("%(by)s approved %(hours)s hours of your work") % data


def _title_changed(data: Data) -> str:
    return _("%(by)s approved %(hours)s hours of your work, and changed them") % data


def _title_sent_back(data: Data) -> str:
    lines = len(data["rows"])
    words = ngettext("%(by)s sent a day of work back to you", "%(by)s sent %(lines)s days of work back to you", lines)
    return words % {**data, "lines": lines}


def _title_voided(data: Data) -> str:
    return _("%(by)s took back %(hours)s hours on the job of %(name)s") % data


DONE = gettext_lazy("Done")
WAITING, ANSWERS = NoticeGroup.WAITING, NoticeGroup.ANSWERS

KINDS: Collection[NoticeKind] = (
    NoticeKind("work_approved", ANSWERS, "signed_off", _title_approved, _nothing, _to_work, _as_told, DONE),
    NoticeKind("work_changed", ANSWERS, "signed_off", _title_changed, _nothing, _to_work, _as_told, DONE),
    NoticeKind("work_sent_back", WAITING, "in_training", _title_sent_back, _nothing, _to_work, _still_back, DONE),
    NoticeKind("month_signed", ANSWERS, "signed_off", _title_month_signed, _nothing, _to_work, _as_told, DONE),
    NoticeKind("month_due", WAITING, "waiting", _title_month_due, _nothing, _to_month, _still_to_sign, DONE),
    NoticeKind("month_late", WAITING, "waiting", _title_month_late, _nothing, _to_work, _still_to_sign, DONE),
    NoticeKind("work_voided", ANSWERS, "no_longer_stands", _title_voided, _nothing, _to_work, _as_told, DONE),
)
