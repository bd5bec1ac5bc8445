"""Production refuses to start with anything missing that could be wrong by default."""

import os
import subprocess
import sys

import pytest

from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")

COMPLETE = {
    "SECRET_KEY": "aTk3-long-and-random-enough-for-a-test-of-the-settings-9f2c",
    "ALLOWED_HOSTS": "records.example.org",
    "DATABASE_URL": "postgres://web@localhost/journeybook",
}


def start(expression: str, settings: str = "production", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Django, set up with these settings and nothing else in its environment, printing `expression`."""
    kept = {name: os.environ[name] for name in ("PATH", "JOURNEYBOOK_VAR") if name in os.environ}
    program = f"import django; from django.conf import settings; django.setup(); print({expression})"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={**kept, **environment, "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", COMPLETE)
def test_what_is_missing_is_named(name: str) -> None:
    run = start("1", **{key: value for key, value in COMPLETE.items() if key != name})
    assert run.returncode != 0
    assert f"ImproperlyConfigured: {name} is not set: " in run.stderr


def test_nothing_more_is_needed() -> None:
    run = start("settings.DEBUG", **COMPLETE)
    assert run.stdout == "False\n", run.stderr


def test_migrating_needs_the_owner() -> None:
    user = "settings.DATABASES['default']['USER']"
    owner = "postgres://owner@localhost/journeybook"
    assert "DATABASE_OWNER_URL is not set" in start(user, **COMPLETE, JOURNEYBOOK_AS_OWNER="1").stderr
    assert start(user, **COMPLETE, DATABASE_OWNER_URL=owner, JOURNEYBOOK_AS_OWNER="1").stdout == "owner\n"
    assert start(user, **COMPLETE, DATABASE_OWNER_URL=owner).stdout == "web\n"


@pytest.mark.parametrize("command", ["load_demo", "demo_welcome"])
def test_the_demo_cannot_be_loaded_in_production(command: str) -> None:
    known = f"{command!r} in __import__('django.core.management').core.management.get_commands()"
    assert start(known, **COMPLETE).stdout == "False\n"
    assert start(known, settings="demo").stdout == "True\n"


def test_demo_settings_alone_know_the_demo_app() -> None:
    apps = "[a for a in settings.INSTALLED_APPS if 'demo' in a]"
    assert [start(apps, settings=name, **COMPLETE).stdout for name in ("production", "demo")] == [
        "[]\n",
        "['config.demo']\n",
    ]


def test_links_and_sender_of_mails_come_from_the_first_host_where_nothing_is_said() -> None:
    run = start("settings.SITE_URL, settings.DEFAULT_FROM_EMAIL", **COMPLETE, SITE_URL="", DEFAULT_FROM_EMAIL="")
    assert run.stdout == "https://records.example.org journeybook@records.example.org\n", run.stderr
