"""Triggers by which the database itself refuses to change what must never change.

A guarded table takes INSERT only. Three triggers hold it on SQLite: no UPDATE, no DELETE, and no
INSERT over an existing row, because `INSERT OR REPLACE` deletes without firing a DELETE trigger on
connections that did not set `recursive_triggers`. On PostgreSQL a row trigger refuses UPDATE and
DELETE and a statement trigger refuses TRUNCATE, both ENABLE ALWAYS, so that
`session_replication_role = replica` does not switch them off.

A migration that remakes a table on SQLite drops its triggers without a word. They are therefore
made again after every migrate, and a system check and `verify_record` look whether they are there.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string

from acts.blanking import BLANKABLE, may_be_blanked
from acts.rights import excess_rights, grant_runtime_rights


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


def insert_only(table: str, keys: Sequence[Sequence[str]], *, unless: str = "") -> list[Trigger]:
    """The triggers of an insert-only table; `keys` are its unique keys, by column names.

    `unless` is SQL over OLD and NEW that says which UPDATE is let through; blank: none.
    """
    # `=`, not `IS`: a unique key takes any number of rows without a value, and so replaces none of them.
    same_key = " OR ".join("(" + " AND ".join(f"{c} = NEW.{c}" for c in key) + ")" for key in keys)
    refuse = f"SELECT RAISE(ABORT, 'insert only: {table}');"
    on_update = f"{table} WHEN NOT ({unless})" if unless else table
    triggers = [
        Trigger(
            name=f"{table}_no_{operation.lower()}",
            table=table,
            sqlite=f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {rows} BEGIN {refuse} END",
        )
        for operation, rows in (("UPDATE", on_update), ("DELETE", table))
    ]
    triggers.append(
        Trigger(
            name=f"{table}_no_replace",
            table=table,
            sqlite=_refusing_replace(table, same_key, refuse),
        )
    )
    refusing = f"{table}_refuse" if unless else "journeybook_refuse"
    for name, event, level, function in (
        (f"{table}_no_change", "UPDATE OR DELETE", "ROW", refusing),
        (f"{table}_no_truncate", "TRUNCATE", "STATEMENT", "journeybook_refuse"),
    ):
        triggers.append(
            Trigger(
                name=name,
                table=table,
                postgresql=(
                    (_refusing_unless(function, unless) if function != "journeybook_refuse" else "")
                    + f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"FOR EACH {level} EXECUTE FUNCTION {function}();"
                    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};"
                ),
            )
        )
    return triggers


def _refusing_unless(function: str, unless: str) -> str:
    """The function of a table that lets one kind of UPDATE through and refuses the rest as all others do."""
    return f"""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF {unless} THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'insert only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


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
        triggers += insert_only(meta.db_table, keys, unless=may_be_blanked(meta.db_table))
    for path in settings.EXTRA_TRIGGERS:
        triggers += import_string(path)()
    return triggers


def missing_triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that must stand and do not, or not as they must: switched off, or made to do less."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        standing = _sqlite_standing(cursor) if connection.vendor == "sqlite" else _postgresql_standing(cursor)
    stands = _stands_on_sqlite if connection.vendor == "sqlite" else _stands_on_postgresql
    expected = [t for t in all_triggers() if _sql(t, connection) and t.table in tables]
    return [t for t in expected if (t.table, t.name) not in standing or not stands(t, standing[t.table, t.name])]


Standing = dict[tuple[str, str], tuple[str, ...]]


def _sqlite_standing(cursor: Any) -> Standing:
    """The text of each trigger of the database, by table and name."""
    cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {(table, name): (sql,) for table, name, sql in cursor.fetchall()}


def _stands_on_sqlite(trigger: Trigger, standing: tuple[str, ...]) -> bool:
    return _plain(standing[0]) == _plain(trigger.sqlite)


def _postgresql_standing(cursor: Any) -> Standing:
    """The definition and the function's body of each trigger that is ENABLE ALWAYS, by table and name."""
    cursor.execute(
        "SELECT relname, tgname, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid "
        "WHERE NOT tgisinternal AND tgenabled = 'A' AND c.relnamespace = 'public'::regnamespace"
    )
    return {(table, name): (definition, body) for table, name, definition, body in cursor.fetchall()}


def _stands_on_postgresql(trigger: Trigger, standing: tuple[str, ...]) -> bool:
    definition, body = standing
    made_by = _plain(POSTGRESQL_REFUSAL + trigger.postgresql)
    return _plain(body) in made_by and _events(definition) == _events(trigger.postgresql)


def _events(definition: str) -> tuple[frozenset[str], str, str, bool]:
    """When a trigger fires and what it calls: its operations, its level, its function, whether it has a condition."""
    found = re.search(r"CREATE TRIGGER (.*?EXECUTE FUNCTION \w+\(\))", _plain(definition))
    text = found.group(1) if found else ""
    parts = re.search(r"BEFORE (.+?) ON .*FOR EACH (\w+).* EXECUTE FUNCTION (\w+)", text)
    if parts is None:
        return frozenset(), "", "", False
    return frozenset(parts.group(1).split(" OR ")), parts.group(2), parts.group(3), " WHEN " in text


def _plain(sql: str) -> str:
    """SQL without the quotes and line breaks that a database adds or leaves out."""
    return " ".join(sql.replace('"', "").split())


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that is missing; safe to call at any time."""
    missing = missing_triggers(connection)
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_REFUSAL)
        for trigger in missing:
            cursor.execute(_drop(trigger, connection))
            cursor.execute(_sql(trigger, connection))


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: only for `lifted`, and for tests that play the forger."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for trigger in all_triggers():
            if trigger.table not in tables or not _sql(trigger, connection):
                continue
            cursor.execute(_drop(trigger, connection))


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift the guards for a while and put them back, whatever happens.

    Only the test suite may: settings.GUARDS_MAY_BE_LIFTED stands in the test settings alone.
    """
    if not getattr(settings, "GUARDS_MAY_BE_LIFTED", False):
        raise RuntimeError("The guards of the record are never lifted in an installation.")
    _settle(connection)
    drop_triggers(connection)
    try:
        yield
    finally:
        _settle(connection)
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


def _settle(connection: BaseDatabaseWrapper) -> None:
    """Check foreign keys now: PostgreSQL changes no table while rows of the transaction wait for that."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()


def create_after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Called after every migrate: the triggers, and on PostgreSQL the rights of the web role."""
    connection = connections[using]
    create_triggers(connection)
    if connection.vendor == "postgresql" and settings.RUNTIME_ROLE:
        grant_runtime_rights(connection, settings.RUNTIME_ROLE, guarded=guarded_tables(), blankable=BLANKABLE)


_being_remade: ContextVar[bool] = ContextVar("_being_remade", default=False)


@contextmanager
def being_remade() -> Iterator[None]:
    """While `migrate` runs its checks, a missing trigger is no error: migrating is what makes it again."""
    token = _being_remade.set(True)
    try:
        yield
    finally:
        _being_remade.reset(token)


@checks.register(checks.Tags.database)
def guards_stand(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """`manage.py check --database default`: every trigger is there, and the web role is a small one."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if not _being_remade.get():
            found += [
                checks.Error(
                    f"The trigger {trigger.name} on {trigger.table} is missing or altered.",
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
                for table in excess_rights(connection, guarded=guarded_tables())
            ]
    return found


def _sql(trigger: Trigger, connection: BaseDatabaseWrapper) -> str:
    return trigger.postgresql if connection.vendor == "postgresql" else trigger.sqlite


def _drop(trigger: Trigger, connection: BaseDatabaseWrapper) -> str:
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on}"
