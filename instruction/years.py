"""Hours of related instruction by year of the apprenticeship: 12 NYCRR 601.5(c)(4) speaks of hours per year.

The number per year is data of the terms and may be blank. A year that is not over has hours and dates and no verdict.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apprenticeship.models import Apprenticeship
from apprenticeship.standing import add_months
from instruction.models import Attendance, OtherHours
from instruction.sums import NONE, in_words

MOST_YEARS = 30


@dataclass(frozen=True)
class YearHours:
    """One year of an apprenticeship, from its first to its last day, with the hours recorded in it."""

    number: int
    first: date
    last: date
    recorded: Decimal
    required: Decimal | None
    is_over: bool

    @property
    def words(self) -> str:
        """Measured only once the year is over, and only where there is a number."""
        return in_words(self.recorded, self.required if self.is_over else None)

    @property
    def met(self) -> bool | None:
        """None for a year that runs, and where no number is given."""
        return self.recorded >= self.required if self.is_over and self.required is not None else None


@dataclass(frozen=True)
class ProgramHours:
    """All hours of related instruction of one book, beside the numbers of the program and of each year."""

    recorded: Decimal
    required: Decimal | None
    per_year: Decimal | None
    years: tuple[YearHours, ...]
    earlier: Decimal

    @property
    def words(self) -> str:
        """Against the hours of instruction of the standard, where it gives them."""
        return in_words(self.recorded, self.required)

    @property
    def earlier_words(self) -> str:
        """What was earned before the first year, and so belongs to none; blank where there is nothing."""
        return in_words(self.earlier, None) if self.earlier else ""

    @property
    def per_year_words(self) -> str:
        """The number per year; blank where none is given."""
        return in_words(self.per_year, None) if self.per_year is not None else ""


def program_hours(book: Apprenticeship, *, today: date) -> ProgramHours:
    """The hours of `book` as they stand, by year of the apprenticeship; two queries. Its terms are loaded."""
    attended = Attendance.objects.standing().filter(apprenticeship=book)
    otherwise = OtherHours.objects.standing().filter(apprenticeship=book)
    days = [
        *attended.values_list("class_topic__session__held_on", "hours"),
        *otherwise.values_list("earned_on", "hours"),
    ]
    per_year = book.terms.instruction_hours_per_year
    years = []
    for number in range(1, MOST_YEARS + 1):
        first, after = add_months(book.starts_on, 12 * (number - 1)), add_months(book.starts_on, 12 * number)
        if first > today:
            break
        recorded = sum((hours for day, hours in days if first <= day < after), NONE)
        years.append(YearHours(number, first, after - timedelta(days=1), recorded, per_year, after <= today))
    return ProgramHours(
        recorded=sum((hours for _day, hours in days), NONE),
        required=book.terms.standard_version.instruction_hours,
        per_year=per_year,
        years=tuple(years),
        earlier=sum((hours for day, hours in days if day < book.starts_on), NONE),
    )
