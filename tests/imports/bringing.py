"""Bringing files in and having them checked, with facts that a test need not name."""

import io
import uuid
import zipfile
from datetime import datetime

from accounts.import_jobs import run
from accounts.import_kinds import FileKind
from accounts.importing import check_of, keep_file, record_import
from accounts.models import FileImport, User
from acts.office import CONTENTS, OPEN_XML
from acts.sheet_files import as_xlsx
from tests.cast import NOW, viewer_for

SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED_STRINGS = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{OPEN_XML}spreadsheetml.sharedStrings+xml"/>'
TIMES = "date,apprentice,worksite,skill set,hours"
ROLL = "date,begins,topic,apprentice,hours"
FIRST_AID = "First Aid/CPR (minimum 6.5 hrs.)"


def lines(header: str, *rows: str) -> bytes:
    """A CSV file of these lines."""
    return "\n".join([header, *rows]).encode()


def workbook(sheet: str, **parts: str) -> bytes:
    """A workbook whose sheet holds this XML; `parts` are other parts to replace or add."""
    file = io.BytesIO()
    given = {SHEET: f'<worksheet xmlns="{SPREADSHEET}">{sheet}</worksheet>', **parts}
    with zipfile.ZipFile(io.BytesIO(as_xlsx([["a"]]))) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        contents = old.read(CONTENTS).decode().replace("</Types>", f"{SHARED_STRINGS}</Types>")
        given |= {CONTENTS: contents} if "xl/sharedStrings.xml" in parts else {}
        for name in dict.fromkeys([*old.namelist(), *given]):
            new.writestr(name, given.get(name) or old.read(name))
    return file.getvalue()


def kept(by: User, kind: FileKind, data: bytes, *, at: datetime = NOW, name: str = "March") -> FileImport:
    """A file that waits to be checked, of the first sponsor of `by`."""
    viewer = viewer_for(by, at)
    key = str(uuid.uuid4())
    return keep_file(viewer=viewer, key=key, kind=kind, sponsor=viewer.sponsors[0], file=io.BytesIO(data), name=name)


def checked(by: User, kind: FileKind, data: bytes, *, at: datetime = NOW) -> FileImport:
    """A file that was brought in and checked."""
    brought = kept(by, kind, data, at=at)
    run(brought.pk, clock=lambda: at)
    return FileImport.objects.select_related("sponsor").get(pk=brought.pk)


def said(brought: FileImport) -> dict[int, str]:
    """Of each row what it will do, or the columns and sentences that refuse it."""
    rows = brought.rows.order_by("number")
    return {
        row.number: "; ".join(f"{code}: {message}" for code, message in row.problems) or row.verdict for row in rows
    }


def recorded(by: User, brought: FileImport, *, key: str = "", at: datetime = NOW) -> FileImport:
    """The file after the press that records it."""
    key = key or str(uuid.uuid4())
    return record_import(viewer=viewer_for(by, at), key=key, brought=brought, seen=check_of(brought))
