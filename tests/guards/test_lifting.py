"""Only the test suite lifts the guards; no installation can."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from acts.guards import lifted, missing_triggers
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship

LIFT = "import django; django.setup(); from acts.guards import lifted; lifted(None).__enter__()"
ENVIRONMENT = {
    "SECRET_KEY": "s",
    "ALLOWED_HOSTS": "journeybook.example",
    "DATABASE_URL": "postgres://web@localhost/journeybook",
    "DATABASE_OWNER_URL": "postgres://owner@localhost/journeybook",
}


def test_the_suite_lifts_the_guards_and_they_come_back(full_book: Apprenticeship) -> None:
    with lifted(connection):
        AuditEvent.objects.update(kind="forged")
    assert not AuditEvent.objects.exclude(kind="forged").exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(kind="again")


def test_they_come_back_although_the_work_failed(full_book: Apprenticeship) -> None:
    with pytest.raises(ZeroDivisionError), lifted(connection):
        _ = 1 / 0
    assert missing_triggers(connection) == []


@pytest.mark.django_db
def test_without_the_setting_of_the_suite_nothing_is_lifted(settings: Settings) -> None:
    del settings.GUARDS_MAY_BE_LIFTED
    with pytest.raises(RuntimeError, match="never lifted"), lifted(connection):
        pass
    assert missing_triggers(connection) == []


@pytest.mark.parametrize(("module", "as_owner"), [("demo", "0"), ("production", "0"), ("production", "1")])
def test_no_settings_of_an_installation_can_lift(module: str, as_owner: str) -> None:
    environment = {**os.environ, **ENVIRONMENT, "JOURNEYBOOK_AS_OWNER": as_owner}
    environment |= {"DJANGO_SETTINGS_MODULE": f"config.settings.{module}", "GUARDS_MAY_BE_LIFTED": "1"}
    tried = subprocess.run(
        [sys.executable, "-c", LIFT],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "never lifted in an installation" in tried.stderr
