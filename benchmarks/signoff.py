"""How long one signature takes over HTTP, beside the least that this stack needs for any act.

`./run bench signoff`: gunicorn and PostgreSQL with the settings of production, and in the same run a bare
Django view on the same servers (`benchmarks/floor.py`), by its models and, beside it, in plain SQL. They are measured
in turns, so that whatever else the machine does falls on all. Goals are ratios to the view by its models; times in
milliseconds and the ratios to plain SQL stand beside them.
"""

import http.client
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.stack import PROJECT, Gunicorn, Postgres

GOALS = {
    "times_the_floor": ("at most", 2.0),
    "share_of_the_floors_throughput": ("at least", 0.45),
    "statements": ("at most", 14),
    "statements_in_a_long_record": ("at most", 14),
    "batch_of_8_in_times_of_one": ("at most", 2.0),
    "bytes_per_entry": ("at most", 3000),
}
ROUNDS, IN_A_ROUND, CLIENTS = 8, 40, 8
NOTE = ""
CSRF = "b" * 32
"""Any 32 letters are a CSRF cookie's secret; the form sends the same."""


@dataclass
class Client:
    """One browser: a connection that stays open, and its cookies."""

    port: int
    cookies: dict[str, str]

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def send(self, path: str, form: dict[str, object] | None = None) -> tuple[int, dict[str, str], float]:
        """GET, or POST a form; returns status, headers and seconds."""
        body = urlencode(form, doseq=True) if form is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request("POST" if body is not None else "GET", path, body, headers)
        response = self.connection.getresponse()
        response.read()
        seconds = time.perf_counter() - began
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response.status, dict(response.headers), seconds

    def signed(self, path: str, form: dict[str, object]) -> float:
        """POST what must be accepted; returns its milliseconds. RuntimeError where it was not."""
        status, _headers, seconds = self.send(path, form)
        if status != 302:
            raise RuntimeError(f"{path} answered {status}")
        return seconds * 1000


@dataclass
class World:
    """What `benchmarks/signing_world.py` made."""

    day: str
    worksite: str
    mentors: list[dict[str, Any]]
    skills: list[dict[str, object]]

    def one(self, book: str, skill: dict[str, object]) -> tuple[str, dict[str, object]]:
        """The address and the form that sign one skill."""
        return f"/records/{book}/skills/{skill['pk']}/sign-off/", {**self._how(), "level": skill["level"]}

    def several(self, book: str, skills: Sequence[dict[str, object]]) -> tuple[str, dict[str, object]]:
        """The address and the form that sign several skills of one book in one act."""
        lines = {"line": [f"{skill['pk']}:" for skill in skills]}
        levels = {f"level-{skill['scale']}": skill["level"] for skill in skills}
        query = urlencode({"skill": [skill["pk"] for skill in skills]}, doseq=True)
        return f"/records/{book}/sign-off/?{query}", {**self._how(), **lines, **levels}

    def all_of(self, mentor: int) -> Iterator[tuple[str, dict[str, object]]]:
        """Every signature that this mentor can give once; a book's steps and parents in turn."""
        for book in self.books(mentor)[:-1]:
            for skill in self.skills:
                yield self.one(book, skill)

    def books(self, mentor: int) -> list[str]:
        return [str(book) for book in self.mentors[mentor]["books"]]

    def _how(self) -> dict[str, object]:
        return {
            "csrfmiddlewaretoken": CSRF,
            "key": uuid.uuid4(),
            "method": "observed",
            "day": self.day,
            "worksite": self.worksite,
            "note": NOTE,
        }


def login(port: int, username: str, password: str) -> Client:
    """A mentor who has just logged in, as one does: with name and password."""
    client = Client(port, {"__Host-csrftoken": CSRF})
    form: dict[str, object] = {"csrfmiddlewaretoken": CSRF, "login": username, "password": password}
    status, _headers, _seconds = client.send("/accounts/login/", form)
    if status != 302:
        raise RuntimeError(f"the login answered {status}")
    client.cookies["__Host-csrftoken"] = CSRF
    return client


FLOOR, IN_SQL = "/sign/", "/sign-in-sql/"


@dataclass
class Measured:
    """What was measured in turns: of the floor, of the floor in plain SQL, of the site."""

    floor: list[float] = field(default_factory=list)
    in_sql: list[float] = field(default_factory=list)
    site: list[float] = field(default_factory=list)


def one_client(floor: Client, site: Client, acts: Iterator[tuple[str, dict[str, object]]]) -> Measured:
    """Milliseconds of single acts of all three, in turns."""
    found = Measured()
    for turn in range(ROUNDS + 1):
        by_models = [floor.signed(FLOOR, {"note": NOTE}) for _ in range(IN_A_ROUND)]
        in_sql = [floor.signed(IN_SQL, {"note": NOTE}) for _ in range(IN_A_ROUND)]
        at_site = [site.signed(*act) for act in islice(acts, IN_A_ROUND)]
        if turn:  # the first turn warms up
            found.floor += by_models
            found.in_sql += in_sql
            found.site += at_site
    return found


def per_second(work: Sequence[Callable[[], int]]) -> float:
    """Acts per second when all of `work` runs at once; each returns how many acts it did."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        done = sum(pool.map(lambda run: run(), work))
    return float(done / (time.perf_counter() - began))


def many_clients(floors: Sequence[Client], sites: Sequence[Client], world: World) -> Measured:
    """Acts per second of all three with all clients at once, in turns."""
    acts = [world.all_of(n) for n in range(1, CLIENTS)] + [world.all_of(0)]
    list(islice(acts[-1], IN_A_ROUND * (ROUNDS + 1)))  # those were given by the single client

    def on_floor(client: Client, path: str) -> Callable[[], int]:
        return lambda: len([client.signed(path, {"note": NOTE}) for _ in range(IN_A_ROUND)])

    def on_site(client: Client, mine: Iterator[tuple[str, dict[str, object]]]) -> Callable[[], int]:
        return lambda: len([client.signed(*act) for act in islice(mine, IN_A_ROUND)])

    found = Measured()
    for turn in range(6):
        by_models = per_second([on_floor(client, FLOOR) for client in floors])
        in_sql = per_second([on_floor(client, IN_SQL) for client in floors])
        at_site = per_second([on_site(client, mine) for client, mine in zip(sites, acts, strict=True)])
        if turn:
            found.floor.append(by_models)
            found.in_sql.append(in_sql)
            found.site.append(at_site)
    return found


def statements(database: Postgres, client: Client, act: tuple[str, dict[str, object]]) -> list[str]:
    """What PostgreSQL was asked while one act was signed."""
    position = len(database.log.read_text())
    client.signed(*act)
    time.sleep(0.3)
    return database.statements_since(position)


def size(database: Postgres) -> int:
    """The bytes of all tables of the site with their indexes, sessions aside, after a plain VACUUM."""
    database.run("VACUUM ANALYZE", "journeybook")
    rows = database.run(
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND relname NOT IN ('django_session', 'rate_limit_cache')",
        "journeybook",
    )
    return int(str(rows[0][0]))


def entries(database: Postgres) -> int:
    return int(str(database.run("SELECT count(*) FROM apprenticeship_recordentry", "journeybook")[0][0]))


def site_env(database: Postgres) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": database.url("journeybook_web", "journeybook"),
        "DATABASE_OWNER_URL": database.url("journeybook_owner", "journeybook"),
        "JOURNEYBOOK_RUNTIME_ROLE": "journeybook_web",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "JOURNEYBOOK_VAR": str(database.folder / "var"),
        "CELERY_BROKER_URL": "redis://127.0.0.1:9/0",  # a signature never needs the queue: there is none
    }


def python(env: dict[str, str], *words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", *words], cwd=PROJECT, env={**os.environ, **env}, capture_output=True, text=True
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(words[:1])} failed:\n{ran.stdout[-1000:]}{ran.stderr[-3000:]}")
    return ran.stdout


def measure(database: Postgres) -> tuple[dict[str, float], dict[str, float], list[str]]:
    """Figures with a goal, figures beside them, and the statements of one signature."""
    for name in ("journeybook", "floor"):
        database.make_database(name)
    floor_env = {"FLOOR_DATABASE_URL": database.url("floor_owner", "floor"), "FLOOR_SECRET": secrets.token_urlsafe(50)}
    session, env, password = python(floor_env, "benchmarks.floor"), site_env(database), secrets.token_urlsafe(12)
    (database.folder / "var").mkdir()
    python(env, "config.start", "migrate")
    world = World(**json.loads(python(env, "benchmarks.signing_world", password)))
    logs = Path(env["JOURNEYBOOK_VAR"])
    with (
        Gunicorn(application="benchmarks.floor", env=floor_env, log=logs / "floor.log") as floor,
        Gunicorn(application="config.wsgi", env=env, log=logs / "site.log") as site,
    ):
        floors = [Client(floor.port, {"sessionid": session}) for _ in range(CLIENTS)]
        sites = [login(site.port, str(mentor["username"]), password) for mentor in world.mentors]
        before, already = size(database), entries(database)
        alone = one_client(floors[0], sites[0], world.all_of(0))
        together = many_clients(floors, sites[1:CLIENTS] + sites[:1], world)
        grown, written = size(database) - before, entries(database) - already
        last, single = world.books(CLIENTS), [s for s in world.skills if not s["parent"]]
        scale = [s for s in single if s["scale"] == single[0]["scale"]][:9]
        ones = [sites[-1].signed(*world.one(book, scale[8])) for book in last[2:-1]]
        eights = [sites[-1].signed(*world.several(book, scale[:8])) for book in last[2:-1]]
        database.log_statements(True)
        told = statements(database, sites[-1], world.one(last[0], world.skills[0]))
        long = world.one(last[-1], world.skills[0])
        long[1]["replaces"] = str(
            database.run(
                "SELECT sign_off_id FROM apprenticeship_skillstanding WHERE apprenticeship_id = "
                f"'{last[-1]}' AND skill_id = '{world.skills[0]['pk']}'",
                "journeybook",
            )[0][0]
        )
        told_long = statements(database, sites[-1], long)
        database.log_statements(False)
    floor_ms, sql_ms, site_ms = map(statistics.median, (alone.floor, alone.in_sql, alone.site))
    floor_rate, sql_rate, site_rate = map(statistics.median, (together.floor, together.in_sql, together.site))
    figures = {
        "times_the_floor": round(site_ms / floor_ms, 2),
        "share_of_the_floors_throughput": round(site_rate / floor_rate, 2),
        "statements": len(told),
        "statements_in_a_long_record": len(told_long),
        "batch_of_8_in_times_of_one": round(statistics.median(eights) / statistics.median(ones), 2),
        "bytes_per_entry": round(grown / written),
    }
    beside = {
        "floor_ms": round(floor_ms, 1),
        "in_plain_sql_ms": round(sql_ms, 1),
        "sign_off_ms": round(site_ms, 1),
        "floor_per_second": round(floor_rate),
        "in_plain_sql_per_second": round(sql_rate),
        "sign_off_per_second": round(site_rate),
        "times_plain_sql": round(site_ms / sql_ms, 2),
        "share_of_plain_sqls_throughput": round(site_rate / sql_rate, 2),
        "entries_written": written,
    }
    return figures, beside, told


def holds(name: str, figure: float) -> bool:
    how, goal = GOALS[name]
    return figure <= goal if how == "at most" else figure >= goal


def main() -> int:
    database = Postgres()
    try:
        figures, beside, told = measure(database)
    finally:
        database.stop()
    if "--statements" in sys.argv:
        print(*(f"{n:2} {text}" for n, text in enumerate(told, 1)), sep="\n")
    for name, figure in figures.items():
        how, goal = GOALS[name]
        print(f"{name}: {figure:g} (goal: {how} {goal:g}){'' if holds(name, figure) else '  MISSED'}")
    all_hold = all(holds(name, figure) for name, figure in figures.items())
    print(json.dumps({"benchmark": "signoff", "figures": figures, "beside": beside, "holds": all_hold}))
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
