"""The rows of a file while they are checked: what each says, what is wrong with it, and what it will do."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts.import_columns import CellProblem, Column
from accounts.import_models import FileRow, RowVerdict
from acts.cells import Cell, CellKind

T = TypeVar("T")


@dataclass
class Row:
    """One row of a file. `read` is what its cells mean, by column; `problems` are columns and sentences."""

    number: int
    cells: Mapping[str, Cell]
    read: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    is_there: bool = False

    @property
    def verdict(self) -> RowVerdict:
        if self.problems:
            return RowVerdict.REFUSED
        return RowVerdict.THERE if self.is_there else RowVerdict.NEW

    def take(self, column: str, reading: Callable[[Cell], T]) -> None:
        """Read one cell, or note what is wrong with it."""
        try:
            self.read[column] = reading(self.cells.get(column, Cell()))
        except CellProblem as problem:
            self.refuse(column, str(problem))

    def refuse(self, column: str, message: str) -> None:
        """Note what is wrong; the row will do nothing."""
        self.problems.append((column, message))


def stored(row: Row, *, brought_id: uuid.UUID) -> FileRow:
    """The row as it is kept."""
    cells = {code: [cell.text, cell.kind.value] for code, cell in row.cells.items()}
    return FileRow(brought_id=brought_id, number=row.number, cells=cells, verdict=row.verdict, problems=row.problems)


def kept(row: FileRow) -> Row:
    """A kept row, to be checked anew."""
    return Row(row.number, {code: Cell(text, CellKind(kind)) for code, (text, kind) in row.cells.items()})


def refuse_twice(rows: Iterable[Row], key: Callable[[Row], object], column: str) -> None:
    """Refuse all but the first of the rows that say the same thing about the same person."""
    first: dict[object, int] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row.number)
        if earlier != row.number:
            row.refuse(column, _("Row %(number)s says this already.") % {"number": earlier})


def whole(rows: Iterable[Row], columns: Sequence[Column]) -> list[Row]:
    """The rows of which every column that is needed could be read."""
    needed = {column.code for column in columns if not column.may_be_blank}
    return [row for row in rows if needed <= row.read.keys() and not row.problems]


def days_of(rows: Iterable[Row]) -> set[date]:
    """The days that could be read."""
    return {row.read["date"] for row in rows if "date" in row.read}
