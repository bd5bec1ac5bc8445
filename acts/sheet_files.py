"""Tables that we hand out, in which no cell can turn into a formula."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from acts.office import CONTENTS, OPEN_XML, XLSX

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PARTS = {
    CONTENTS: f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX}.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OPEN_XML}spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


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
    lines = "".join(f"<row>{''.join(map(_text, row))}</row>" for row in rows)
    sheet = f'{HEAD}<worksheet xmlns="{SPREADSHEET}"><sheetData>{lines}</sheetData></worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, content)
    return file.getvalue()


def _text(cell: str) -> str:
    kept = "".join(sign for sign in cell if sign.isprintable())
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(kept)}</t></is></c>'
