"""The columns of files that are brought in, and reading one cell: a text, a day, or what went wrong in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from acts.cells import Cell, CellKind, TableRow
from acts.refusing import FileRefused

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")


class CellProblem(Exception):
    """What is wrong with one cell, in words that say what to do."""


@dataclass(frozen=True)
class Column:
    """One column: its name in the program, its heading, what belongs in it, and whether it may be missing."""

    code: str
    label: str | Promise
    hint: str | Promise
    may_be_blank: bool = False

    def names(self) -> set[str]:
        """The headings by which it is known: its code, and its label in every language."""
        found = {self.code}
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.add(plain(str(self.label)))
        return found


DAY_HINT = gettext_lazy("Year, month and day: 2026-03-02. In XLSX a cell formatted as a date is fine as well.")


def plain(text: str) -> str:
    """A text as it is compared: whatever its case and its spaces."""
    return " ".join(text.replace("_", " ").split()).casefold()


def places_of(header: TableRow, columns: Sequence[Column]) -> dict[str, int]:
    """In which place each column stands. Raises FileRefused, which names every heading that is wrong."""
    names = {plain(name): column.code for column in columns for name in column.names()}
    said = [cell.text for cell in header.cells]
    known = [(names.get(plain(text), ""), text, place) for place, text in enumerate(said) if text]
    places = {code: place for code, _text, place in reversed(known) if code}
    wrong = []
    if missing := [str(c.label) for c in columns if c.code not in places and not c.may_be_blank]:
        wrong.append(_("Missing columns: %(names)s.") % {"names": ", ".join(missing)})
    if unknown := [text[:60] for code, text, _place in known if not code]:
        wrong.append(_("Unknown columns: %(names)s.") % {"names": ", ".join(unknown[:10])})
    if twice := [text for code, text, place in known if code and places[code] != place]:
        wrong.append(_("Columns that are there twice: %(names)s.") % {"names": ", ".join(twice)})
    if wrong:
        wrong.append(_("The first row must hold the headings, as in the template."))
        raise FileRefused(" ".join(wrong))
    return places


def text_in(cell: Cell) -> str:
    """What the cell says, as text. Raises CellProblem where it says nothing, or is a formula."""
    if cell.kind is CellKind.FORMULA:
        raise CellProblem(_("This is a formula. Copy the column and paste it as values."))
    if not cell.text:
        raise CellProblem(_("Nothing stands here."))
    if len(cell.text) > 300 or not cell.text.isprintable():
        raise CellProblem(_("This is too long, or holds signs that cannot be read."))
    return cell.text


def day_in(cell: Cell) -> date:
    """The day that the cell names. Raises CellProblem where it is not written beyond doubt."""
    text = MIDNIGHT.sub("", text_in(cell))
    if cell.kind is CellKind.NUMBER or text.replace(".", "").isdigit():
        raise CellProblem(
            _("This is a number, not a date. Format the cell as a date, or write year, month and day: 2026-03-02.")
        )
    try:
        if not ISO_DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise CellProblem(
            _("“%(text)s” can be read in more than one way, or is no date. Write year, month and day: 2026-03-02.")
            % {"text": text[:40]}
        ) from None


def hint_of(column: Column) -> str | Promise:
    """What belongs in a column, and whether it may stay blank."""
    return format_lazy("{} {}", column.hint, gettext_lazy("May stay blank.")) if column.may_be_blank else column.hint
