"""The two probes answer whoever asks, and say no more than a word."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from acts.models import OutboxMessage

pytestmark = pytest.mark.django_db

ANY_HOST = {"HTTP_HOST": "10.1.2.3"}


def test_alive_needs_no_database(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["records.example.org"]
    answer = client.get("/healthz", **ANY_HOST)  # type: ignore[arg-type]  # a header
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_with_a_migrated_database_and_a_queue(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["records.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/readyz", **ANY_HOST)  # type: ignore[arg-type]  # a header
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "queue": "ok", "mail": "ok"})


def test_a_missing_migration_makes_it_unready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")


def test_a_queue_out_of_reach_is_told_and_refuses_nobody(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path / 'nobody.socket'}"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["queue"]) == (200, "unreachable")


def test_mail_that_did_not_go_out_is_told_and_refuses_nobody(client: Client) -> None:
    now = timezone.now()
    OutboxMessage.objects.create(handler="mail", created_at=now, due_at=now, failed_at=now)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["mail"]) == (200, "some not sent")
