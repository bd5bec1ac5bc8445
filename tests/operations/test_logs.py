"""Every event is one line, whichever library tells it."""

import json
import os
import subprocess
import sys

import pytest

from config.settings.logs import hide_secrets
from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")

PROGRAM = """
import django, logging, structlog
django.setup()
structlog.get_logger("reports.jobs").warning("render_failed", job="7")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("django.request").exception("Internal Server Error: %s", "/here")
"""


def said(log_format: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "LOG_FORMAT": log_format},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""
    return run.stderr.splitlines()


def test_an_address_that_lets_somebody_in_is_left_out_of_a_line() -> None:
    lines = [f"Forbidden: {start}s3cret/" for start in ("/invitations/", "/profile/mail/", "/password/reset/key/")]
    assert all("s3cret" not in hide_secrets(None, "", {"event": line})["event"] for line in lines)


def test_for_machines_a_line_is_a_json_object_with_its_traceback() -> None:
    own, foreign = (json.loads(line) for line in said("json"))
    assert (own["event"], own["job"], own["level"], own["logger"]) == ("render_failed", "7", "warning", "reports.jobs")
    assert (foreign["event"], foreign["logger"]) == ("Internal Server Error: /here", "django.request")
    assert "ZeroDivisionError" in foreign["exception"]


def test_for_people_a_line_is_text_and_a_traceback_is_plain() -> None:
    first, *rest = said("text")
    assert "[warning  ] render_failed" in first
    assert "job=7" in first
    assert rest[-1] == "ZeroDivisionError: division by zero"
