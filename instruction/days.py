"""What classes fill of an apprentice's day; named in settings.OTHER_HOURS_OF_A_DAY."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from instruction.models import Attendance


def class_hours_on(books: Collection[uuid.UUID], days: Collection[date]) -> Mapping[tuple[uuid.UUID, date], Decimal]:
    """The standing class hours of these books on these days, by book and day; one query."""
    rows = Attendance.objects.standing().filter(apprenticeship__in=books, class_topic__session__held_on__in=days)
    summed = rows.values_list("apprenticeship", "class_topic__session__held_on").annotate(Sum("hours"))
    return {(book, day): hours for book, day, hours in summed}
