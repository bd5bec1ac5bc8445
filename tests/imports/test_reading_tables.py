"""Tables from outside are read by their bytes, or refused with a reason; nothing in them is computed or fetched."""

import io
import time
import tracemalloc
import zipfile

import pytest
from pytest_django.fixtures import Settings

from acts.cells import Cell, CellKind
from acts.refusing import FileRefused
from acts.sheet_files import as_csv, as_xlsx
from acts.tables import rows_of
from tests.imports.bringing import SHEET, SPREADSHEET, workbook

pytestmark = pytest.mark.one_lane("sqlite")
TEXT = "date;hours\n2026-03-02;7,5\nÑandú;1"
STYLES = (
    f'<styleSheet xmlns="{SPREADSHEET}"><numFmts><numFmt numFmtId="170" formatCode="[$-409]d mmm yyyy"/></numFmts>'
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="20"/></cellXfs></styleSheet>'
)
STRINGS = (
    f'<sst xmlns="{SPREADSHEET}"><si><t>no</t></si>'
    '<si><r><t>Clean </t></r><r><t>room</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si></sst>'
)


def texts(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows_of(data, most=10)]


def refusal(data: bytes, most: int = 10) -> str:
    with pytest.raises(FileRefused) as refused:
        rows_of(data, most=most)
    return refused.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_comes_in_several_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    found = texts(mark + TEXT.replace(";", delimiter).encode(encoding))
    assert found == [["date", "hours"], ["2026-03-02", "7,5"], ["Ñandú", "1"]]


def test_blank_rows_are_left_out_and_the_others_keep_their_numbers() -> None:
    rows = rows_of(b'a,b\r\n,\r\n"x, y",2\r\n', most=10)
    assert [(row.number, row.cells[0].text) for row in rows] == [(1, "a"), (3, "x, y")]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_what_we_hand_out_is_read_again_and_computes_nothing(write: object) -> None:
    data = write([["Date", "=1+1"], ["@x", "Ñ & <b>"]])  # type: ignore[operator]  # either of two functions
    shown = "'" if write is as_csv else ""
    assert texts(data) == [["Date", f"{shown}=1+1"], [f"{shown}@x", "Ñ & <b>"]]
    assert all(cell.kind is CellKind.TEXT for row in rows_of(data, most=9) for cell in row.cells)


def test_a_workbook_says_dates_times_numbers_and_shared_texts() -> None:
    sheet = (
        '<sheetData><row r="2"><c r="A2" s="1"><v>46083</v></c><c r="B2" s="2"><v>46083</v></c><c r="C2" s="3">'
        '<v>0.375</v></c><c r="D2"><v>7.5000000000000009</v></c><c r="F2" t="s"><v>1</v></c></row></sheetData>'
    )
    (row,) = rows_of(workbook(sheet, **{"xl/styles.xml": STYLES, "xl/sharedStrings.xml": STRINGS}), most=9)
    day = Cell("2026-03-02", CellKind.DATE)
    number = Cell("7.5", CellKind.NUMBER)
    assert row.cells == (day, day, Cell("09:00", CellKind.TIME), number, Cell(), Cell("Clean room"))
    assert row.number == 2


def test_a_formula_is_told_as_one_and_not_computed() -> None:
    sheet = '<sheetData><row><c><f>HYPERLINK("http://x")</f><v>8</v></c></row></sheetData>'
    assert rows_of(workbook(sheet), most=9)[0].cells == (Cell(kind=CellKind.FORMULA),)


def test_merged_cells_are_refused_by_their_range() -> None:
    sheet = '<sheetData><row><c><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A5"/></mergeCells>'
    assert "A2:A5 are merged" in refusal(workbook(sheet))


def test_xml_with_a_document_type_is_refused_unread() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet><sheetData/></worksheet>'
    assert "instructions" in refusal(workbook("", **{SHEET: evil}))


def test_macros_are_refused_even_under_another_name() -> None:
    assert "macros" in refusal(workbook("", **{"xl/vbaProject.bin": "x"}))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        ("Día;Horas".encode("cp1252"), "not UTF-8"),
        (b"\xd0\xcf\x11\xe0old", "old kind"),
        (b"%PDF-1.7\n%%EOF", "neither"),
        (b"\x89PNG\r\n\x1a\n\x00", "neither"),
        (b"<html>", "neither"),
        (b"PK\x03\x04broken", "cannot be read"),
        (b"a\n" + b'"' + b"x" * 140_000, "cannot be read as CSV"),
        (",".join(map(str, range(60))).encode(), "more than 50 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_a_bomb_is_let_lie(settings: Settings) -> None:
    settings.EVIDENCE_MOST_UNPACKED_BYTES = 1_000_000
    assert "unpacks to far more" in refusal(workbook(" " * 3_000_000))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_are_refused_quickly_and_not_held(ending: str) -> None:
    if ending == "csv":
        data = b"date,hours\n" + b"2026-03-02,8\n" * 100_000
    else:
        row = "<row><c><v>46083</v></c><c><v>8</v></c></row>"
        data = workbook(f'<dimension ref="A1:B100000"/><sheetData>{row * 100_000}</sheetData>')
    tracemalloc.start()
    began = time.monotonic()
    assert "more than 500 rows" in refusal(data, most=500)
    assert time.monotonic() - began < 3
    assert tracemalloc.get_traced_memory()[1] < 16_000_000
    tracemalloc.stop()


def test_a_size_that_a_sheet_claims_hides_no_row() -> None:
    rows = '<row r="1"><c><v>1</v></c></row><row r="3"><c><v>2</v></c><c><v>3</v></c></row>'
    found = rows_of(workbook(f'<dimension ref="A1"/><sheetData>{rows}</sheetData>'), most=9)
    assert [(row.number, len(row.cells)) for row in found] == [(1, 1), (3, 2)]


def test_a_large_sheet_that_does_not_say_how_large_is_refused_unread() -> None:
    assert "cannot be read" in refusal(workbook(f"<sheetData>{'<row/>' * 400_000}</sheetData>"))


def test_a_workbook_without_its_sheet_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx([["a"]]))) as old, zipfile.ZipFile(file, "w") as new:
        for name in set(old.namelist()) - {SHEET}:
            new.writestr(name, old.read(name))
    assert "cannot be read" in refusal(file.getvalue())
