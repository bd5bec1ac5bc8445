"""Tables from outside, CSV or XLSX, read as rows of cells: by their bytes, with limits, row after row.

Nothing is computed and nothing is fetched. What a table means is for the caller to know.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext as _

from acts import office, workbooks
from acts.cells import Cell, TableRow
from acts.refusing import FileRefused

MOST_COLUMNS = 50
CSV_TYPE = "text/csv"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How an Excel file from before 2007 begins, and one that is locked by a password."""

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def type_of(data: bytes) -> str:
    """What the bytes are: the content type of CSV or of XLSX. Raises FileRefused for anything else."""
    if not data.strip(b"\r\n\t ,;\x00"):
        raise FileRefused(_("The file is empty."))
    if data.startswith(OLD_EXCEL):
        raise FileRefused(
            _("This is an Excel file of an old kind or one with a password. Save it as XLSX without a password.")
        )
    if office.looks_like(data):
        return _type_of_archive(data)
    _text(data)
    return CSV_TYPE


def rows_of(data: bytes, *, most: int) -> list[TableRow]:
    """The rows that say anything, the header first; the others keep their numbers.

    Reading stops at the first row beyond `most` below the header. Raises FileRefused with the reason.
    """
    found = workbooks.rows_of(data, most=most + 1) if type_of(data) == office.XLSX else _rows_of_text(_text(data))
    rows = list(islice((row for row in found if not row.is_blank), most + 2))
    if not rows:
        raise FileRefused(_("The file is empty."))
    if len(rows) > most + 1:
        raise FileRefused(
            _("The file has more than %(most)s rows. Split it, and bring in one part after the other.") % {"most": most}
        )
    if max(len(row.cells) for row in rows) > MOST_COLUMNS:
        raise FileRefused(_("The file has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    return rows


def _type_of_archive(data: bytes) -> str:
    try:
        content_type = office.type_of(data)
    except office.HasMacros:
        raise FileRefused(_("The file contains macros. Save it as XLSX without macros, or as CSV.")) from None
    if content_type != office.XLSX:
        raise _neither()
    return content_type


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if b"\x00" in data or data.startswith((b"%PDF", b"\xff\xd8", b"\x89PNG")):
            raise _neither() from None
        raise FileRefused(
            _("The text of the file is not UTF-8. In Excel choose “CSV UTF-8 (comma delimited)”, or save it as XLSX.")
        ) from None
    if "\x00" in text or text.startswith(("%PDF", "<")):
        raise _neither()
    return text


def _rows_of_text(text: str) -> Iterator[TableRow]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            yield TableRow(number, _plain(cells))
    except csv.Error:
        raise FileRefused(_("The file cannot be read as CSV: a quotation mark may never be closed.")) from None


def _plain(cells: Iterable[str]) -> tuple[Cell, ...]:
    return tuple(Cell(text.strip()) for text in cells)


def _neither() -> FileRefused:
    return FileRefused(_("This is neither a CSV nor an XLSX file."))
