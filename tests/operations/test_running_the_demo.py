"""One command starts the demo, watches over its processes and leaves none behind."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.processes import PROJECT, alive, running, wait_until

pytestmark = [pytest.mark.one_lane("sqlite"), pytest.mark.slow]


def demo_environment(folder: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return {**env, "JOURNEYBOOK_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.demo"}


def demo_command(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "config.demo", *words],
        cwd=PROJECT,
        env=demo_environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def people(database: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT id, username FROM accounts_user ORDER BY username").fetchall()


@dataclass
class RunningDemo:
    process: subprocess.Popen[bytes]
    said: Path
    folder: Path
    port: int

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self, queue: str) -> list[psutil.Process]:
        """The leader of the worker of `queue`; nobody while it is being started again."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if child.cmdline()[-2:] == ["worker", queue]:
                    found.append(child)
        return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that ran once from nothing: loading its people takes longer than all else here."""
    folder = tmp_path_factory.mktemp("loaded") / "var"
    run = demo_command(folder, "--port", "0", "--once")
    assert (run.returncode, run.stderr) == (0, ""), run
    assert "http://127.0.0.1:" in run.stdout
    return folder


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded, tmp_path / "var"))


@contextmanager
def running_demo(folder: Path, said: Path) -> Iterator[RunningDemo]:
    """A demo that has said welcome and has all its processes."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with running(["config.demo", "--port", str(port)], env=demo_environment(folder), log=said) as process:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: address in said.read_text() or process.poll() is not None, within=90, what=said.read_text)
        assert process.poll() is None, said.read_text()
        demo = RunningDemo(process, said, folder, port)
        # gunicorn and its worker, two Celery workers with a pool of one, beat
        wait_until(lambda: len(demo.children()) >= 7, what=lambda: f"all started: {demo.children()}")
        yield demo


@pytest.fixture(scope="module")
def demo(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo for the tests that leave it running."""
    place = tmp_path_factory.mktemp("demo")
    with running_demo(Path(shutil.copytree(loaded, place / "var")), place / "said") as demo:
        yield demo


@pytest.fixture
def doomed_demo(folder: Path, tmp_path: Path) -> Iterator[RunningDemo]:
    """A demo for a test that ends it."""
    with running_demo(folder, tmp_path / "said") as demo:
        yield demo


def test_a_second_start_ends_with_0_and_changes_nobody(folder: Path) -> None:
    database = folder / "journeybook.sqlite3"
    before = people(database)
    run = demo_command(folder, "--port", "0", "--once")
    assert (run.returncode, run.stderr) == (0, ""), run
    assert people(database) == before != []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_demo_leaves_no_process_behind(doomed_demo: RunningDemo, number: signal.Signals) -> None:
    children = doomed_demo.children()
    doomed_demo.process.send_signal(number)
    assert doomed_demo.process.wait(30) == 0
    assert alive(children) == []


def test_processes_end_with_a_demo_that_was_killed(doomed_demo: RunningDemo) -> None:
    children = doomed_demo.children()
    doomed_demo.process.kill()
    wait_until(lambda: not alive(children), within=30, what=lambda: f"all ended: {alive(children)}")


def test_a_worker_that_dies_is_started_again(demo: RunningDemo) -> None:
    (dead,) = demo.workers("documents")
    dead.kill()
    wait_until(lambda: demo.workers("documents") not in ([], [dead]), what=demo.said.read_text)
    assert "worker-documents ended (signal 9); starting it again" in demo.said.read_text()


def test_the_demo_answers_while_another_runs_beside_it(demo: RunningDemo, folder: Path) -> None:
    beside = demo_command(folder, "--port", "0", "--once")
    assert beside.returncode == 0, beside.stderr
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/readyz") as answer:
        assert answer.status == 200


def test_a_port_in_use_and_a_folder_in_use_are_refused_in_one_line(demo: RunningDemo, tmp_path: Path) -> None:
    port_taken = demo_command(tmp_path / "other", "--port", str(demo.port))
    folder_taken = demo_command(demo.folder, "--port", "0")
    assert [port_taken.returncode, folder_taken.returncode] == [2, 2]
    assert port_taken.stderr.startswith(f"journeybook: cannot listen on port {demo.port}")
    assert folder_taken.stderr.startswith("journeybook: a demo is already running in ")
    assert [port_taken.stderr.count("\n"), folder_taken.stderr.count("\n")] == [1, 1]
    assert not (tmp_path / "other").exists()


def test_fresh_forgets_what_was_there_and_nothing_else(folder: Path) -> None:
    (folder / "mine.txt").write_text("kept")
    before = people(folder / "journeybook.sqlite3")
    run = demo_command(folder, "--port", "0", "--once", "--fresh")
    assert run.returncode == 0, run
    assert (folder / "mine.txt").exists()
    after = people(folder / "journeybook.sqlite3")
    assert [name for _, name in after] == [name for _, name in before]
    assert {key for key, _ in after}.isdisjoint(key for key, _ in before)
