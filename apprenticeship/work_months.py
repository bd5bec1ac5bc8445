"""A month of hours on the job and the supervisor's signature on it.

The signature covers exactly the approved hours that the signer saw. It is due on a day of the next month that the
Terms set. Hours that come or go later are not in it: then the month waits for a new one.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.models import Sponsor
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from apprenticeship.announcing import Telling, announce
from apprenticeship.limits import days_of
from apprenticeship.models import Apprenticeship, MonthCover, MonthSignature, Terms, WorkHours, WorkHoursVoid, WorkLog
from apprenticeship.plain_hours import plain_hours
from apprenticeship.qualified import require_qualified
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.record import Draft, append_many, lock_books

MonthOfBook = tuple[uuid.UUID, date]


class MonthInvalid(Exception):
    """Wrong input: the month is not over yet, or nothing was seen. The edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MonthNotReady(Exception):
    """Hours of this month still wait for a mentor, or there is nothing to sign. The edge answers 409."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MonthNotAsSeen(Exception):
    """The hours of this month are not those that the signer saw; nothing was signed. The edge answers 409."""


@dataclass(frozen=True)
class MonthToSign:
    """One month of one book whose hours are not all covered by its newest signature.

    `waiting` are its lines that nobody has approved yet; the month can be signed once there are none.
    """

    book: Apprenticeship
    month: date
    hours: Decimal
    waiting: int

    @property
    def due_on(self) -> date:
        return due_on(self.book.terms, self.month)

    def is_late(self, today: date) -> bool:
        """Whether the day on which it was due is over."""
        return today > self.due_on

    @property
    def code(self) -> str:
        return f"{self.month:%Y-%m}"


def next_month(month: date) -> date:
    """The first day of the month after the one that begins on `month`; the last of all days where there is none."""
    if month.replace(day=1) == date.max.replace(day=1):
        return date.max
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def due_on(terms: Terms, month: date) -> date:
    """The day by which a month is to be signed: the 5th of the next one, or what the Terms say."""
    return next_month(month) + timedelta(days=max(days_of(terms, "month_due_day"), 1) - 1)


def hours_of_month(book: Apprenticeship, month: date) -> list[WorkHours]:
    """The approved hours of one month that stand, in the order of the book; one query."""
    rows = WorkHours.objects.standing().filter(
        apprenticeship=book, worked_on__gte=month, worked_on__lt=next_month(month)
    )
    return list(rows.with_place().order_by("entry__sequence"))


def months_to_sign(scope: ApprenticeshipQuerySet, *, viewer: Viewer) -> list[MonthToSign]:
    """Every month that is over and not signed as it stands, in the books of `scope`; five queries at any size.

    The oldest first, by the apprentice's name. What is signed is not read: only what no signature covers.
    """
    inside = scope.order_by().values("pk")
    changed = _uncovered(inside) | _taken_back_since(inside)
    waiting = _waiting(inside)
    keys = changed | waiting.keys()
    books = scope.filter(pk__in={book for book, _month in keys}).select_related("sponsor", "apprentice", "terms")
    by_id = {book.pk: book for book in books}
    totals = _totals(by_id)
    found = [
        MonthToSign(by_id[book], month, totals.get((book, month), Decimal(0)), waiting.get((book, month), 0))
        for book, month in keys
        if (book, month) in totals or (book, month) in waiting
    ]
    over = [one for one in found if next_month(one.month) <= viewer.today(one.book.sponsor)]
    return sorted(over, key=lambda one: (one.month, one.book.apprentice.name, str(one.book.pk)))


def _uncovered(books: "QuerySet[Apprenticeship, Any]") -> set[MonthOfBook]:
    """The months with approved hours that no signature covers."""
    covered = MonthCover.objects.filter(work_hours=OuterRef("pk"))
    rows = WorkHours.objects.standing().filter(~Exists(covered), apprenticeship__in=books)
    return set(rows.annotate(month=TruncMonth("worked_on")).values_list("apprenticeship", "month").distinct())


def _taken_back_since(books: "QuerySet[Apprenticeship, Any]") -> set[MonthOfBook]:
    """The months of which signed hours were taken back after their last signature."""
    later = MonthSignature.objects.filter(
        apprenticeship=OuterRef("work_hours__apprenticeship"),
        month=OuterRef("month"),
        entry__sequence__gt=OuterRef("entry__sequence"),
    )
    rows = WorkHoursVoid.objects.filter(work_hours__apprenticeship__in=books, work_hours__month_covers__isnull=False)
    months = rows.annotate(month=TruncMonth("work_hours__worked_on")).filter(~Exists(later))
    return set(months.values_list("work_hours__apprenticeship", "month").distinct())


def _waiting(books: "QuerySet[Apprenticeship, Any]") -> dict[MonthOfBook, int]:
    """How many lines of each month nobody has approved yet."""
    rows = WorkLog.objects.under_way().filter(apprenticeship__in=books).annotate(month=TruncMonth("worked_on"))
    counted = rows.values_list("apprenticeship", "month").annotate(Count("pk"))
    return {(book, month): lines for book, month, lines in counted}


def _totals(books: Collection[uuid.UUID]) -> dict[MonthOfBook, Decimal]:
    rows = WorkHours.objects.standing().filter(apprenticeship__in=books).annotate(month=TruncMonth("worked_on"))
    summed = rows.values_list("apprenticeship", "month").annotate(Sum("hours"))
    return {(book, month): hours for book, month, hours in summed}


def sign_month(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, month: date, seen: Collection[uuid.UUID]
) -> MonthSignature:
    """Sign one month of hours: exactly the approved hours `seen`, by id.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, MonthInvalid, MonthNotReady, MonthNotAsSeen; after any of them nothing is stored.
    """
    month = month.replace(day=1)
    with transaction.atomic():
        qualification = _require_signing(viewer, apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="sign_month",
            request={
                "apprenticeship": str(apprenticeship.pk),
                "month": month.isoformat(),
                "seen": sorted(str(pk) for pk in seen),
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return MonthSignature.objects.select_related("entry").get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        _refuse_wrong_input(viewer, apprenticeship.sponsor, month, seen)
        heads = lock_books([apprenticeship.pk])
        rows = hours_of_month(apprenticeship, month)
        _refuse_wrong_state(apprenticeship, month, rows, set(seen))
        draft = _draft(viewer, apprenticeship, month, rows, qualification)
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = MonthSignature.objects.create(
            entry=entry, apprenticeship=apprenticeship, month=month, hours=_total(rows), by=viewer.person
        )
        MonthCover.objects.bulk_create(MonthCover(signature=made, work_hours=row) for row in rows)
        announce(Telling.MONTH_SIGNED, act=begun.act, viewer=viewer, books=heads, month=month.toordinal())
        finish_act(begun.act, [made.pk])
        return made


def _require_signing(viewer: Viewer, book: Apprenticeship) -> str:
    """The qualification by which `viewer` signs months of this book; or raise NotPermitted."""
    require(viewer, Permission.APPROVE_WORK, on=book)
    return require_qualified(viewer, book, Permission.APPROVE_WORK)


def _refuse_wrong_input(viewer: Viewer, sponsor: Sponsor, month: date, seen: Collection[uuid.UUID]) -> None:
    if next_month(month) > viewer.today(sponsor):
        raise MonthInvalid(_("This month is not over yet. Sign it once it is."))
    if not seen:
        raise MonthInvalid(_("There are no hours to sign in this month."))


def _refuse_wrong_state(book: Apprenticeship, month: date, rows: Iterable[WorkHours], seen: set[uuid.UUID]) -> None:
    """Compare with what stands; the book is locked, so it stays so."""
    waiting = WorkLog.objects.under_way().filter(apprenticeship=book, worked_on__gte=month)
    if waiting.filter(worked_on__lt=next_month(month)).exists():
        raise MonthNotReady(_("Some hours of this month are not approved yet. Approve them or send them back first."))
    now = {row.pk for row in rows}
    if now != seen:
        raise MonthNotAsSeen
    if is_signed(book, month, now):
        raise MonthNotReady(_("This month is signed already, and nothing has changed since."))


def is_signed(book: Apprenticeship, month: date, now: set[uuid.UUID]) -> bool:
    """Whether the newest signature on this month covers exactly the hours `now`."""
    signed = MonthSignature.objects.filter(apprenticeship=book, month=month).order_by("-entry__sequence").first()
    return signed is not None and set(signed.covers.values_list("work_hours", flat=True)) == now


def _draft(viewer: Viewer, book: Apprenticeship, month: date, rows: list[WorkHours], qualification: str) -> Draft:
    return Draft(
        apprenticeship=book,
        kind="work_month",
        role=acting_role(viewer, Permission.APPROVE_WORK, on=book),
        qualification=qualification,
        body={
            "month": f"{month:%Y-%m}",
            "hours": plain_hours(_total(rows)),
            "covers": sorted(row.entry.sequence for row in rows),
            "terms": book.terms.number,
            "meaning": {"language": get_language() or "en", "text": meaning_of_month()},
        },
    )


def _total(rows: Iterable[WorkHours]) -> Decimal:
    return sum((row.hours for row in rows), Decimal(0))


def meaning_of_month() -> str:
    """What signing a month says, in the active language; shown before it is done."""
    return _("As the supervisor I confirm the hours on the job of this month, as they stand in the entries named.")
