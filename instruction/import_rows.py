"""The rows of a file while they are checked: what each says, what is wrong with it, and what it will do."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.cells import Cell, CellKind
from apprenticeship.models import Apprenticeship
from instruction.import_columns import COLUMNS, CellProblem, plain, text_in
from instruction.models import Expected, ImportedRow, RowVerdict

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


def stored(row: Row, *, brought_id: uuid.UUID) -> ImportedRow:
    """The row as it is kept."""
    cells = {code: [cell.text, cell.kind.value] for code, cell in row.cells.items()}
    return ImportedRow(
        brought_id=brought_id, number=row.number, cells=cells, verdict=row.verdict, problems=row.problems
    )


def kept(row: ImportedRow) -> Row:
    """A kept row, to be checked anew."""
    return Row(row.number, {code: Cell(text, CellKind(kind)) for code, (text, kind) in row.cells.items()})


def refuse_twice(rows: Iterable[Row], key: Callable[[Row], object], column: str) -> None:
    """Refuse all but the first of the rows that say the same thing about the same person."""
    first: dict[object, int] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row.number)
        if earlier != row.number:
            row.refuse(column, _("Row %(number)s says this already.") % {"number": earlier})


class Books:
    """The apprentices that the rows name, among those whose names the viewer may see; two or three queries.

    Whoever is not among them is told like whoever does not exist.
    """

    def __init__(self, rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor) -> None:
        said = {row.cells["apprentice"].text for row in rows if "apprentice" in row.cells}
        lower = {text.lower() for text in said}
        expected = Expected.objects.visible_to(viewer).filter(planned__sponsor=sponsor)
        seen = Q(pk__in=Apprenticeship.objects.visible_to(viewer)) | Q(pk__in=expected.values("apprenticeship"))
        named = (
            Q(registration_number__in={*said, *lower, *(text.upper() for text in said)} - {""})
            | Q(apprentice__email__in=lower - {""})
            | Q(apprentice__username__in=lower)
        )
        self.by_name: dict[str, dict[uuid.UUID, Apprenticeship]] = defaultdict(dict)
        for book in Apprenticeship.objects.filter(seen, named, sponsor=sponsor).with_context():
            for name in (book.registration_number, book.apprentice.email, book.apprentice.username):
                if name:
                    self.by_name[plain(name)][book.pk] = book

    def of(self, cell: Cell) -> Apprenticeship:
        """The one book that the cell names. Raises CellProblem."""
        found = self.by_name.get(plain(text_in(cell)), {})
        if len(found) > 1:
            raise CellProblem(_("This person has several records. Give the registration number of the right one."))
        if not found:
            raise CellProblem(_("Nobody whose hours you may bring in is known by this."))
        return next(iter(found.values()))

    @property
    def versions(self) -> set[uuid.UUID]:
        """The versions of standards that these apprentices follow."""
        return {book.terms.standard_version_id for books in self.by_name.values() for book in books.values()}


def whole(rows: Iterable[Row], kind: str) -> list[Row]:
    """The rows of which every column that is needed could be read."""
    needed = {column.code for column in COLUMNS[kind] if not column.may_be_blank}
    return [row for row in rows if needed <= row.read.keys() and not row.problems]


def days_of(rows: Iterable[Row]) -> set[date]:
    """The days that could be read."""
    return {row.read["date"] for row in rows if "date" in row.read}
