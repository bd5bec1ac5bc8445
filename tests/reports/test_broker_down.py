"""A broker that is down, or that hangs, costs an order a moment and nothing else."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

pytestmark = pytest.mark.one_lane("sqlite")

SEND = """
import django, time
django.setup()
from django.utils import timezone
from reports.jobs import dispatch
from reports.models import RenderJob
started = time.monotonic()
print(dispatch(RenderJob(), at=timezone.now()), time.monotonic() - started)
"""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield server.getsockname()[1]


def send_through(broker: str) -> tuple[str, float]:
    """What sending an id through `broker` answers, in a process of its own, and how many seconds it takes."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "CELERY_BROKER_URL": broker}
    done = subprocess.run([sys.executable, "-c", SEND], env=env, cwd=settings.BASE_DIR, capture_output=True, timeout=60)
    answer, seconds = done.stdout.split()[-2:]
    return answer.decode(), float(seconds)


def test_a_broker_that_refuses_is_given_up_at_once() -> None:
    answer, seconds = send_through("redis://127.0.0.1:1/0")
    assert answer == "False"
    assert seconds < 3


def test_a_broker_that_never_answers_is_given_up_after_seconds(silent_port: int) -> None:
    answer, seconds = send_through(f"redis://127.0.0.1:{silent_port}/0")
    assert answer == "False"
    assert seconds < 8
