"""Reading a PDF in tests: its text page by page, and its structure."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page, with its lines joined by single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    return " ".join(texts_of(pdf))


def open_structure(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Every element of a structure tree, from `node` downward."""
    if isinstance(node, pikepdf.Array):
        for member in node:
            yield from elements(member)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        yield from elements(node.get("/K"))


def tags_of(pdf: bytes) -> Counter[str]:
    """How many elements of each kind the structure tree holds: "H1", "Table", "TH" …"""
    with open_structure(pdf) as document:
        return Counter(str(each.S)[1:] for each in elements(document.Root.StructTreeRoot.K))
