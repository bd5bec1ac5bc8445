"""From frozen paper to PDF bytes; the only importer of WeasyPrint.

No table is read here, no clock and no network: what is printed is what was frozen, and the same
paper gives the same bytes. WeasyPrint itself is imported where it is used, because its import fails
on a machine without Pango, and the web process must run there all the same.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from reports.papers import Paper, frozen

ASSETS = Path(__file__).resolve().parent / "assets"
PDF_VARIANT = "pdf/a-3a"
"""Tagged and archival, with room for files inside. The structure is checked; conformance is not claimed."""

TEMPLATES = {
    "progress_record": "documents/paper/record.html",
    "month_page": "documents/paper/month.html",
    "transcript": "documents/paper/transcript.html",
}
CONTENT_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}
LOGO = "logo.png"
PUBLIC_SANS = ("PublicSans-Regular.ttf", "PublicSans-SemiBold.ttf", "PublicSans-Italic.ttf")
SHAPE = re.compile(r'<symbol id="s-(?P<code>\w+)" viewBox="(?P<box>[^"]+)">(?P<drawing>.*?)</symbol>')


class AssetRefused(Exception):
    """The page asked for something that is not one of its own files: nothing is rendered."""


def render_paper(record: Paper, *, logo: bytes = b"") -> bytes:
    """A paper as a PDF by the template of its kind, in its language and on its size of paper.

    `logo` is the PNG whose SHA-256 the paper names. Raises AssetRefused when the page asks for anything but its own
    style, fonts and shapes and that logo.
    """
    with translation.override(record.language):
        html = get_template(TEMPLATES[record.kind]).render({"record": record})
    own = {LOGO: logo} if logo and hashlib.sha256(logo).hexdigest() == record.who.logo else {}
    return to_pdf(html, identifier=hashlib.sha256(frozen(record).encode()).digest()[:16], own=own)


def to_pdf(html: str, *, identifier: bytes, own: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """`html` as a tagged PDF; `identifier` stands where a random file identifier would, `own` are files of it alone."""
    from weasyprint import HTML, urls  # it fails at import where Pango is missing

    # What was refused is kept, because WeasyPrint swallows even fatal errors inside an SVG.
    refused: list[str] = []
    files = {**assets(), **own}

    class OnlyAssets(urls.URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
        """Answers from `assets()`; no scheme, host, file or redirect is ever followed."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            scheme, _colon, name = url.partition(":")
            if scheme != "asset" or name not in files:
                refused.append(url)
                raise urls.FatalURLFetchingError(url)
            content_type = CONTENT_TYPES[Path(name).suffix]
            return urls.URLFetcherResponse(url, io.BytesIO(files[name]), {"Content-Type": content_type})

    with warnings.catch_warnings():
        # WeasyPrint 70 leaves the file of its color profile open.
        warnings.simplefilter("ignore", ResourceWarning)
        with suppress(urls.FatalURLFetchingError):
            document = HTML(string=html, url_fetcher=OnlyAssets())
            pdf: bytes = document.write_pdf(pdf_variant=PDF_VARIANT, pdf_identifier=identifier)
    if refused:
        raise AssetRefused(refused[0])
    return pdf


@cache
def assets() -> dict[str, bytes]:
    """Everything that the page may load, by name: its styles, its fonts, the shapes of the states."""
    public_sans = settings.BASE_DIR / "static" / "vendor" / "public-sans"
    files = [*ASSETS.glob("*.css"), *ASSETS.glob("*.ttf"), *(public_sans / name for name in PUBLIC_SANS)]
    return {**{path.name: path.read_bytes() for path in files}, **_shapes()}


def _shapes() -> dict[str, bytes]:
    """The shapes of the states, as the pages draw them, each as a file of its own."""
    source = (settings.BASE_DIR / "templates" / "symbols.html").read_text()
    frame = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" fill="none" stroke="#16233b"'
        ' stroke-width="1.75" color="#16233b">{drawing}</svg>'
    )
    return {
        f"{found['code']}.svg": frame.format(box=found["box"], drawing=found["drawing"]).encode()
        for found in SHAPE.finditer(source)
    }
