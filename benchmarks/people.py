"""How long it takes to bring in 2,000 people from a file, and how long others wait for it with their own writing.

`./run bench people`: on SQLite and on PostgreSQL. The worker's work is done in a process of its own, as a worker
does it; beside it a second process writes one small row after the other, as mentors do who sign.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.signoff import python, site_env
from benchmarks.stack import Postgres

MOST_SECONDS, LONGEST_LOCK = 20.0, 5.0
"""For all of it, dry run included, and for any one transaction of it that writes."""


def measure() -> dict[str, dict[str, float]]:
    """By database: what `people_world` measured."""
    found: dict[str, dict[str, float]] = {}
    folder = Path(tempfile.mkdtemp(prefix="journeybook-"))
    try:
        env = {"DJANGO_SETTINGS_MODULE": "config.settings.demo", "JOURNEYBOOK_VAR": str(folder)}
        python(env, "config.start", "migrate")
        found["SQLite"] = json.loads(python(env, "benchmarks.people_world"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    database = Postgres()
    try:
        database.make_database("journeybook")
        env = site_env(database)
        (database.folder / "var").mkdir()
        python(env, "config.start", "migrate")
        found["PostgreSQL"] = json.loads(python(env, "benchmarks.people_world"))
    finally:
        database.stop()
    return found


def main() -> int:
    found = measure()
    for name, figures in found.items():
        print(f"{name}: " + ", ".join(f"{what} {value:.2f}" for what, value in figures.items()))
    holds = all(
        figures["whole seconds"] < MOST_SECONDS
        and figures["longest lock"] < LONGEST_LOCK
        and figures["longest wait of others"] < LONGEST_LOCK
        for figures in found.values()
    )
    print(f"goal: less than {MOST_SECONDS:g} s, no lock of {LONGEST_LOCK:g} s; load {os.getloadavg()}")
    print(json.dumps({"benchmark": "people", "figures": found, "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
