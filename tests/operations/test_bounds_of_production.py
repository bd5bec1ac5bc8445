"""In production nothing waits for ever, and everybody is counted as themselves, also behind a proxy."""

import pytest
from django.db import connection

from config.settings.base import database
from tests.operations.test_production_settings import COMPLETE, start

only_once = pytest.mark.one_lane("sqlite")
OWNER = {"DATABASE_OWNER_URL": "postgres://owner@localhost/journeybook", "JOURNEYBOOK_AS_OWNER": "1"}
OPTIONS = "settings.DATABASES['default']['OPTIONS']['options']"
PROXIES = "settings.REST_FRAMEWORK['NUM_PROXIES'], settings.ALLAUTH_TRUSTED_PROXY_COUNT"


@only_once
def test_a_migration_gives_up_a_lock_sooner_and_a_statement_later_than_a_page() -> None:
    page, migration = start(OPTIONS, **COMPLETE).stdout, start(OPTIONS, **COMPLETE, **OWNER).stdout
    assert page.startswith("-c lock_timeout=10s -c statement_timeout=30s ")
    assert migration.startswith("-c lock_timeout=2s -c statement_timeout=900s ")


@only_once
def test_who_names_options_of_the_database_keeps_them() -> None:
    assert database("postgres://web@/name?options=-c%20lock_timeout%3D1s")["OPTIONS"]["options"] == "-c lock_timeout=1s"


@pytest.mark.one_lane("postgres")
@pytest.mark.django_db
def test_the_database_knows_the_bounds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("10s", "30s")


@only_once
@pytest.mark.parametrize(
    ("environment", "counts"),
    [({}, "0 0"), ({"BEHIND_PROXY": "true"}, "1 1"), ({"BEHIND_PROXY": "true", "NUM_PROXIES": "2"}, "2 2")],
)
def test_login_and_api_count_the_same_proxies(environment: dict[str, str], counts: str) -> None:
    assert start(PROXIES, **COMPLETE, **environment).stdout == f"{counts}\n"


@only_once
def test_hosts_may_be_listed_with_blanks_and_dots() -> None:
    hosts = {**COMPLETE, "ALLOWED_HOSTS": "records.example.org, .example.com"}
    run = start("settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS", **hosts)
    assert run.stdout == (
        "['records.example.org', '.example.com'] ['https://records.example.org', 'https://*.example.com']\n"
    )
