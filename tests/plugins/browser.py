"""Finding the browser of the journeys; where there is none, saying so.

With `CI=true` a missing browser fails the run. Elsewhere the journeys are left out and the last
lines of the report say loudly how many, and what would bring them back.
"""

import ctypes
import os
import shutil
import sys

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
_left_out: list[str] = []


def find_browser() -> str | None:
    """The path of a Chromium; `JOURNEYBOOK_CHROMIUM` may name one."""
    named = os.environ.get("JOURNEYBOOK_CHROMIUM")
    candidates = (named,) if named else NAMES
    return next((path for name in candidates if (path := shutil.which(name))), None)


def missing_packages() -> list[str]:
    """The Debian packages without which no journey can run here."""
    packages = [] if find_browser() else ["chromium"]
    try:
        # Playwright's driver is a program of node, which its wheel brings, linked with this, which it does not.
        ctypes.CDLL("libatomic.so.1" if sys.platform == "linux" else None)
    except OSError:
        packages.append("libatomic1")
    return packages


def _reason() -> str:
    packages = " ".join(missing_packages())
    return f"missing here: {packages}. Remedy: apt-get install -y {packages}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    journeys = [item for item in items if item.get_closest_marker("browser")]
    if not journeys or not missing_packages():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(f"{len(journeys)} browser journeys cannot run; {_reason()}")
    _left_out.extend(item.nodeid for item in journeys)
    items[:] = [item for item in items if item not in journeys]
    config.hook.pytest_deselected(items=journeys)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run of nothing but journeys is no failure for somebody without a browser."""
    if _left_out and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _left_out:
        terminalreporter.write_sep("!", "BROWSER JOURNEYS WERE NOT RUN", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(_left_out)} browser journeys were left out; {_reason()}", red=True, bold=True
        )
