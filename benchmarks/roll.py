"""How long the roll of a class of 200 takes over HTTP, and the hours pages of a cohort of 2,000.

`./run bench roll`: gunicorn and PostgreSQL with the settings of production. Statements are counted by the server,
session and savepoints among them, BEGIN and COMMIT not.
"""

import json
import os
import secrets
import statistics
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from benchmarks.signoff import CSRF, Client, login, python, site_env
from benchmarks.stack import Gunicorn, Postgres

MOST_SECONDS = 2.0
"""For the roll of 200, in one request."""
TIMES = 5


def record(client: Client, roll: dict[str, Any], place: int) -> float:
    """Everybody was present; the seconds it took."""
    form: dict[str, object] = {"csrfmiddlewaretoken": CSRF, "key": uuid.uuid4(), "seen": "", "present": roll["books"]}
    return client.signed(f"/timetable/{roll['classes'][place]}/attendance/", form) / 1000


def opened(client: Client, path: str) -> float:
    """The seconds that a page took. RuntimeError where it was not there."""
    status, _headers, seconds = client.send(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return seconds


def counted(database: Postgres, act: Any) -> int:
    """How many statements PostgreSQL was asked meanwhile."""
    position = len(database.log.read_text())
    act()
    time.sleep(0.3)
    return len(database.statements_since(position))


def measure(database: Postgres) -> dict[str, dict[str, tuple[float, int]]]:
    """By what was done and size: the median seconds and the statements."""
    database.make_database("journeybook")
    env, password = site_env(database), secrets.token_urlsafe(12)
    (database.folder / "var").mkdir()
    for words in (("migrate",), ("manage", "collectstatic", "--no-input", "--verbosity", "0")):
        python(env, "config.start", *words)
    world = json.loads(python(env, "benchmarks.roll_world", password))
    found: dict[str, dict[str, tuple[float, int]]] = {}
    with Gunicorn(application="config.wsgi", env=env, log=Path(env["JOURNEYBOOK_VAR"]) / "site.log") as site:
        client = login(site.port, "coordinator", password)
        for size, roll in world["rolls"].items():
            cohort = world["cohorts"][size]
            seconds = [record(client, roll, place) for place in range(TIMES + 1)][1:]
            database.log_statements(True)
            asked = counted(database, lambda r=roll: record(client, r, TIMES + 1))
            database.log_statements(False)
            found.setdefault("roll", {})[f"{len(roll['books'])}"] = statistics.median(seconds), asked
            for name, path in {"form": f"/cohorts/{cohort}/class-hours/", "grid": f"/cohorts/{cohort}/"}.items():
                seconds = [opened(client, path) for _ in range(TIMES + 1)][1:]
                database.log_statements(True)
                asked = counted(database, lambda p=path: opened(client, p))
                database.log_statements(False)
                found.setdefault(name, {})[size] = statistics.median(seconds), asked
    return found


def main() -> int:
    database = Postgres()
    try:
        found = measure(database)
    finally:
        database.stop()
    for name, sizes in found.items():
        for size, (seconds, asked) in sizes.items():
            print(f"{name}, {size}: {seconds:.2f} s, {asked} statements")
    same = all(len({asked for _seconds, asked in sizes.values()}) == 1 for sizes in found.values())
    holds = same and found["roll"]["200"][0] < MOST_SECONDS
    print(f"goal: less than {MOST_SECONDS:g} s for 200, and the same statements at every size; load {os.getloadavg()}")
    print(json.dumps({"benchmark": "roll", "figures": found, "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
