"""The first sheet of an XLSX file as rows, read in one pass that keeps only what the caller takes.

The archive was looked into before (`acts/office.py`). Its XML may bring no document type, so nothing is expanded
and nothing is fetched. A formula is told as one and never computed; merged cells refuse the file.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from acts.cells import Cell, CellKind, TableRow
from acts.numerals import SerialDates, is_date_format, is_time_format
from acts.refusing import FileRefused

CHUNK = 64 * 1024
MOST_WIDE = 60
"""Cells beyond are not kept: more than a caller takes."""
LONGEST_CELL = 2000
Attributes = dict[str, str]


class _Enough(Exception):
    """What was looked for is there; the rest need not be read."""


def rows_of(data: bytes, *, most: int) -> Iterator[TableRow]:
    """The rows of the first sheet that say anything, in order; at most one more than `most` are read.

    Raises FileRefused where it is no readable workbook, or has merged cells.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            book = _Workbook(archive)
            sheet = _Sheet(book, most)
            with suppress(_Enough):
                _parse(archive, book.sheet, start=sheet.start, end=sheet.end, text=sheet.text)
            words = _shared(archive, sheet.wanted)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, expat.ExpatError):
        raise FileRefused(_("The XLSX file cannot be read. Save it again in your spreadsheet program.")) from None
    for number, cells in sheet.rows:
        yield TableRow(number, tuple(_worded(cell, words) for cell in cells))


class _Workbook:
    """Which part is the first sheet, which number formats are dates or times, and from which day they count."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.sheet_id, self.targets = "", dict[str, str]()
        self.codes, self.formats, self.inside = dict[int, str](), list[int](), False
        self.dates = SerialDates()
        _parse(archive, "xl/workbook.xml", start=self._book)
        _parse(archive, "xl/_rels/workbook.xml.rels", start=self._relation)
        if "xl/styles.xml" in archive.namelist():
            _parse(archive, "xl/styles.xml", start=self._style, end=self._end)
        self.sheet = posixpath.normpath(posixpath.join("/xl", self.targets[self.sheet_id])).lstrip("/")

    def kind_of(self, style: str) -> CellKind:
        """What a number in a cell of this style is: a number, a date or a time."""
        place = int(style) if style.isdigit() else 0
        number = self.formats[place] if place < len(self.formats) else 0
        if is_date_format(number, self.codes.get(number, "")):
            return CellKind.DATE
        return CellKind.TIME if is_time_format(number, self.codes.get(number, "")) else CellKind.NUMBER

    def _book(self, name: str, given: Attributes) -> None:
        if name == "workbookPr" and given.get("date1904") in ("1", "true"):
            self.dates = SerialDates(from_1904=True)
        elif name == "sheet" and not self.sheet_id:
            self.sheet_id = given.get("id", "")

    def _relation(self, name: str, given: Attributes) -> None:
        if name == "Relationship" and given.get("TargetMode") != "External":
            self.targets[given.get("Id", "")] = given.get("Target", "")

    def _style(self, name: str, given: Attributes) -> None:
        if name == "numFmt" and given.get("numFmtId", "").isdigit():
            self.codes[int(given["numFmtId"])] = given.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            number = given.get("numFmtId", "0")
            self.formats.append(int(number) if number.isdigit() else 0)

    def _end(self, name: str) -> None:
        self.inside = self.inside and name != "cellXfs"


class _Sheet:
    """Takes the cells as they pass by. `wanted` are the numbers of the shared texts that the kept cells name."""

    def __init__(self, book: _Workbook, most: int) -> None:
        self.book, self.most = book, most
        self.rows: list[tuple[int, list[Cell]]] = []
        self.wanted: set[int] = set()
        self.number, self.cells, self.column = 0, dict[int, Cell](), -1
        self.kind = self.style = ""
        self.is_formula, self.taking, self.said = False, False, list[str]()

    def start(self, name: str, given: Attributes) -> None:
        if name == "row":
            told = given.get("r", "")
            self.number, self.cells, self.column = int(told) if told.isdigit() else self.number + 1, {}, -1
        elif name == "c":
            told = given.get("r", "")
            self.column = _column(told) if told else self.column + 1
            self.kind, self.style = given.get("t", "n"), given.get("s", "")
            self.is_formula, self.said = False, []
        elif name == "f":
            self.is_formula = True
        elif name == "mergeCell":
            raise FileRefused(
                _("The cells %(range)s are merged. Unmerge them, so that each row says everything itself.")
                % {"range": given.get("ref", "")[:20]}
            )
        self.taking = name in ("v", "t")

    def text(self, text: str) -> None:
        if self.taking and sum(map(len, self.said)) < LONGEST_CELL:
            self.said.append(text)

    def end(self, name: str) -> None:
        self.taking = False
        if name == "c" and self.column < MOST_WIDE:
            cell = self._cell("".join(self.said)[:LONGEST_CELL])
            if not cell.is_blank:
                self.cells[self.column] = cell
        elif name == "row" and self.cells:
            wide = max(self.cells) + 1
            self.rows.append((self.number, [self.cells.get(place, Cell()) for place in range(wide)]))
            if len(self.rows) > self.most:
                raise _Enough

    def _cell(self, said: str) -> Cell:
        if self.is_formula:
            return Cell(kind=CellKind.FORMULA)
        if self.kind == "s" and said.strip().isdigit():
            self.wanted.add(int(said))
            return Cell(f"\x00{int(said)}")
        if self.kind == "n" and said:
            return self.book.dates.cell(said.strip(), self.book.kind_of(self.style))
        return Cell(said.strip()) if self.kind != "d" else Cell(said.strip()[:10], CellKind.DATE)


def _shared(archive: zipfile.ZipFile, wanted: Collection[int]) -> dict[int, str]:
    """The shared texts of these numbers; the others pass by."""
    found: dict[int, str] = {}
    if not wanted:
        return found
    state = {"at": -1, "taking": False, "phonetic": False}
    last, said = max(wanted), list[str]()

    def start(name: str, _given: Attributes) -> None:
        if name == "si":
            state["at"] += 1
            said.clear()
        state["phonetic"] = state["phonetic"] or name == "rPh"
        state["taking"] = name == "t" and not state["phonetic"]

    def end(name: str) -> None:
        state["taking"] = False
        if name == "rPh":
            state["phonetic"] = False
        if name == "si" and state["at"] in wanted:
            found[state["at"]] = "".join(said)[:LONGEST_CELL].strip()
        if name == "si" and state["at"] >= last:
            raise _Enough

    def text(piece: str) -> None:
        if state["taking"] and sum(map(len, said)) < LONGEST_CELL:
            said.append(piece)

    with suppress(_Enough):
        _parse(archive, "xl/sharedStrings.xml", start=start, end=end, text=text)
    return found


def _worded(cell: Cell, words: dict[int, str]) -> Cell:
    return replace(cell, text=words.get(int(cell.text[1:]), "")) if cell.text.startswith("\x00") else cell


def _column(reference: str) -> int:
    """The place of a cell, from 0: "A1" is 0, "AB7" is 27."""
    place = 0
    for letter in reference.upper():
        if not "A" <= letter <= "Z":
            break
        place = place * 26 + ord(letter) - 64
    return place - 1


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read one part, piece by piece, with names and attributes as they are within their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def doctype(*_given: object) -> None:
        raise FileRefused(_("The file holds instructions that no spreadsheet needs. Nothing of it was read."))

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda name, given: start(
        name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in given.items()}
    )
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2]) if end else None
    parser.CharacterDataHandler = text
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
