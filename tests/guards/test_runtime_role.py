"""On PostgreSQL the web role signs and reads, and cannot change the record whatever it is told to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from accounts.models import User
from acts.guards import create_after_migrate, guarded_tables
from acts.models import SealedText
from acts.rights import excess_rights, grant_runtime_rights
from apprenticeship.models import Apprenticeship, Evidence, RecordEntry, SkillStanding
from apprenticeship.purging import purge
from apprenticeship.takingback import take_back
from tests.cast import NOW, signed, viewer_for
from tests.evidence.files import PDF, uploaded

pytestmark = pytest.mark.one_lane("postgres")
ROLE = "journeybook-web"
REFUSED = r"permission denied|must be owner"


@pytest.fixture
def web_role(db: None, settings: Settings) -> Iterator[str]:
    """The role that the site connects as, made in the test's transaction and gone with it."""
    settings.RUNTIME_ROLE = ROLE
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{ROLE}"')
        create_after_migrate()
        yield ROLE
        cursor.execute("RESET ROLE")


def become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{role}"')


def test_the_web_role_signs_and_takes_back(apprenticeship: Apprenticeship, mentor: User, web_role: str) -> None:
    become(web_role)
    sign_off = signed(apprenticeship, mentor, note="Well done.")
    take_back(viewer=viewer_for(mentor), key="t", sign_off=sign_off, kind="mistake")
    assert RecordEntry.objects.count() == 2
    assert SkillStanding.objects.get().sign_off is None


def test_the_web_role_purges_a_file_and_blanks_no_other_name(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, web_role: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    become(web_role)
    for code, data in (("1.1", None), ("2.1", PDF)):
        signed(apprenticeship, mentor, code, evidence=(uploaded(apprenticeship, mentor, data, name=code).pk,))
    first, second = Evidence.objects.order_by("uploaded_at", "name__text").select_related("name")
    purge(viewer=viewer_for(coordinator), key="p", evidence=first, reason="A label can be read.")
    assert not SealedText.objects.get(pk=first.name_id).text
    with pytest.raises(DatabaseError, match="insert only"), transaction.atomic():
        SealedText.objects.filter(pk=second.name_id).update(text="", salt="", removed_at=NOW)


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"])
def test_it_has_no_right_to_change_what_is_for_good(change: str, web_role: str) -> None:
    become(web_role)
    for table in guarded_tables():
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            connection.cursor().execute(change.format(table))


@pytest.mark.parametrize(
    "trick",
    [
        "SET session_replication_role = replica",
        "DROP TRIGGER apprenticeship_recordentry_no_change ON apprenticeship_recordentry",
        "ALTER TABLE apprenticeship_recordentry DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION journeybook_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ],
)
def test_it_cannot_put_the_guards_aside(trick: str, web_role: str) -> None:
    become(web_role)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        connection.cursor().execute(trick)


def test_granting_again_takes_excess_rights_away(web_role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{ROLE}"')
        become(ROLE)
        assert excess_rights(connection, guarded=guarded_tables()) == sorted(guarded_tables())
        cursor.execute("RESET ROLE")
    grant_runtime_rights(connection, ROLE, guarded=guarded_tables())
    become(ROLE)
    assert excess_rights(connection, guarded=guarded_tables()) == []


def test_the_check_refuses_a_site_that_connects_as_the_owner(web_role: str, settings: Settings) -> None:
    settings.RUNTIME_ROLE_REQUIRED = True
    with pytest.raises(SystemCheckError, match=r"journeybook\.E002"):
        call_command("check", databases=["default"])
    become(web_role)
    call_command("check", databases=["default"])
