"""Triggers by which the database itself refuses to change what must never change.

A guarded table takes INSERT only. Three triggers hold it on SQLite: no UPDATE, no DELETE, and no
INSERT over an existing row, because `INSERT OR REPLACE` deletes without firing a DELETE trigger on
connections that did not set `recursive_triggers`. On PostgreSQL a row trigger refuses UPDATE and
DELETE and a statement trigger refuses TRUNCATE, both ENABLE ALWAYS, so that
`session_replication_role = replica` does not switch them off.

A migration that remakes a table on SQLite drops its triggers without a word. They are therefore
made again after every migrate, and a system check and `verify_record` look whether they are there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name, its table and the SQL that makes it, by vendor.

    `postgresql` holds whole statements (function and trigger); `sqlite` one CREATE TRIGGER.
    A blank text means that the vendor needs no such trigger.
    """

    name: str
    table: str
    sqlite: str = ""
    postgresql: str = ""


POSTGRESQL_REFUSAL = """
CREATE OR REPLACE FUNCTION journeybook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'insert only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def insert_only(table: str, keys: Sequence[Sequence[str]]) -> list[Trigger]:
    """The triggers of an insert-only table; `keys` are its unique keys, by column names."""
    same_key = " OR ".join("(" + " AND ".join(f"{c} IS NEW.{c}" for c in key) + ")" for key in keys)
    refuse = f"SELECT RAISE(ABORT, 'insert only: {table}');"
    triggers = [
        Trigger(
            name=f"{table}_no_{operation.lower()}",
            table=table,
            sqlite=f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} BEGIN {refuse} END",
        )
        for operation in ("UPDATE", "DELETE")
    ]
    triggers.append(
        Trigger(
            name=f"{table}_no_replace",
            table=table,
            sqlite=_refusing_replace(table, same_key, refuse),
        )
    )
    for name, event, level in (
        (f"{table}_no_change", "UPDATE OR DELETE", "ROW"),
        (f"{table}_no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        triggers.append(
            Trigger(
                name=name,
                table=table,
                postgresql=(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"FOR EACH {level} EXECUTE FUNCTION journeybook_refuse();"
                    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};"
                ),
            )
        )
    return triggers


def _refusing_replace(table: str, same_key: str, refuse: str) -> str:
    existing = f"SELECT 1 FROM {table} WHERE {same_key}"  # noqa: S608  # names of our own tables, no input
    return f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({existing}) BEGIN {refuse} END"


def guarded_tables() -> list[str]:
    """The names of the insert-only tables, from settings.INSERT_ONLY ("app_label.Model")."""
    return [apps.get_model(label)._meta.db_table for label in settings.INSERT_ONLY]


def all_triggers() -> list[Trigger]:
    """Every trigger that must stand: of the insert-only tables and of settings.EXTRA_TRIGGERS.

    EXTRA_TRIGGERS holds dotted paths of functions without arguments that return triggers.
    """
    triggers: list[Trigger] = []
    for label in settings.INSERT_ONLY:
        meta = apps.get_model(label)._meta
        keys = [[meta.pk.column]] if meta.pk else []
        keys += [[field.column] for field in meta.concrete_fields if field.unique and not field.primary_key]
        keys += [
            [meta.get_field(name).column for name in constraint.fields] for constraint in meta.total_unique_constraints
        ]
        triggers += insert_only(meta.db_table, keys)
    for path in settings.EXTRA_TRIGGERS:
        triggers += import_string(path)()
    return triggers


def missing_triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that must stand and do not (or, on PostgreSQL, are not ENABLE ALWAYS)."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
        present = {row[0] for row in cursor.fetchall()}
    return [t for t in all_triggers() if _sql(t, connection) and t.table in tables and t.name not in present]


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that is missing; safe to call at any time."""
    missing = missing_triggers(connection)
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_REFUSAL)
        for trigger in missing:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}")
            cursor.execute(_sql(trigger, connection))


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: only for `lifted`, and for tests that play the forger."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for trigger in all_triggers():
            if trigger.table not in tables or not _sql(trigger, connection):
                continue
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift the guards for a while and put them back, whatever happens.

    Only the test suite may: settings.GUARDS_MAY_BE_LIFTED stands in the test settings alone.
    """
    if not getattr(settings, "GUARDS_MAY_BE_LIFTED", False):
        raise RuntimeError("The guards of the record are never lifted in an installation.")
    drop_triggers(connection)
    try:
        yield
    finally:
        create_triggers(connection)


def drop_before_migrate(*, using: str = DEFAULT_DB_ALIAS, plan: Sequence[object] = (), **_kwargs: Any) -> None:
    """Called before every migrate: on SQLite, and only when there is something to migrate, no trigger stands.

    SQLite refuses to remake a table that the trigger of another table reads. A migrate that fails
    leaves the guards down until the next one succeeds; `check --database default` says so.
    """
    connection = connections[using]
    if connection.vendor != "sqlite" or not plan:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def create_after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Called after every migrate: the triggers, and on PostgreSQL the rights of the web role."""
    connection = connections[using]
    create_triggers(connection)
    if connection.vendor == "postgresql" and settings.RUNTIME_ROLE:
        grant_runtime_rights(connection, settings.RUNTIME_ROLE)


def grant_runtime_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give the web role what it needs: SELECT and INSERT on guarded tables, normal rights elsewhere.

    The owner migrates and does nothing else: whoever owns a table can drop its triggers.
    """
    quoted = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        present = set(connection.introspection.table_names(cursor))
        for table in guarded_tables():
            if table in present:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {quoted}")


def excess_rights(connection: BaseDatabaseWrapper) -> list[str]:
    """The guarded tables on which this connection may do more than read and insert (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        tables = [table for table in guarded_tables() if table in present]
        cursor.execute(
            "SELECT t FROM unnest(%s) AS t WHERE has_table_privilege(t, 'UPDATE') OR has_table_privilege(t, 'DELETE')",
            [tables],
        )
        return [row[0] for row in cursor.fetchall()]


@checks.register(checks.Tags.database)
def guards_stand(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """`manage.py check --database default`: every trigger is there, and the web role is a small one."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        found += [
            checks.Error(
                f"The trigger {trigger.name} on {trigger.table} is missing.",
                hint="Run ./run manage migrate; then ./run manage verify_record --all, and ask who removed it.",
                id="journeybook.E001",
            )
            for trigger in missing_triggers(connection)
        ]
        if settings.RUNTIME_ROLE_REQUIRED:
            found += [
                checks.Error(
                    f"The web role may change {table}.",
                    hint="Let the site connect as a role that does not own the tables (docs/operators.md).",
                    id="journeybook.E002",
                )
                for table in excess_rights(connection)
            ]
    return found


def _sql(trigger: Trigger, connection: BaseDatabaseWrapper) -> str:
    return trigger.postgresql if connection.vendor == "postgresql" else trigger.sqlite
