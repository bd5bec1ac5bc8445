"""What one cell of a table says, whichever kind of file it stood in."""

from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What a spreadsheet holds a cell for; everything in a CSV file is text. Stored: never rename one."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    FORMULA = "formula"


@dataclass(frozen=True)
class Cell:
    """A date is written as 2026-03-02, a time as 09:00, a number with a point. A formula is not computed."""

    text: str = ""
    kind: CellKind = CellKind.TEXT

    @property
    def is_blank(self) -> bool:
        return not self.text and self.kind is not CellKind.FORMULA


@dataclass(frozen=True)
class TableRow:
    """One row with its number in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        return all(cell.is_blank for cell in self.cells)

    def cell(self, place: int) -> Cell:
        """The cell at a place, blank beyond the end of the row."""
        return self.cells[place] if place < len(self.cells) else Cell()
