"""What keeps views thin, transitions free of HTTP and the renderer free of everything but its dataclass."""

import ast
import inspect
from pathlib import Path

import pytest
from django.urls import URLPattern

from accounts.checks import every_pattern
from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")

LAYERS = ("acts", "accounts", "competencies", "apprenticeship", "instruction", "reports", "config")
LINES_OF_A_VIEW = 15


def body_lines(pattern: URLPattern) -> int:
    """The lines of the view behind an address, without its docstring and its decorators; 0 for foreign ones."""
    view = inspect.unwrap(getattr(pattern.callback, "view_class", None) or pattern.callback)
    if not inspect.isfunction(view) or view.__module__.split(".")[0] not in LAYERS:
        return 0
    node = ast.parse(inspect.cleandoc(inspect.getsource(view))).body[0]
    assert isinstance(node, ast.FunctionDef)
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_views_parse_call_and_answer_and_are_short() -> None:
    lines = {address: body_lines(pattern) for address, pattern in every_pattern()}
    assert max(lines.values()) > 1
    assert {address: number for address, number in lines.items() if number > LINES_OF_A_VIEW} == {}


def imports_of(path: Path) -> set[str]:
    """What a module imports, by dotted path."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_the_renderer_knows_no_table_no_clock_and_no_network() -> None:
    forbidden = {"django.db", "django.utils.timezone", "datetime.datetime", "urllib.request", "requests", "socket"}
    assert not imports_of(PROJECT / "reports" / "rendering.py") & forbidden


def test_transitions_speak_no_http() -> None:
    """A module that begins an act is called by pages, API, commands and imports alike."""
    modules = [path for layer in LAYERS[:-1] for path in (PROJECT / layer).rglob("*.py")]
    transitions = [path for path in modules if "begin_act(" in path.read_text(encoding="utf-8")]
    assert len(transitions) >= 5
    for path in transitions:
        http = {name for name in imports_of(path) if name.startswith(("django.http", "rest_framework"))}
        assert http == set(), path
