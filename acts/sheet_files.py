"""Tables that we hand out, in which no cell can turn into a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")


def safe(cell: str) -> str:
    """The cell as text: a leading apostrophe keeps a spreadsheet from computing it."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV in UTF-8, with the mark by which Excel knows it."""
    file = io.StringIO()
    csv.writer(file).writerows([safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a workbook of one sheet. Every cell is a text, so nothing is ever computed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_text(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(sheet: Any, said: str) -> WriteOnlyCell:
    """A cell that is a text whatever it begins with; signs that no workbook may hold are left out."""
    cell = WriteOnlyCell(sheet, "".join(sign for sign in said if sign.isprintable()))
    cell.data_type = "s"
    return cell
