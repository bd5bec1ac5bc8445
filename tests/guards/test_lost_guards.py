"""A guard that was lost or blunted is noticed, and migrating makes it again."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from acts.guards import (
    Trigger,
    all_triggers,
    create_after_migrate,
    create_triggers,
    drop_before_migrate,
    missing_triggers,
)

TABLES = sorted({trigger.table for trigger in all_triggers()})


def a_guard(table: str = "apprenticeship_recordentry") -> Trigger:
    """The trigger of `table` that refuses UPDATE on this lane's database."""
    name = f"{table}_no_update" if connection.vendor == "sqlite" else f"{table}_no_change"
    return next(trigger for trigger in all_triggers() if trigger.name == name)


def drop(trigger: Trigger) -> None:
    on = "" if connection.vendor == "sqlite" else f" ON {trigger.table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger.name}{on}")


def blunt(trigger: Trigger) -> None:
    """Put a trigger of the same name there that refuses nothing."""
    drop(trigger)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(re.sub("SELECT RAISE.*?;", "SELECT 1;", trigger.sqlite))
        else:
            cursor.execute(trigger.postgresql.replace("UPDATE OR DELETE", "DELETE"))


@pytest.mark.django_db
def test_after_migrating_every_guard_stands() -> None:
    assert missing_triggers(connection) == []
    call_command("check", databases=["default"])


@pytest.mark.django_db
@pytest.mark.parametrize("harm", [drop, blunt])
def test_the_check_names_a_guard_that_is_gone_or_blunt(harm: object) -> None:
    guard = a_guard()
    harm(guard)  # type: ignore[operator]  # one of the two functions above
    assert missing_triggers(connection) == [guard]
    with pytest.raises(SystemCheckError, match=rf"journeybook.E001.*{guard.name}"):
        call_command("check", databases=["default"])
    create_triggers(connection)
    assert missing_triggers(connection) == []


@pytest.mark.django_db
def test_verifying_the_record_says_that_a_guard_is_missing() -> None:
    drop(a_guard())
    out = StringIO()
    with pytest.raises(CommandError, match="1 other findings"):
        call_command("verify_record", all=True, stdout=out)
    assert f"The guard {a_guard().name} on apprenticeship_recordentry is missing" in out.getvalue()


@pytest.mark.one_lane("postgres")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "harm",
    [
        "ALTER TABLE apprenticeship_recordentry DISABLE TRIGGER apprenticeship_recordentry_no_change",
        "ALTER TABLE apprenticeship_recordentry ENABLE TRIGGER apprenticeship_recordentry_no_change",
        "CREATE OR REPLACE FUNCTION journeybook_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ],
)
def test_a_guard_that_is_switched_off_counts_as_missing(harm: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(harm)
    assert a_guard() in missing_triggers(connection)
    create_triggers(connection)
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_migrate_runs_although_a_guard_is_missing_and_says_so() -> None:
    drop(a_guard())
    err = StringIO()
    call_command("migrate", verbosity=0, skip_checks=False, stderr=err)
    assert f"The guard {a_guard().name} on apprenticeship_recordentry is missing" in err.getvalue()
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_tables_that_a_migration_remakes_have_their_guards_again() -> None:
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    guarded = [model for model in before.apps.get_models() if model._meta.db_table in TABLES]
    assert sorted(model._meta.db_table for model in guarded) == TABLES
    plan = [(model._meta.app_label, wider(str(model._meta.model_name))) for model in guarded]
    for app_label, operation in plan:
        operation.state_forwards(app_label, after)
    drop_before_migrate(plan=[operation for _, operation in plan])
    for app_label, operation in plan:
        with connection.schema_editor() as editor:
            operation.database_forwards(app_label, editor, before, after)
    try:
        assert bool(missing_triggers(connection)) is (connection.vendor == "sqlite")
        create_after_migrate()
        assert missing_triggers(connection) == []
    finally:
        drop_before_migrate(plan=[operation for _, operation in plan])
        for app_label, operation in reversed(plan):
            with connection.schema_editor() as editor:
                operation.database_backwards(app_label, editor, after, before)
        create_triggers(connection)


def wider(model: str) -> migrations.AddField:
    return migrations.AddField(model, "later", models.CharField(max_length=5, default="x"))
