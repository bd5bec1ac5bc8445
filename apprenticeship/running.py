"""What a suspended, cancelled or transferred apprenticeship refuses, and in which words.

Nothing new is asked for, signed, credited or tested while it rests. To read, take back, verify, agree, disagree and
withdraw stays possible. Hours carry a day of their own: those of days on which it rested are refused, whenever
somebody records them, and those of earlier days are not.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apprenticeship.breaks import Break
from apprenticeship.models import Apprenticeship, RecordHead, Status, StatusChange
from apprenticeship.statuses import RUNNING

TOLD = {
    Status.SUSPENDED: _(
        "The apprenticeship of %(name)s has been suspended since %(date)s. "
        "Nothing can be asked for or signed until it is resumed."
    ),
    Status.CANCELLED: _(
        "The apprenticeship of %(name)s has been cancelled since %(date)s. "
        "Nothing more can be asked for or signed in it."
    ),
    Status.TRANSFERRED: _(
        "The apprenticeship of %(name)s went on in another program on %(date)s. "
        "Nothing more can be asked for or signed in this record."
    ),
    Status.COMPLETED: _(
        "The apprenticeship of %(name)s was completed on %(date)s. "
        "Nothing more can be asked for or signed in it; all of it stays."
    ),
}
"""What is said of a book that does not run, by its status."""


class NotRunning(Exception):
    """The apprenticeship is not running: nothing was stored. The edge answers 409.

    Each transition that refuses for it raises a kind of its own, which its forms show as any other refusal.
    """


def rests(books: Iterable[Apprenticeship], heads: Mapping[uuid.UUID, RecordHead]) -> dict[uuid.UUID, str]:
    """Those of `books` that are not running under the lock, each with the sentence that says so.

    `heads` are those that `lock_books` gave. No query where all are running, else one a book that is not.
    """
    return {
        book.pk: told_of(book, status)
        for book in {book.pk: book for book in books}.values()
        if (status := heads[book.pk].apprenticeship.status) not in RUNNING
    }


def told_of(book: Apprenticeship, status: str) -> str:
    """The sentence for a book that is not running: whose it is, and since when; one query."""
    last = StatusChange.objects.filter(apprenticeship=book).order_by("-entry__sequence").first()
    return told_since(book, status, last.on if last else book.starts_on)


def told_since(book: Apprenticeship, status: str, since: date) -> str:
    """As `told_of`, for who knows since when."""
    return str(TOLD[Status(status)]) % {"name": book.apprentice.name, "date": date_format(since)}


def rested_on(day: date, breaks: Iterable[Break]) -> str:
    """The sentence for a `day` on which the book of these `breaks` rested; blank where it ran."""
    rest = next((rest for rest in breaks if rest.covers(day)), None)
    if rest is None:
        return ""
    if rest.status == Status.SUSPENDED:
        told = _("The apprenticeship was suspended on that day, since %(date)s. No hours are earned meanwhile.")
    else:
        told = _("The apprenticeship had ended before that day, on %(date)s. No hours are earned afterwards.")
    return str(told) % {"date": date_format(rest.since)}
