"""What a file is, is judged by its bytes; photos are made anew, and what could do harm is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile
from pytest_django.fixtures import Settings

from acts import office as office_files
from acts.incoming import PDF as PDF_TYPE
from acts.incoming import receive
from acts.refusing import FileRefused
from tests.evidence.files import HTML, PDF, WORD, office, photo

pytestmark = pytest.mark.one_lane("sqlite")


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def huge_png(side: int) -> bytes:
    """A file of a few hundred bytes that claims to be a picture of `side` times `side` dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_is_made_anew_without_its_place_and_its_owner(form: str) -> None:
    sent = photo(form=form)
    assert b"Camera Maker" in sent or opened(sent).getexif()
    kept = receive(BytesIO(sent))
    picture = opened(kept.data)
    assert kept.content_type == ("image/png" if form == "PNG" else "image/jpeg")
    assert (picture.size, dict(picture.getexif())) == ((640, 480), {})
    assert b"Camera Maker" not in kept.data
    assert receive(BytesIO(sent)).data == kept.data


def test_a_photo_is_turned_upright_and_its_thumbnail_is_small() -> None:
    kept = receive(BytesIO(photo(turned=True)))
    assert opened(kept.data).size == (480, 640)
    assert kept.thumbnail
    assert (opened(kept.thumbnail).size, opened(kept.thumbnail).format) == ((240, 320), "JPEG")


def test_what_hangs_on_a_photo_is_left_behind_and_a_large_one_is_made_smaller() -> None:
    kept = receive(BytesIO(photo(size=(5000, 100)) + HTML))
    assert b"script" not in kept.data
    assert opened(kept.data).size == (4096, 82)


def test_a_transparent_picture_stays_one_and_its_thumbnail_lies_on_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    kept = receive(out)
    assert opened(kept.data).mode == "RGBA"
    assert kept.thumbnail
    assert opened(kept.thumbnail).getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_and_an_office_file_are_kept_byte_for_byte() -> None:
    word = office()
    assert (receive(BytesIO(PDF)).data, receive(BytesIO(PDF)).content_type) == (PDF, PDF_TYPE)
    assert (receive(BytesIO(word)).data, receive(BytesIO(word)).content_type) == (word, office_files.DOCX)
    assert receive(BytesIO(word)).thumbnail is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (HTML, "neither a photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a photo"),
        (b"MZ\x90\x00", "neither a photo"),
        (b"", "empty"),
        (b"\xff\xd8\xff" + HTML, "cannot be read"),
        (photo()[:900], "cannot be read"),
        (b"%PDF-1.7" + HTML, "neither a photo"),
        (b"PK\x03\x04" + HTML, "cannot be read as a Word"),
        (office(main="text/html"), "an archive, but no Word"),
        (office(main=WORD.replace("document.main", "document.macroEnabled.main")), "contains macros"),
        (office(("word/vbaProject.bin", b"x")), "contains macros"),
        (office(("word/activeX/activeX1.xml", b"x")), "embedded"),
        (office(("word/embeddings/oleObject1.bin", b"x")), "embedded"),
        (huge_png(20_000), "more than 64 megapixels"),
        (huge_png(9_000), "more than 64 megapixels"),
        (office(("word/document.xml", b"0" * 40_000_000)), "unpacks to far more"),
        (office(*((f"word/{n}.xml", b"") for n in range(4001))), "unpacks to far more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_is_disguised_or_dangerous_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        receive(BytesIO(data))


def test_a_photo_that_breaks_off_is_refused_where_papers_are_rendered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does
    with pytest.raises(FileRefused, match="cannot be read"):
        receive(BytesIO(photo()[:900]))
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_file_over_the_limit_is_not_read_to_its_end(settings: Settings) -> None:
    settings.EVIDENCE_LARGEST_BYTES = 2_000_000
    file = BytesIO(PDF + b"0" * 5_000_000)
    with pytest.raises(FileRefused, match="larger than 2 MB"):
        receive(file)
    assert file.tell() == 2_000_001
