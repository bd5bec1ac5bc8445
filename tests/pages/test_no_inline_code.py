"""No template holds what the Content-Security-Policy would refuse to run or to apply."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

TEMPLATES = sorted(Path(settings.BASE_DIR).glob("templates/**/*.html"))
REFUSED = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx expression": re.compile(r"hx-on[:-]|hx-vals=.js:|javascript:", re.IGNORECASE),
}


def refused_in(markup: str) -> list[str]:
    return [what for what, pattern in REFUSED.items() if pattern.search(markup)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_the_template_holds_no_inline_code(path: Path) -> None:
    assert refused_in(path.read_text()) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a hx-on:x="y">',
    ],
)
def test_the_scan_finds_inline_code(markup: str) -> None:
    assert refused_in(markup)


def test_every_page_carries_a_strict_policy(client: Client, db: None) -> None:
    policy = client.get("/glossary/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
