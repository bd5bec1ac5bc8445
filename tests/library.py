"""The built-in standard in the tables of a test: loaded once in a process, and then put there as it came.

Nearly every test follows this standard, and reading, checking and publishing it takes longer than most tests do.
"""

from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from acts.models import Act
from competencies.builtin import load_builtin
from competencies.models import StandardVersion
from tests.cast import viewer_for

_written: list[tuple[str, list[Any]]] = []
"""What loading it writes, an INSERT and its values each; the version last: a published one takes no further parts."""


def remember_builtin() -> None:
    """Load the standard into the empty tables, keep what that wrote, and leave the tables empty."""
    with transaction.atomic(), connection.cursor() as cursor:
        load_builtin(viewer=viewer_for(None))
        models: list[type[Model]] = [Act, *apps.get_app_config("competencies").get_models()]
        for model in sorted(models, key=lambda model: model is StandardVersion):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a name out of our own models
            columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
            if rows := cursor.fetchall():
                row = f"({', '.join(['%s'] * len(rows[0]))})"
                insert = f'INSERT INTO "{table}" ({columns}) VALUES {", ".join([row] * len(rows))}'  # noqa: S608
                _written.append((insert, [value for row in rows for value in row]))
        transaction.set_rollback(True)


def builtin_standard() -> StandardVersion:
    """The built-in standard, published by the operator at the cast's own instant."""
    with transaction.atomic(), connection.cursor() as cursor:
        for insert, values in _written:
            cursor.execute(insert, values)
    return StandardVersion.objects.select_related("standard").get()
