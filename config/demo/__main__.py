"""`./run demo`: from an empty folder to a running Journeybook, and back to nothing running.

Ends with 0 when it was asked to stop, 1 when something failed, 2 when it cannot start here.
"""

import argparse
import fcntl
import http.client
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

from config.demo.address import CannotStart, arguments, listen
from config.demo.supervising import Supervisor

READY_WITHIN = 90.0


class DidNotWork(Exception):
    """The demo started and then failed; exit code 1."""


class Asked(BaseException):
    """Somebody asked the demo to stop, by Ctrl-C or SIGTERM."""


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # this is a command that talks to a person


def claim(folder: Path) -> IO[str]:
    """The right to run a demo in `folder`: two in one folder would take each other's work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"cannot make the folder {folder} ({error.strerror}). Try: JOURNEYBOOK_VAR=/some/folder ./run demo"
        ) from error
    lock = (folder / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStart(
            f"a demo is already running in {folder}. Stop it, or run this one elsewhere: "
            "JOURNEYBOOK_VAR=/some/folder ./run demo"
        ) from error
    return lock


def wait_until_ready(supervisor: Supervisor, host: str, port: int) -> None:
    """Return when the web server says that it is ready; DidNotWork when it does not in time."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared with, not bound
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        supervisor.keep_alive()
        try:
            probe = http.client.HTTPConnection(host, port, timeout=2)
            probe.request("GET", "/readyz")
            if probe.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise DidNotWork(f"the web server was not ready after {READY_WITHIN:g} s; see {supervisor.log_folder / 'web.log'}")


class Welcome(threading.Thread):
    """Sends a record through the worker and prints what to try, while the supervisor keeps watching."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.error: BaseException | None = None

    def run(self) -> None:
        from django.core.management import call_command
        from django.db import connection

        try:
            call_command("demo_welcome", address=self.address)
        except BaseException as error:  # handed to the main thread, which ends with it
            self.error = error
        finally:
            connection.close()

    def check(self) -> None:
        """Raise what went wrong so far."""
        if self.error:
            raise DidNotWork("sending a record through the worker failed") from self.error


def serve(options: argparse.Namespace, listener: socket.socket, folder: Path) -> None:
    """Prepare the folder, start every process, say welcome; then watch until asked to stop."""
    import django

    from config.demo import preparing

    if options.fresh:
        preparing_needs_sqlite()
        preparing.empty(folder)
    django.setup()
    preparing.prepare()
    port = listener.getsockname()[1]
    host = f"[{options.host}]" if ":" in options.host else options.host
    os.environ.setdefault("SITE_URL", f"http://{host}:{port}")
    os.environ.update(BIND=f"fd://{listener.fileno()}", WEB_WORKERS="1", WEB_THREADS="8")
    supervisor = Supervisor(folder / "log", tell)
    try:
        supervisor.start("web", "web", pass_fds=[listener.fileno()])
        supervisor.start("worker-documents", "worker", "documents")
        wait_until_ready(supervisor, options.host, port)
        supervisor.start("worker-batches", "worker", "batches")
        supervisor.start("beat", "beat")
        welcome = Welcome(f"http://{host}:{port}")
        welcome.start()
        while welcome.is_alive() or not options.once:
            supervisor.keep_alive()
            welcome.check()
            time.sleep(0.1)
        welcome.join()
        welcome.check()
    finally:
        # A second Ctrl-C must not cut this short and leave processes behind.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def preparing_needs_sqlite() -> None:
    if os.environ.get("DATABASE_URL") or os.environ.get("CELERY_BROKER_URL"):
        raise CannotStart("--fresh empties only the demo's own folder; unset DATABASE_URL and CELERY_BROKER_URL first")


def _asked(_number: int, _frame: FrameType | None) -> None:
    raise Asked


def main() -> int:
    options = arguments()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # whoever reads a pipe waits for the address
    folder = Path(os.environ.get("JOURNEYBOOK_VAR", "var")).resolve()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _asked)
    try:
        # Held from the first moment, so that nobody takes the port while the folder is prepared.
        with listen(options.host, options.port) as listener, claim(folder):
            serve(options, listener, folder)
    except CannotStart as error:
        sys.stderr.write(f"journeybook: {error}\n")
        return 2
    except DidNotWork as error:
        cause = f": {error.__cause__}" if error.__cause__ else ""
        sys.stderr.write(f"journeybook: {error}{cause}\n")
        return 1
    except Asked:
        tell("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
