"""Journeys that cannot run are never left out in silence."""

import os
import subprocess
import sys

import pytest

from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")


def journeys(ci: str) -> "subprocess.CompletedProcess[str]":
    """A run of two journeys where there is no browser."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/browser/test_the_browser.py"],
        cwd=PROJECT,
        env={**env, "JOURNEYBOOK_CHROMIUM": "no-such-browser", "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_newcomer_is_told_loudly_what_is_missing_and_how_to_get_it() -> None:
    run = journeys(ci="")
    assert run.returncode == 0, run.stdout
    assert "BROWSER JOURNEYS WERE NOT RUN" in run.stdout
    assert "2 browser journeys were left out; missing here: chromium. Remedy: apt-get install -y chromium" in run.stdout


def test_continuous_integration_fails_without_a_browser() -> None:
    run = journeys(ci="true")
    assert run.returncode != 0
    assert "2 browser journeys cannot run; missing here: chromium. Remedy: apt-get install -y chromium" in run.stderr
