"""Files as people choose them, and as attackers make them."""

import uuid
import zipfile
from io import BytesIO

from PIL import Image

from accounts.models import User
from apprenticeship.evidence import upload
from apprenticeship.models import Apprenticeship, Evidence, EvidenceDraft
from tests.cast import fresh, viewer_for

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def photo(
    color: str = "teal", *, size: tuple[int, int] = (640, 480), form: str = "JPEG", turned: bool = False
) -> bytes:
    """A photo as a phone takes it: with its place, its camera and its owner; `turned`: held upright."""
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    exif[0x010F] = "Camera Maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 42.0, 46.0), 3: "W", 4: (74.0, 0.0, 21.0)})
    out = BytesIO()
    Image.new("RGB", size, color).save(out, form, exif=exif)
    return out.getvalue()


def office(*members: tuple[str, bytes], main: str = WORD) -> bytes:
    """A Word file with these members beside its own."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override PartName="/a.xml" ContentType="{main}"/></Types>')
        for name, data in members or [("word/document.xml", b"<w:document/>")]:
            archive.writestr(name, data)
    return out.getvalue()


def uploaded(
    book: Apprenticeship, who: User, data: bytes | None = None, *, key: str | None = None, name: str = "IMG_0042.jpg"
) -> EvidenceDraft | Evidence:
    """What becomes of `data` (a photo where none is given) when `who` chooses it in a form about `book`."""
    return upload(
        viewer=viewer_for(who),
        key=key or str(uuid.uuid4()),
        apprenticeship=fresh(book),
        file=BytesIO(photo() if data is None else data),
        name=name,
    )
