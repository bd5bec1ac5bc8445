"""Word, Excel and PowerPoint files: archives that are looked into and kept as they are.

What can run is refused: macros, ActiveX, embedded programs. What the file tells about its author
stays in it, because its bytes are not touched.
"""

import zipfile
import zlib
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _

from acts.refusing import FileRefused

OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OPEN_XML}wordprocessingml.document"
XLSX = f"{OPEN_XML}spreadsheetml.sheet"
PPTX = f"{OPEN_XML}presentationml.presentation"
EXTENSIONS = {DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx"}
CONTENTS = "[Content_Types].xml"
MOST_ENTRIES = 4000
MOST_CONTENTS_BYTES = 1_000_000
HIGHEST_RATIO = 200
"""How many times larger than packed a whole archive may be; large sheets reach about 50."""
CHUNK = 256 * 1024


class HasMacros(FileRefused):
    """The file brings macros."""


def looks_like(data: bytes) -> bool:
    """Whether the first bytes are those of an archive."""
    return data.startswith(b"PK\x03\x04")


def type_of(data: bytes) -> str:
    """Which of the three types the archive in `data` is. Raises FileRefused for any other, and for what is not safe.

    Every member is unpacked once, piece by piece and never kept, so that the sizes are real ones and not
    those that the archive claims.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_what_can_run(archive)
            _refuse_a_bomb(archive, packed=len(data))
            contents = archive.read(CONTENTS).decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        # RuntimeError: a member is encrypted; NotImplementedError: packed in a way nobody writes
        raise FileRefused(_("The file cannot be read as a Word, Excel or PowerPoint file.")) from None
    if "macroEnabled" in contents or "vbaProject" in contents:
        raise _with_macros()
    for content_type in EXTENSIONS:
        if f'"{content_type}.main+xml"' in contents:
            return content_type
    raise FileRefused(_("The file is an archive, but no Word, Excel or PowerPoint file."))


def _refuse_what_can_run(archive: zipfile.ZipFile) -> None:
    names = [name.lower() for name in archive.namelist()]
    if len(names) > MOST_ENTRIES:
        raise _bomb()
    if any("vbaproject" in name or "vbadata" in name for name in names):
        raise _with_macros()
    if any("activex" in name or ("embeddings/" in name and name.endswith((".bin", ".exe"))) for name in names):
        raise FileRefused(_("The file has a program or object embedded in it. Save it without and choose it again."))


def _refuse_a_bomb(archive: zipfile.ZipFile, *, packed: int) -> None:
    most = min(settings.EVIDENCE_MOST_UNPACKED_BYTES, max(packed, 100_000) * HIGHEST_RATIO)
    if sum(member.file_size for member in archive.infolist()) > most:
        raise _bomb()
    unpacked = 0
    for member in archive.infolist():
        if member.filename == CONTENTS and member.file_size > MOST_CONTENTS_BYTES:
            raise _bomb()
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                unpacked += len(piece)
                if unpacked > most:
                    raise _bomb()


def _bomb() -> FileRefused:
    return FileRefused(_("The file unpacks to far more than it should. Nothing of it was kept."))


def _with_macros() -> HasMacros:
    return HasMacros(_("The file contains macros. Save it without macros, or as PDF, and choose it again."))
