"""Real processes for tests: workers, web servers, the demo; each ended with everything it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

PROJECT = Path(__file__).resolve().parent.parent


def test_environment() -> dict[str, str]:
    """The environment in which another process meets this test's database, queue and files.

    Only for tests with real commits: what stands in an open transaction is seen by nobody else.
    """
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgres://{database['USER']}@/{database['NAME']}?host={quote(str(database['HOST']))}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": url,
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "JOURNEYBOOK_VAR": str(settings.VAR_DIR),
    }


test_environment.__test__ = False  # type: ignore[attr-defined]  # a helper, whatever its name begins with


@contextmanager
def running(words: list[str], *, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m words`, running while the block does; its words go to `log`.

    At the end it and everything it started is killed, without being asked first.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=PROJECT,
            env={**env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    family: list[psutil.Process] = []
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):
            leader = psutil.Process(process.pid)
            family = [leader, *leader.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@contextmanager
def worker(queue: str, *, log: Path, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker of `queue` on this test's database and broker, ready to take work."""
    with running(["config.start", "worker", queue], env=env or test_environment(), log=log) as process:
        wait_until(lambda: " ready." in log.read_text(), within=30, what=lambda: f"worker ready:\n{log.read_text()}")
        yield process


def wait_until(
    condition: Callable[[], object], *, within: float = 20, what: str | Callable[[], str] = "it happened"
) -> None:
    """Return as soon as `condition` holds; fail, saying what was awaited, after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what() if callable(what) else what}")
        time.sleep(0.05)


def alive(processes: list[psutil.Process]) -> list[str]:
    """The command lines of those that still run; one that only waits to be reaped does not."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
    return found
