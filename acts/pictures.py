"""Photos from phones and cameras: taken apart to their dots and written anew.

What is kept is a new file: no place, no camera, no name of an owner, no text, nothing hidden behind
the picture. The orientation is applied, colors are brought to sRGB, and HEIC and WebP become JPEG,
which every browser shows. The same bytes always give the same result, so that a file that is sent
twice is kept once.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps
from pillow_heif import register_heif_opener

from acts.refusing import FileRefused

JPEG, PNG = "image/jpeg", "image/png"
LONGEST_SIDE = 4096
"""In dots: what is larger is made smaller. A photo of 12 megapixels stays as it is."""
THUMBNAIL_SIDE = 320
QUALITY = 88
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Picture:
    """A picture written anew, and a small JPEG of it."""

    data: bytes
    content_type: str
    thumbnail: bytes


def looks_like(data: bytes) -> bool:
    """Whether the first bytes are those of a picture that we take."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS)
    )


def remake(data: bytes, *, most: int) -> Picture:
    """The picture in `data` as a new file of at most `most` bytes. Raises FileRefused.

    The size is read from the header and judged before any dot is unpacked, so that a small file
    cannot fill the memory with a huge picture.
    """
    image, was_png = _taken_apart(data)
    small = _without_transparency(image)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    thumbnail = _as_jpeg(small, quality=80)
    kept = _as_png(image) if was_png else b""
    if was_png and len(kept) <= most:
        return Picture(kept, PNG, thumbnail)
    return Picture(_as_jpeg(_without_transparency(image), quality=QUALITY), JPEG, thumbnail)


def remake_small(data: bytes, *, within: tuple[int, int]) -> bytes:
    """The picture in `data` as a new PNG on white that is no wider and no higher than `within`. Raises FileRefused."""
    image = _without_transparency(_taken_apart(data)[0])
    image.thumbnail(within)
    return _as_png(image)


def _taken_apart(data: bytes) -> tuple[Image.Image, bool]:
    """The dots of the picture in `data`, and whether it was a PNG. Raises FileRefused."""
    try:
        with warnings.catch_warnings(), _whole_files_only():
            # Pillow warns of huge pictures; here they are refused by our own limit.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                _refuse_too_many_dots(opened)
                return _plain(opened), opened.format == "PNG"
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:  # Pillow's own limit lies higher and comes first
        raise _too_many_dots() from error
    except Exception as error:  # whatever a broken file makes of a decoder, it is the file's fault
        raise FileRefused(_("The photo cannot be read. Take it again, or save it as JPEG.")) from error


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """Refuse a file that breaks off, also in a process where WeasyPrint has told Pillow to let such ones pass."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _refuse_too_many_dots(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > settings.EVIDENCE_MOST_PIXELS:
        raise _too_many_dots()


def _too_many_dots() -> FileRefused:
    most = settings.EVIDENCE_MOST_PIXELS // 1_000_000
    return FileRefused(_("The photo has more than %(most)s megapixels. Take a smaller one.") % {"most": most})


def _plain(opened: Image.Image) -> Image.Image:
    """The dots alone: upright, in sRGB, no longer than LONGEST_SIDE, with nothing attached to them."""
    if opened.format == "JPEG":  # decode a huge one at half its size: a quarter of the memory
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    opened.seek(0)
    image = ImageOps.exif_transpose(opened)
    profile = image.info.get("icc_profile")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = _in_srgb(image, profile)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    bare = Image.new(mode, image.size)
    bare.paste(image.convert(mode))
    return bare


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """The same colors in sRGB; a profile that cannot be used is left aside."""
    if not isinstance(profile, bytes) or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = image.mode if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def _without_transparency(image: Image.Image) -> Image.Image:
    """A copy on white."""
    if image.mode == "RGB":
        return image.copy()
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _as_jpeg(image: Image.Image, *, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _as_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
