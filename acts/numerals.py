"""How a spreadsheet writes numbers, dates and times: all as numbers, told apart by their format."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from acts.cells import Cell, CellKind

DATES = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
NOT_SIGNS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
SIX_PLACES = Decimal("0.000001")
MOST_DAYS = 2_958_465
"""The last day that a spreadsheet knows: 9999-12-31."""


def is_date_format(number: int, code: str) -> bool:
    """Whether a number format shows a day, by its number or by its code."""
    signs = NOT_SIGNS.sub("", code).lower()
    return number in DATES or "y" in signs or "d" in signs


def is_time_format(number: int, code: str) -> bool:
    """Whether a number format shows a time of day and no date."""
    signs = NOT_SIGNS.sub("", code).lower()
    return number in TIMES or "h" in signs


def plain_number(text: str) -> str:
    """A number as people write it: 7.5 for 7.5000000000000009; as it is where it is no number, or a huge one."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or number.adjusted() > 12 or number.adjusted() < -12:
        return text
    return f"{number.quantize(SIX_PLACES):f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class SerialDates:
    """Days as a spreadsheet counts them: since the end of 1899, or in a few files of Macs since 1904."""

    from_1904: bool = False

    def cell(self, text: str, kind: CellKind) -> Cell:
        """The cell of a number that its format shows as `kind`."""
        plain = plain_number(text)
        try:
            days = Decimal(text)
        except InvalidOperation:
            return Cell(text)
        if kind is CellKind.NUMBER or not days.is_finite() or not 0 <= days <= MOST_DAYS:
            return Cell(plain, CellKind.NUMBER)
        minutes = int((days % 1 * 1440).to_integral_value())
        clock = f"{minutes // 60:02}:{minutes % 60:02}"
        if kind is CellKind.TIME or days < 1:
            return Cell(clock, CellKind.TIME)
        first = date(1904, 1, 1) if self.from_1904 else date(1899, 12, 30)
        day = (first + timedelta(days=min(int(days), 2_957_000))).isoformat()
        return Cell(day if not minutes else f"{day} {clock}", CellKind.DATE)
