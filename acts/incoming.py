"""Files from outside: known by their bytes, never by their name, and made harmless or refused.

Photos are taken apart and written anew (`acts/pictures.py`); PDF files and office files are kept
byte for byte, after a look inside for what could run (`acts/office.py`). What is kept is handed out
as a download, never as a page of ours. Nothing here knows who sends a file or what it is for.
"""

from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from acts import office, pictures
from acts.refusing import FileRefused

PDF = "application/pdf"
KEPT_TYPES = {pictures.JPEG: ".jpg", pictures.PNG: ".png", PDF: ".pdf", **office.EXTENSIONS}
"""Every type that is ever kept, each with the ending of its download."""


@dataclass(frozen=True)
class Received:
    """What is kept of a file: its bytes, the type they have, and for a photo its thumbnail (a JPEG)."""

    data: bytes
    content_type: str
    thumbnail: bytes | None = None


def is_photo(content_type: str) -> bool:
    """Whether a kept file of this type is a photo or another picture."""
    return content_type in (pictures.JPEG, pictures.PNG)


def receive(file: BinaryIO) -> Received:
    """Read `file` from its beginning and make of it what is kept. Raises FileRefused with the reason.

    At most settings.EVIDENCE_LARGEST_BYTES and one byte more are ever read.
    """
    most = settings.EVIDENCE_LARGEST_BYTES
    file.seek(0)
    data = file.read(most + 1)
    if len(data) > most:
        raise too_large()
    if not data:
        raise FileRefused(_("The file is empty."))
    if pictures.looks_like(data):
        kept = pictures.remake(data, most=most)
        return Received(kept.data, kept.content_type, kept.thumbnail)
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Received(data, PDF)
    if office.looks_like(data):
        return Received(data, office.type_of(data))
    raise FileRefused(
        _("This is neither a photo (JPEG, PNG, WebP, HEIC) nor a PDF nor a Word, Excel or PowerPoint file.")
    )


def too_large() -> FileRefused:
    """The refusal of a file beyond the limit."""
    megabytes = settings.EVIDENCE_LARGEST_BYTES // 1_000_000
    return FileRefused(_("The file is larger than %(megabytes)s MB.") % {"megabytes": megabytes})
