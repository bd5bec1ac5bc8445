"""Habits of the source, checked by reading all of it."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern

from accounts.checks import every_pattern

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("acts", "accounts", "competencies", "apprenticeship", "instruction", "reports", "config")
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
LINES_OF_A_VIEW = 15
# Where an instant may be taken from the clock: requests, tasks, commands.
EDGES = ("middleware.py", "sessions.py", "tasks.py")
CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_one_can_overlook() -> None:
    lines = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*PACKAGES, "tests")}
    assert {name: number for name, number in lines.items() if number >= LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{short(path)}:{node.name}"
        for path in sources(*PACKAGES, "tests")
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno >= LINES_OF_A_FUNCTION
    ]
    assert long == []


def body_lines(pattern: URLPattern) -> int:
    """The lines of the view behind an address, without its docstring and its decorators; 0 for foreign ones."""
    view = inspect.unwrap(getattr(pattern.callback, "view_class", None) or pattern.callback)
    if not inspect.isfunction(view) or view.__module__.split(".")[0] not in PACKAGES:
        return 0
    node = ast.parse(inspect.cleandoc(inspect.getsource(view))).body[0]
    assert isinstance(node, ast.FunctionDef)
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_views_parse_call_and_answer_and_are_short() -> None:
    lines = {address: body_lines(pattern) for address, pattern in every_pattern()}
    assert max(lines.values()) > 1
    assert {address: number for address, number in lines.items() if number > LINES_OF_A_VIEW} == {}


def test_only_the_edge_asks_the_clock() -> None:
    asking = []
    for path in sources(*PACKAGES):
        at_the_edge = path.name in EDGES or "commands" in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS and not at_the_edge:
                asking.append(f"{short(path)}:{node.lineno}")
    assert asking == []


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_one_module_alone_imports_weasyprint() -> None:
    assert [short(path) for path in sources(*PACKAGES) if "weasyprint" in imports_of(path)] == ["reports/rendering.py"]


def test_the_renderer_knows_no_table_and_no_clock() -> None:
    modules = {"django.db", "django.utils.timezone", "datetime", "requests", "urllib"}
    assert not modules & imports_of(ROOT / "reports" / "rendering.py")


def test_migrations_have_spoken_names() -> None:
    names = [path.stem for package in PACKAGES for path in (ROOT / package).glob("migrations/0*.py")]
    assert [name for name in names if "_auto_" in name] == []


@pytest.mark.parametrize("package", PACKAGES[:-1])
def test_transitions_speak_no_http(package: str) -> None:
    """A module that begins an act is called by pages, API, commands and imports alike."""
    for path in sources(package):
        if "begin_act(" in path.read_text(encoding="utf-8"):
            assert not imports_of(path) & {"rest_framework"}, short(path)
            assert "django.http" not in path.read_text(encoding="utf-8"), short(path)
