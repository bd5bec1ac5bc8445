"""The first sheet of an XLSX file as rows, by openpyxl, row after row: reading stops where the caller has enough.

The archive was looked into before (`acts/office.py`). With defusedxml no entity is expanded and nothing is fetched.
A formula is told as one and never computed; merged cells refuse the file.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from acts.cells import Cell, CellKind, TableRow
from acts.refusing import FileRefused

MOST_WIDE = 60
"""Cells beyond are not kept: more than a caller takes."""
LONGEST_CELL = 2000
LAST_ROW = 1_048_576
"""The last one that a spreadsheet knows; a forged number beyond would be counted up to."""
SIX_PLACES = Decimal("0.000001")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([^"]{1,40})"')
CHUNK = 256 * 1024
HEAD = 4096
MOST_UNSIZED = 2_000_000
"""Bytes of a sheet that does not say how large it is: openpyxl would read all of it to find out."""


def rows_of(data: bytes, *, most: int) -> Iterator[TableRow]:
    """The rows of the first sheet that say anything, in order; at most one more than `most` are read.

    Raises FileRefused where it is no readable workbook, or has merged cells.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that say nothing about what stands in the cells
            _look_into(archive)
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            rows = _rows(sheet, most)
            if len(rows) <= most:
                _refuse_merged_cells(archive, sheet)
    except FileRefused:
        raise
    except Exception:  # openpyxl raises whatever it stumbles over in a file that no spreadsheet program wrote
        raise _unreadable() from None
    yield from rows


def _rows(sheet: Any, most: int) -> list[TableRow]:
    sheet.reset_dimensions()  # a size that the file claims may be wrong, and would hide rows
    found: list[TableRow] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_WIDE), start=1):
        row = TableRow(number, _trimmed([_cell(cell) for cell in cells]))
        if not row.is_blank:
            found.append(row)
        if len(found) > most or number >= LAST_ROW:
            break
    return found


def _trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    """Without the blank ones at the end."""
    while cells and cells[-1].is_blank:
        cells.pop()
    return tuple(cells)


def _cell(cell: Any) -> Cell:
    """What a cell says; what its format shows as a day or a time of day is one."""
    value = cell.value
    if cell.data_type == "f":
        return Cell(kind=CellKind.FORMULA)
    if value is None:
        return Cell()
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Cell(_plain_number(value), CellKind.NUMBER)
    if isinstance(value, datetime):
        return Cell(f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00"), CellKind.DATE)
    if isinstance(value, date):
        return Cell(value.isoformat(), CellKind.DATE)
    if isinstance(value, time):
        return Cell(f"{value:%H:%M}", CellKind.TIME)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return Cell(f"{minutes // 60:02}:{minutes % 60:02}", CellKind.TIME)
    return Cell(str(value)[:LONGEST_CELL].strip())


def _plain_number(value: float) -> str:
    """A number as people write it: 7.5 for 7.5000000000000009; as it is where it is none, or a huge one."""
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() > 12 or number.adjusted() < -12:
        return str(value)
    return f"{number.quantize(SIX_PLACES):f}".rstrip("0").rstrip(".")


def _look_into(archive: zipfile.ZipFile) -> None:
    """Refuse what openpyxl should not be given: document types, and large sheets without a size."""
    for member in archive.infolist():
        with archive.open(member) as stream:
            head = stream.read(HEAD)
        if b"<!DOCTYPE" in head:
            raise FileRefused(_("The file holds instructions that no spreadsheet needs. Nothing of it was read."))
        is_sheet = member.filename.lower().startswith("xl/worksheets/")
        if is_sheet and member.file_size > MOST_UNSIZED and b"dimension" not in head:
            raise _unreadable()


def _refuse_merged_cells(archive: zipfile.ZipFile, sheet: Any) -> None:
    """Look for them in the sheet's own XML: read row after row, openpyxl does not tell of them."""
    before = b""
    with archive.open(sheet._worksheet_path) as stream:
        while piece := stream.read(CHUNK):
            if found := MERGED.search(before + piece):
                raise FileRefused(
                    _("The cells %(range)s are merged. Unmerge them, so that each row says everything itself.")
                    % {"range": found[1].decode("ascii", errors="replace")[:20]}
                )
            before = piece[-200:]


def _unreadable() -> FileRefused:
    return FileRefused(_("The XLSX file cannot be read. Save it again in your spreadsheet program."))
