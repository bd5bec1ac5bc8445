"""SHA-256 digests in the database: 32 bytes in the column, 64 hexadecimal signs everywhere else.

Half as long as their text, in every row and every index: the record is kept for years.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterField, RunPython, SeparateDatabaseAndState
from django.db.migrations.state import StateApps

if TYPE_CHECKING:
    TextField = models.Field[str, str]
else:
    TextField = models.Field  # not subscriptable when it runs


class DigestField(TextField):
    """A digest as text in hexadecimal, kept as bytes. Raises ValueError for what is no hexadecimal text."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_how: Any) -> str | None:
        return None if value is None else bytes(value).hex()

    def get_prep_value(self, value: Any) -> bytes | None:
        return bytes.fromhex(value) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        kept = super().get_db_prep_value(value, connection, prepared)
        return None if kept is None else connection.Database.Binary(kept)


def keep_as_bytes(model: str, table: str, *names: str) -> SeparateDatabaseAndState:
    """The operation of a migration that turns these columns of hexadecimal text into bytes, and back."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _convert(editor, table, names, kind="bytea", value="decode(%s, 'hex')", was="text", made=bytes.fromhex)

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _convert(editor, table, names, kind="varchar(64)", value="encode(%s, 'hex')", was="blob", made=bytes.hex)

    return SeparateDatabaseAndState(
        state_operations=[AlterField(model, name, DigestField()) for name in names],
        database_operations=[RunPython(forwards, backwards)],
    )


def _convert(
    editor: BaseDatabaseSchemaEditor,
    table: str,
    names: tuple[str, ...],
    *,
    kind: str,
    value: str,
    was: str,
    made: Callable[[Any], Any],
) -> None:
    """Convert the columns in place. SQLite keeps each value as it comes, whatever the column was declared as."""
    for column in names:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING {value % column}")
            continue
        editor.connection.ensure_connection()
        editor.connection.connection.create_function("converted", 1, made)
        editor.execute(f"UPDATE {table} SET {column} = converted({column}) WHERE typeof({column}) = '{was}'")  # noqa: S608  # our own names
