"""The columns of files of hours, and reading hours and times of day."""

import re
from datetime import time
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.import_columns import DAY_HINT, CellProblem, Column, text_in
from acts.cells import Cell, CellKind

HOURS = re.compile(r"-?\d{1,6}([.,]\d{1,6})?")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(:00)?")

WHO = Column(
    "apprentice",
    gettext_lazy("Apprentice"),
    gettext_lazy("Their registration number, e-mail address or sign-in name."),
)
HOW_LONG = Column("hours", gettext_lazy("Hours"), gettext_lazy("In quarters, more than 0 and at most 24: 7.5, or 7,5."))
ATTENDANCE_COLUMNS = (
    Column("date", gettext_lazy("Date"), DAY_HINT),
    Column(
        "begins",
        gettext_lazy("Begins"),
        gettext_lazy("When the class begins, as 09:00 or 14:30. Needed only where several classes fit."),
        may_be_blank=True,
    ),
    Column("topic", gettext_lazy("Topic"), gettext_lazy("The topic's title, as in the standard.")),
    WHO,
    HOW_LONG,
)
TIMESHEET_COLUMNS = (
    Column("date", gettext_lazy("Date"), DAY_HINT),
    WHO,
    Column(
        "worksite",
        gettext_lazy("Worksite"),
        gettext_lazy("Its name; where two employers have one of the same name: employer, worksite."),
    ),
    Column("skill_set", gettext_lazy("Skill set"), gettext_lazy("Its number or its title.")),
    HOW_LONG,
)


def hours_in(cell: Cell) -> Decimal:
    """The number of hours that the cell names, quarters or not. Raises CellProblem where it is no number."""
    text = text_in(cell)
    if cell.kind in (CellKind.DATE, CellKind.TIME) or not HOURS.fullmatch(text):
        raise CellProblem(_("“%(text)s” is no number of hours. Write it as 7.5.") % {"text": text[:40]})
    hours = Decimal(text.replace(",", "."))
    if not 0 < hours <= 24 or hours % Decimal("0.25"):
        raise CellProblem(_("Enter the hours in quarters, more than 0 and at most 24, for example 7.5."))
    return hours


def clock_in(cell: Cell) -> time | None:
    """The time of day; None where the cell is blank. Raises CellProblem where it is no time."""
    if cell.is_blank:
        return None
    text = text_in(cell)
    found = CLOCK.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise CellProblem(_("“%(text)s” is no time of day. Write it as 09:00 or 14:30.") % {"text": text[:40]})
    return time(int(found[1]), int(found[2]))
