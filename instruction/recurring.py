"""When something must be done again: within a number of months, or once each calendar year, as the data say."""

from datetime import date

from apprenticeship.standing import add_months
from competencies.models import Recurrence


def next_due(done_on: date, *, recurrence: str, months: int | None) -> date | None:
    """The last day on which what was done on `done_on` may be done again in time; None where once is enough.

    "Once each calendar year": whoever did it in 2026 has until the end of 2027.
    """
    if recurrence == Recurrence.WITHIN_MONTHS and months:
        return add_months(done_on, months)
    if recurrence == Recurrence.CALENDAR_YEAR:
        return date(done_on.year + 1, 12, 31)
    return None
