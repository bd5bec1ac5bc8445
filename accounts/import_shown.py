"""A file that was brought in, as its page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from accounts.import_columns import Column
from accounts.import_models import FileImport, FileRow, RowVerdict
from acts.cells import CellKind


@dataclass(frozen=True)
class ShownCell:
    """One cell under its heading, with what is wrong with it."""

    label: str
    text: str
    is_formula: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class ShownRow:
    """One row with its number in the file."""

    number: int
    verdict: str
    word: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class Tally:
    """How many rows will do what."""

    new: int
    there: int
    refused: int

    @property
    def total(self) -> int:
        return self.new + self.there + self.refused

    @property
    def may_be_recorded(self) -> bool:
        """Whether nothing is wrong, and there is something to record."""
        return not self.refused and bool(self.new)


def tally_of(brought: FileImport) -> Tally:
    """The numbers of one file; one query."""
    counted = dict(brought.rows.values_list("verdict").annotate(Count("pk")))
    return Tally(*(counted.get(verdict, 0) for verdict in (RowVerdict.NEW, RowVerdict.THERE, RowVerdict.REFUSED)))


def rows_with(words: str, rows: Iterable[FileRow]) -> list[FileRow]:
    """Those rows that say these words in one of their cells or are refused with them, whatever the case."""
    wanted = words.casefold()
    return [row for row in rows if any(wanted in said.casefold() for said in _said(row))]


def _said(row: FileRow) -> Iterable[str]:
    yield from (text for text, _held_as in row.cells.values())
    yield from (message for _code, message in row.problems)


def shown_rows(rows: Iterable[FileRow], columns: Sequence[Column]) -> list[ShownRow]:
    """The rows as a page shows them."""
    return [
        ShownRow(row.number, row.verdict, str(RowVerdict(row.verdict).label), tuple(_cells(row, columns)))
        for row in rows
    ]


def _cells(row: FileRow, columns: Sequence[Column]) -> Iterable[ShownCell]:
    for column in columns:
        text, held_as = row.cells.get(column.code, ("", CellKind.TEXT))
        wrong = tuple(message for code, message in row.problems if code == column.code)
        if text or wrong or held_as == CellKind.FORMULA:
            yield ShownCell(str(column.label), text, held_as == CellKind.FORMULA, wrong)
