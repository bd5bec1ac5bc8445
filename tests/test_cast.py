"""The cast is what the other tests take it for."""

import pytest
from django.db import connection

from accounts.models import Role, Sponsor, User
from config.settings.base import database
from tests.cast import viewer_for


def test_everybody_but_the_outsider_belongs_to_the_sponsor(
    sponsor: Sponsor, mentor: User, coordinator: User, auditor: User, outsider: User
) -> None:
    assert [viewer_for(person).roles_with(sponsor.pk) for person in (mentor, coordinator, auditor, outsider)] == [
        {Role.MENTOR},
        {Role.COORDINATOR},
        {Role.AUDITOR},
        set(),
    ]


@pytest.mark.django_db
def test_the_lane_runs_on_its_own_database(settings: object) -> None:
    lane = {"sqlite": "sqlite", "postgres": "postgresql"}[settings.TEST_LANE]  # type: ignore[attr-defined]  # Django's settings, typed by name only
    assert connection.vendor == lane


def test_a_socket_folder_in_the_address_becomes_the_host() -> None:
    settings = database("postgres://postgres@/journeybook?host=/var/run/a%20b&connect_timeout=3")
    assert (settings["HOST"], settings["NAME"]) == ("/var/run/a b", "journeybook")
    assert settings["OPTIONS"]["connect_timeout"] == 3
    assert "host" not in settings["OPTIONS"]
