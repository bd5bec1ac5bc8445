"""Keeping the demo's processes alive, and leaving none behind.

Each child leads a process group of its own, so that Ctrl-C reaches only the supervisor and a whole
group (a Celery worker and its pool) can be ended together.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

GRACE = 12.0
"""Seconds that children get to finish what they do; a running PDF takes about one."""

LONGEST_WAIT = 30.0
STABLE_AFTER = 60.0
LARGEST_LOG = 5_000_000


class Child:
    """One process that shall run: started again when it ends, later each time it ends soon."""

    def __init__(self, name: str, words: Sequence[str], *, log: Path, pass_fds: Sequence[int] = ()) -> None:
        self.name = name
        self.words = words
        self.log = log
        self.pass_fds = tuple(pass_fds)
        self.wait = 0.5
        self.start_at: float | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  # our own command line, from config.start
                [sys.executable, "-m", "config.start", *self.words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "END_WITH_PARENT": str(os.getpid()), "PYTHONUNBUFFERED": "1"},
                pass_fds=self.pass_fds,
                start_new_session=True,
            )
        self.started_at = time.monotonic()
        self.start_at = None

    def keep_alive(self, tell: Callable[[str], None]) -> None:
        """Called again and again: notices the end of the process and starts it anew when its wait is over."""
        if self.process is None:
            return
        if self.start_at is not None:
            if time.monotonic() >= self.start_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self.signal_group(signal.SIGKILL)  # what the dead leader may have left of its pool
        if time.monotonic() - self.started_at > STABLE_AFTER:
            self.wait = 0.5
        tell(f"{self.name} ended ({_ending(status)}); starting it again in {self.wait:g} s. From its log, {self.log}:")
        tell(f"    {self.last_words()}")
        self.start_at = time.monotonic() + self.wait
        self.wait = min(self.wait * 2, LONGEST_WAIT)

    def signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def last_words(self) -> str:
        """The last line of the log: where a process could not start, the reason."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 2000))
            lines = log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "(nothing)"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """The children in the order in which they were started; `tell` is given a line when one ends."""

    def __init__(self, log_folder: Path, tell: Callable[[str], None]) -> None:
        log_folder.mkdir(parents=True, exist_ok=True)
        self.log_folder = log_folder
        self.tell = tell
        self.children: list[Child] = []

    def start(self, name: str, *words: str, pass_fds: Sequence[int] = ()) -> None:
        """Start `python -m config.start words`. Always from the same thread: on Linux a child gets
        SIGTERM when the thread that started it ends."""
        child = Child(name, words, log=self.log_folder / f"{name}.log", pass_fds=pass_fds)
        self.children.append(child)
        child.start()

    def keep_alive(self) -> None:
        for child in self.children:
            child.keep_alive(self.tell)

    def stop(self) -> None:
        """End every child: first politely, then, after the grace, whatever is left of each group."""
        for child in self.children:
            # The leader alone: a Celery pool that gets SIGTERM too would drop the running task.
            if child.is_running and child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, deadline - time.monotonic()))
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit code {status}"
