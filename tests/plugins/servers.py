"""The places a test run works in: a folder of its own and, in lane `postgres`, real servers.

`JOURNEYBOOK_TEST_LANE` names the lane: `sqlite` (the default) or `postgres`. The environment is
set while pytest imports this module, because Django's settings are read soon after and would not
see it later. The controller of a parallel run starts one PostgreSQL and one Redis; its workers
inherit the addresses by environment and take a folder and a Redis database of their own.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.plugins import postgresql, redis

PROJECT = Path(__file__).resolve().parent.parent.parent
LANES = ("sqlite", "postgres")
RUN_FOLDER = "JOURNEYBOOK_TEST_RUN"
SERVERS_FOLDER = "JOURNEYBOOK_TEST_SERVERS"

left_to_the_other_lane = pytest.StashKey[int]()
_started: list[Any] = []


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sweep(parent: Path) -> None:
    """Remove what runs that were killed left behind: servers still running, and their folders."""
    for folder in parent.glob("run-*"):
        if _is_alive(int(folder.name.removeprefix("run-"))):
            continue
        marker = folder / "servers"
        if marker.exists():
            servers = Path(marker.read_text())
            for pid_file in (servers / "redis.pid", servers / "postgres" / "postmaster.pid"):
                with suppress(OSError, ValueError, IndexError):
                    os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
            shutil.rmtree(servers, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _start_servers(run: Path) -> None:
    # A path of a socket may have 107 bytes, so the servers live in the system's temporary folder;
    # other users may pass through it, because PostgreSQL refuses to run as root.
    servers = Path(tempfile.mkdtemp(prefix="journeybook-"))
    servers.chmod(0o755)
    (run / "servers").write_text(str(servers))
    os.environ[SERVERS_FOLDER] = str(servers)
    redis_server = redis.RedisServer(servers)
    _started.append(redis_server)
    database = postgresql.PostgresServer(servers)
    _started.append(database)
    os.environ["DATABASE_URL"] = database.url
    os.environ["JOURNEYBOOK_TEST_REDIS"] = redis_server.url


def _prepare() -> None:
    lane = os.environ.setdefault("JOURNEYBOOK_TEST_LANE", "sqlite")
    if lane not in LANES:
        raise pytest.UsageError(f"JOURNEYBOOK_TEST_LANE is {lane!r}; the lanes are {', '.join(LANES)}")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        parent = Path(os.environ.get("JOURNEYBOOK_VAR", PROJECT / "var")).resolve() / "test"
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        run = parent / f"run-{os.getpid()}"
        run.mkdir(exist_ok=True)
        os.environ[RUN_FOLDER] = str(run)
        for name in ("DATABASE_URL", "CELERY_BROKER_URL", "JOURNEYBOOK_TEST_REDIS"):
            os.environ.pop(name, None)
        if lane == "postgres":
            _start_servers(run)
    run = Path(os.environ[RUN_FOLDER])
    os.environ["JOURNEYBOOK_VAR"] = str(run / (worker or "main"))
    if lane == "postgres":
        # Redis database 0 is the controller's (or the only process's); worker gw0 has 1, and so on.
        number = int(worker.removeprefix("gw")) + 1 if worker else 0
        os.environ["CELERY_BROKER_URL"] = f"{os.environ['JOURNEYBOOK_TEST_REDIS']}?virtual_host={number}"


def _clean_up() -> None:
    while _started:
        with suppress(subprocess.SubprocessError):
            _started.pop().stop()
    for name in (SERVERS_FOLDER, RUN_FOLDER):
        if name in os.environ:
            shutil.rmtree(os.environ[name], ignore_errors=True)


if "PYTEST_XDIST_WORKER" not in os.environ:
    # For a run that ends before it is configured; all others end in pytest_unconfigure.
    atexit.register(_clean_up)
_prepare()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller stops what it started and removes the run's folder."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _clean_up()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that are marked for one lane to that lane."""
    elsewhere = [item for item in items if _belongs_elsewhere(item)]
    if elsewhere:
        items[:] = [item for item in items if item not in elsewhere]
        config.hook.pytest_deselected(items=elsewhere)
        config.stash[left_to_the_other_lane] = len(elsewhere)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing but tests of the other lane: that is no failure of this one."""
    if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.stash.get(left_to_the_other_lane, 0):
        session.exitstatus = pytest.ExitCode.OK


def _belongs_elsewhere(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("one_lane")
    if mark is None:
        return False
    (lane,) = mark.args
    if lane not in LANES:
        raise pytest.UsageError(f"{item.nodeid}: one_lane({lane!r}); the lanes are {', '.join(LANES)}")
    return bool(lane != os.environ["JOURNEYBOOK_TEST_LANE"])


def pytest_report_header(config: pytest.Config) -> str:
    return f"journeybook: lane {os.environ['JOURNEYBOOK_TEST_LANE']}"
