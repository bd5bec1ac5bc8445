"""Every file that a page or a style sheet names is there, under its hashed name too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from pytest_django import Settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def named_in_templates() -> Iterator[str]:
    for template in TEMPLATES.rglob("*.html"):
        yield from re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", template.read_text())


def named_in_styles() -> Iterator[tuple[Path, str]]:
    for sheet in STATIC.rglob("*.css"):
        for address in re.findall(r"""url\(["']?([^"')]+)["']?\)""", sheet.read_text()):
            yield sheet, address


def test_templates_name_only_files_that_exist() -> None:
    named = set(named_in_templates())
    assert "css/journeybook.css" in named
    assert [name for name in named if finders.find(name) is None] == []


def test_style_sheets_name_only_files_that_exist() -> None:
    named = list(named_in_styles())
    assert len(named) > 20
    assert [(sheet.name, address) for sheet, address in named if not (sheet.parent / address).is_file()] == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    sheets = [sheet for sheet, address in named_in_styles() if re.match(r"(https?:)?//|data:", address)]
    pages = [p.name for p in TEMPLATES.rglob("*.html") if re.search(r"""(src|href)=["'](https?:)?//""", p.read_text())]
    assert (sheets, pages) == ([], [])


@pytest.mark.parametrize("folder", ["uswds", "htmx", "public-sans"])
def test_each_vendored_folder_holds_its_license(folder: str) -> None:
    assert [path for path in (STATIC / "vendor" / folder).iterdir() if path.name.startswith("LICENSE")]


def test_hashed_names_can_be_made_for_all_of_them(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("css/journeybook.*.css"))
