"""What keeps the code easy to find one's way in: sizes, one clock, one printer, no rows that vanish with others."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")

LAYERS = ("acts", "accounts", "competencies", "apprenticeship", "instruction", "reports", "config")
# Where the time of a request, a task or a command begins; everything else gets it from a Viewer.
EDGE = re.compile(
    r"accounts/(middleware|session_store|sessions)\.py|apprenticeship/station_sessions\.py|config/health\.py"
    r"|[a-z]+/tasks\.py|.*/management/commands/.*"
)
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("date", "today"), ("datetime", "today"), ("datetime", "utcnow")}
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in LAYERS]


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of ours with its path from the project's root, without migrations and tests."""
    for layer in LAYERS:
        for path in sorted((PROJECT / layer).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(PROJECT).as_posix(), path


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for name, path in modules():
        yield from ((name, node) for node in ast.walk(ast.parse(path.read_text())))


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert [name for name, path in modules() if len(path.read_text().splitlines()) > 400] == []


def test_no_function_is_longer_than_sixty_lines() -> None:
    functions = ((name, node) for name, node in nodes() if isinstance(node, ast.FunctionDef))
    assert [(name, f.name) for name, f in functions if (f.end_lineno or 0) - f.lineno >= 60] == []


def test_the_time_comes_from_the_edge() -> None:
    asked = [
        name
        for name, node in nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
        and not EDGE.fullmatch(name)
    ]
    assert asked == []


def test_one_module_alone_knows_how_pdfs_are_made() -> None:
    importers = {name for name, path in modules() if re.search(r"^\s*(from|import) weasyprint", path.read_text(), re.M)}
    assert importers == {"reports/rendering.py"}


def test_no_row_vanishes_with_another() -> None:
    relations = [field for model in OUR_MODELS for field in model._meta.get_fields() if field.many_to_one]
    ours = [field for field in relations if isinstance(field, models.ForeignKey)]
    assert [str(field) for field in ours if field.remote_field.on_delete is not models.PROTECT] == []
    assert len(ours) > 40


def test_nothing_happens_behind_a_saved_row() -> None:
    for signal in (pre_save, post_save, pre_delete, post_delete, m2m_changed):
        assert [model.__name__ for model in OUR_MODELS if signal.has_listeners(model)] == []


def test_migrations_have_spoken_names() -> None:
    names = [path.stem for layer in LAYERS for path in (PROJECT / layer).glob("migrations/0*.py")]
    assert [name for name in names if "_auto_" in name] == []


def test_every_page_of_documentation_that_the_code_names_is_there() -> None:
    named = {page for _, path in modules() for page in re.findall(r"docs/[a-z/0-9-]+\.md", path.read_text())}
    assert [page for page in sorted(named) if not (PROJECT / page).exists()] == []
