"""How many entries `verify_record` checks in a second, on both databases.

`./run bench verify`: one long book in a database of its own, checked several times. Every link, hash, typed row,
seal and column is checked each time; nothing is remembered from one check to the next.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.stack import PROJECT, Postgres

GOAL = 20_000
"""Entries per second."""


def measure(database: str, folder: Path) -> tuple[int, float, float, float]:
    """The entries of the book, and how many a second were checked: the median check, the best, and by its own work."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "JOURNEYBOOK_VAR": str(folder)}
    env.pop("DATABASE_URL", None)
    if database:
        env["DATABASE_URL"] = database
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=PROJECT, env=env, check=True)
    check = [sys.executable, "-m", "benchmarks.verifying_world"]
    told = subprocess.run(check, cwd=PROJECT, env=env, check=True, stdout=subprocess.PIPE)
    found = json.loads(told.stdout)
    return (
        found["entries"],
        found["entries"] / statistics.median(found["seconds"]),
        found["entries"] / min(found["seconds"]),
        found["entries"] / statistics.median(found["worked"]),
    )


def main() -> int:
    slow = 0
    postgres = Postgres()
    try:
        postgres.run("CREATE DATABASE verifying")
        for name, database in (("PostgreSQL", postgres.url("postgres", "verifying")), ("SQLite", "")):
            with tempfile.TemporaryDirectory() as folder:
                entries, median, best, worked = measure(database, Path(folder))
            slow += median < GOAL
            told = f"{median:,.0f} a second (best {best:,.0f}; {worked:,.0f} a second of the process's own work)"
            print(f"{name}: {entries} entries, {told}; goal {GOAL:,}")
    finally:
        postgres.stop()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
