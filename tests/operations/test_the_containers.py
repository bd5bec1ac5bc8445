"""What docker-compose.yml would run, run here: its very commands, on PostgreSQL and Redis from wheels."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from config import start
from tests.plugins.postgresql import PostgresServer, programs
from tests.plugins.redis import RedisServer
from tests.processes import PROJECT, running, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
OURS = ("web", "worker-documents", "worker-batches", "beat")
PACKAGES = ("drf_spectacular_sidecar", "rest_framework", "admin")
SECRETS = {
    "SECRET_KEY": "a-long-and-random-text-for-the-containers-of-this-test-7c1f",
    "ALLOWED_HOSTS": "records.example.org",
    "OWNER_PASSWORD": "owner-secret",
    "WEB_PASSWORD": "web-secret",
}


@dataclass
class Site:
    """Two servers and a folder, in the place of the containers `postgres`, `redis` and the volume `files`."""

    database: PostgresServer
    redis: RedisServer
    folder: Path
    port: int

    def environment(self, service: str) -> dict[str, str]:
        """The environment of a service, its addresses turned to the servers here."""
        values = {
            name: re.sub(r"\$\{(\w+):-([^}]*)\}", lambda match: SECRETS.get(match[1]) or match[2], str(value))
            for name, value in COMPOSE["services"][service]["environment"].items()
        }
        host = self.database.url.partition("?")[2]
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            if name in values:
                values[name] = values[name].replace("@postgres/journeybook", f"@/journeybook?{host}")
        values["CELERY_BROKER_URL"] = self.redis.url
        image = {"DJANGO_SETTINGS_MODULE": "config.settings.production", "LOG_FORMAT": "json"}
        here = {"JOURNEYBOOK_VAR": str(self.folder), "BIND": f"127.0.0.1:{self.port}", "PATH": os.environ["PATH"]}
        return {**image, **values, **here}

    def run(self, service: str, words: list[str]) -> "subprocess.CompletedProcess[str]":
        """A command of a service, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "config.start", *words],
            cwd=PROJECT,
            env=self.environment(service),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def connect(self, user: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(dbname="journeybook", user=user, host=str(self.database.socket_folder))


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Both servers, the roles made by the very script of the container, and the database migrated."""
    folder = Path(tempfile.mkdtemp(prefix="journeybook-"))  # short: the path of a socket has 107 bytes
    folder.chmod(0o755)
    with ExitStack() as cleanup:
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        redis = RedisServer(folder)
        cleanup.callback(redis.stop)
        database = PostgresServer(folder)
        cleanup.callback(database.stop)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        site = Site(database, redis, folder / "files", port)
        make_roles(site)
        migrated = site.run("migrate", COMPOSE["services"]["migrate"]["command"])
        assert migrated.returncode == 0, migrated.stderr
        yield site


def make_roles(site: Site) -> None:
    subprocess.run(
        ["sh", str(PROJECT / "config" / "postgres" / "roles.sh")],
        env={"PATH": f"{programs()}:{os.environ['PATH']}", "PGHOST": str(site.database.socket_folder), **SECRETS},
        check=True,
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.one_lane("postgres")
@pytest.mark.slow
def test_the_web_server_is_ready_and_serves_the_login(site: Site, tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    collected = {**site.environment("web"), "STATIC_ROOT": str(tmp_path / "static")}
    subprocess.run(
        # Our own files are enough here; compressing those of the packages takes a quarter of a minute.
        [sys.executable, "manage.py", "collectstatic", "--no-input", *(f"--ignore={name}" for name in PACKAGES)],
        cwd=PROJECT,
        env=collected,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    words = COMPOSE["services"]["web"]["command"]
    with running(["config.start", *words], env=collected, log=log):
        wait_until(lambda: answers(site.port, "/readyz"), within=30, what=log.read_text)
        assert answers(site.port, "/healthz")
        headers = {"Host": "records.example.org", "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{site.port}/accounts/login/", headers=headers)
        with urllib.request.urlopen(request) as page:
            assert page.status == 200
            assert "__Host-csrftoken" in page.headers["Set-Cookie"]


@pytest.mark.one_lane("postgres")
@pytest.mark.slow
@pytest.mark.parametrize("service", ["worker-documents", "worker-batches", "beat"])
def test_a_worker_passes_its_own_health_check(site: Site, service: str, tmp_path: Path) -> None:
    definition = COMPOSE["services"][service]
    ping = definition["healthcheck"]["test"]
    assert ping[:4] == ["CMD", "python", "-m", "config.start"]
    log = tmp_path / "log"
    with running(["config.start", *definition["command"]], env=site.environment(service), log=log):
        wait_until(lambda: site.run(service, ping[4:]).returncode == 0, within=40, what=log.read_text)


@pytest.mark.one_lane("postgres")
def test_the_health_check_of_a_worker_that_is_not_there_fails(site: Site) -> None:
    assert site.run("worker-documents", ["ping", "documents"]).returncode != 0


@pytest.mark.one_lane("postgres")
def test_the_web_role_owns_nothing_and_cannot_lift_a_guard(site: Site) -> None:
    with site.connect("journeybook_web") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="must be owner"):
            cursor.execute("ALTER TABLE apprenticeship_recordentry DISABLE TRIGGER ALL")


@pytest.mark.one_lane("postgres")
def test_migrating_again_changes_nothing(site: Site) -> None:
    again = site.run("migrate", COMPOSE["services"]["migrate"]["command"])
    assert (again.returncode, "No migrations to apply" in again.stdout) == (0, True), again.stderr


@pytest.mark.parametrize("service", OURS)
def test_every_service_starts_by_a_known_command_and_is_watched(service: str) -> None:
    definition = COMPOSE["services"][service]
    assert start.command(*definition["command"])[0] in {"gunicorn", "celery"}
    assert definition["healthcheck"]["test"][0] == "CMD"
    assert definition["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_only_the_migration_knows_the_owner() -> None:
    knowing = [
        name
        for name, definition in COMPOSE["services"].items()
        if any("OWNER_PASSWORD" in str(value) for value in definition.get("environment", {}).values())
    ]
    assert knowing == ["migrate", "postgres"]


def test_no_secret_has_a_value_in_the_file() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    assert re.findall(r"\$\{(?:SECRET_KEY|ALLOWED_HOSTS|\w*PASSWORD):-[^}]+\}", text) == []


@pytest.mark.parametrize("name", ["OWNER_PASSWORD", "WEB_PASSWORD"])
def test_roles_are_not_made_without_passwords(name: str) -> None:
    secrets = {key: value for key, value in SECRETS.items() if key != name}
    script = PROJECT / "config" / "postgres" / "roles.sh"
    run = subprocess.run(
        ["sh", str(script)], env={"PATH": os.environ["PATH"], **secrets}, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert f"{name} is not set" in run.stderr


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
