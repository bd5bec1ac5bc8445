"""The database itself refuses to change what is for good, by every road that SQL offers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from acts.models import SealedText
from apprenticeship.models import Apprenticeship, RecordEntry, SignOff

BOTH = {
    "update": ["UPDATE {table} SET {column} = {column}"],
    "delete": ["DELETE FROM {table}"],
}
AS_REPLICA = "SET LOCAL session_replication_role = replica"
NOT_DEFERRED = "SET CONSTRAINTS ALL IMMEDIATE"  # PostgreSQL empties no table while rows wait to be checked
ROADS: dict[str, dict[str, list[str]]] = {
    "sqlite": BOTH
    | {
        "replace": ["INSERT OR REPLACE INTO {table} SELECT * FROM {table}"],
        "upsert": ["INSERT INTO {table} SELECT * FROM {table} WHERE 1 ON CONFLICT DO UPDATE SET {column} = {column}"],
    },
    "postgres": BOTH
    | {
        "upsert": [
            'INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ("{pk}") DO UPDATE SET {column} = excluded.{column}'
        ],
        "truncate": [NOT_DEFERRED, "TRUNCATE {table} CASCADE"],
        "update as a replica": [AS_REPLICA, *BOTH["update"]],
        "delete as a replica": [AS_REPLICA, *BOTH["delete"]],
        "truncate as a replica": [NOT_DEFERRED, AS_REPLICA, "TRUNCATE {table} CASCADE"],
    },
}


def refusal(statements: list[str], **names: str) -> str:
    """What the database says to the last of the statements; those before it must pass. Blank: it let it happen."""
    *before, last = (statement.format(**names) for statement in statements)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        try:
            with transaction.atomic():
                cursor.execute(last)
        except DatabaseError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("road", ROADS[settings.TEST_LANE])
def test_no_road_changes_a_row(road: str, full_book: Apprenticeship) -> None:
    answers = {label: refusal_of(road, label) for label in settings.INSERT_ONLY}
    assert {label: said for label, said in answers.items() if "insert only" not in said} == {}


def refusal_of(road: str, label: str) -> str:
    """What the database says when the rows of a table, which are there, are to be changed by this road."""
    model = apps.get_model(label)
    assert model._default_manager.exists(), label
    return refusal(
        ROADS[settings.TEST_LANE][road],
        table=model._meta.db_table,
        pk=model._meta.pk.column,
        column=model._meta.concrete_fields[-1].column,
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: RecordEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
        lambda _: RecordEntry.objects.update(kind="x"),
        lambda entry: RecordEntry.objects.bulk_update([entry], ["canonical"]),
        lambda entry: RecordEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["id"], update_fields=["kind"]
        ),
        lambda _: SealedText.objects.update(text="other"),
    ],
    ids=["save", "delete", "update", "bulk_update", "upsert", "text"],
)
def test_the_orm_is_refused_like_any_sql(change: Callable[[RecordEntry], Any], full_book: Apprenticeship) -> None:
    before = list(RecordEntry.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic():
        change(RecordEntry.objects.get(sequence=4))
    assert list(RecordEntry.objects.values()) == before


def connect_as_another_program() -> Any:
    """A connection without any of our settings: on SQLite, without recursive triggers."""
    driver: Any = connection.Database  # type: ignore[attr-defined]  # sqlite3 or psycopg2; the stubs leave it out
    if connection.vendor == "sqlite":
        return driver.connect(connection.settings_dict["NAME"])
    return driver.connect(**connection.get_connection_params())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["apprenticeship_recordentry", "apprenticeship_signoff", "acts_sealedtext"])
@pytest.mark.parametrize("road", ROADS[settings.TEST_LANE])
def test_another_program_with_plain_settings_is_refused_too(road: str, table: str, full_book: Apprenticeship) -> None:
    before = SignOff.objects.count()
    other = connect_as_another_program()
    cursor = other.cursor()
    with pytest.raises(Exception, match="insert only"):  # noqa: PT012  # the driver's own error, at the last one
        for statement in ROADS[settings.TEST_LANE][road]:
            cursor.execute(statement.format(table=table, pk="id", column="id"))
    other.close()
    assert SignOff.objects.count() == before
