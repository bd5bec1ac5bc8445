"""SQL that is made once and used often: for the path of a signature, where building a statement anew would
take longer than the database does.

A `Ready` query is an ordinary queryset, compiled at its first use in a thread; later calls only bind its
parameters. `insert` and `update` write rows as Django would; a `Writes` sends several of them together.
PostgreSQL is handed each statement once per connection and then only called by name (PREPARE, EXECUTE): its
planning took longer than its work. Elsewhere use querysets as they are: they are clearer.
"""

import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)

_prepared_by = threading.local()  # in each thread: its connection to the server, and the names of what that knows


def _is_quick(connection: BaseDatabaseWrapper) -> bool:
    """Whether statements may be prepared and sent together here, and not one by one as Django does."""
    return connection.vendor == "postgresql" and settings.PREPARED_STATEMENTS


def _call(cursor: CursorWrapper, connection: BaseDatabaseWrapper, sql: str, parameters: int) -> str:
    """`sql` as it is best sent on this connection: by the name under which the server knows it, where it can.

    What was prepared lasts as long as the connection to the server, whatever transactions are rolled back.
    """
    if not _is_quick(connection):
        return sql
    if getattr(_prepared_by, "connection", None) is not connection.connection:
        _prepared_by.connection, _prepared_by.names = connection.connection, {}
    names: dict[str, str] = _prepared_by.names
    if sql not in names:
        name = f"{'read' if sql.startswith('SELECT') else 'write'}_{len(names)}"
        numbered = sql % tuple(f"${n}" for n in range(1, parameters + 1))
        cursor.cursor.execute(f"PREPARE {name} AS {numbered}")  # no query of this request's, so nobody counts it
        names[sql] = f"EXECUTE {name} ({', '.join(['%s'] * parameters)})"
    return names[sql]


Given = uuid.UUID | str | Sequence[uuid.UUID]
"""What a statement is called with: an id, a key, or a list of ids."""

LONGEST_LIST = 64
"""A statement is made anew for each length of a list; what is longer is asked as any queryset is."""


@dataclass(frozen=True)
class _Slot:
    """The place of a parameter, and the place within it where it is a list."""

    name: str
    place: int


class Ready(Generic[M]):
    """A queryset whose parameters are ids, keys or lists of ids; `build` makes it, given one for each of `names`.

    It may filter, join by `select_related`, annotate, order and lock. What Django does after a query
    (prefetching) it cannot do.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[M]"], *names: str) -> None:
        self._build = build
        self._names = names
        self._own = threading.local()  # a connection belongs to one thread, and so does what was made for it

    def __call__(self, **given: Given) -> list[M]:
        """The rows for what is given, as the queryset would give them."""
        lengths = tuple(_length(given[name]) for name in self._names)
        if any(length == 0 or (length or 0) > LONGEST_LIST for length in lengths):
            return list(self._build(**given))
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._made(connection, lengths)
        params = [_bound(_given(given, p), connection) if isinstance(p, _Slot) else p for p in made.params]
        with connection.cursor() as cursor:
            cursor.execute(_call(cursor, connection, made.sql, len(params)), params)
            return made.instances(cursor.fetchall())

    def _made(self, connection: BaseDatabaseWrapper, lengths: tuple[int | None, ...]) -> "_Made[M]":
        """What this thread has made for lists of these lengths, or makes now."""
        if getattr(self._own, "connection", None) is not connection:
            self._own.connection, self._own.made = connection, {}
        made: _Made[M] | None = self._own.made.get(lengths)
        if made is None:
            slots: dict[str, Any] = {
                name: uuid.uuid4() if length is None else [uuid.uuid4() for _place in range(length)]
                for name, length in zip(self._names, lengths, strict=True)
            }
            made = self._own.made[lengths] = _Made(self._build(**slots), slots, connection)
        return made


def _length(given: Given) -> int | None:
    """How long a list is; None for a single id or key."""
    return None if isinstance(given, uuid.UUID | str) else len(given)


def _given(given: Mapping[str, Given], slot: _Slot) -> uuid.UUID | str:
    """What stands in one place of a statement."""
    found = given[slot.name]
    return found if isinstance(found, uuid.UUID | str) else found[slot.place]


class _Made(Generic[M]):
    """The SQL of a queryset for one connection, and the way from its rows to instances (as in ModelIterable)."""

    def __init__(self, rows: "models.QuerySet[M]", slots: Mapping[str, Any], connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self._compiler = compiler = rows.query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        places: dict[str, _Slot] = {}
        for name, sample in slots.items():
            for place, value in enumerate([sample] if isinstance(sample, uuid.UUID) else sample):
                # The column of a key takes the sample as text, that of an id as the database keeps ids.
                places[str(value)] = places[value.hex] = _Slot(name, place)
        self.params = [places.get(str(param), param) for param in params]
        told: dict[str, Any] = compiler.klass_info or {}
        self._model: type[M] = told["model"]
        self._first, self._last = told["select_fields"][0], told["select_fields"][-1] + 1
        columns = compiler.select[self._first : self._last]
        self._names = [column[0].target.attname for column in columns]
        # The stubs are those of a later Django, which asks for one argument more.
        self._related = get_related_populators(told, compiler.select, connection.alias)  # type: ignore[call-arg]
        self._annotations = dict(compiler.annotation_col_map or {})
        self._converters = compiler.get_converters([column[0] for column in compiler.select])

    def instances(self, rows: Iterable[Sequence[Any]]) -> list[M]:
        """The rows as instances with what was joined to them."""
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        made = []
        for row in rows:
            instance = self._model.from_db(self.connection.alias, self._names, row[self._first : self._last])
            for related in self._related:
                related.populate(row, instance)
            for name, place in self._annotations.items():
                setattr(instance, name, row[place])
            made.append(instance)
        return made


class Writes:
    """Rows to be inserted and updated, in their order; PostgreSQL is sent all of them in one round trip."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, list[Any], bool]] = []

    def insert(self, rows: Sequence[models.Model], *, unless_there: bool = False) -> None:
        """Insert `rows` of one model in one statement.

        With `unless_there` a row that a unique key forbids is left out, and one that another transaction is
        about to write is waited for. Without it sending raises IntegrityError. Ids that the database gives
        are not read back.
        """
        if not rows:
            return
        connection = connections[DEFAULT_DB_ALIAS]
        head, placeholders, fields = _insertion(type(rows[0]))
        values = ", ".join([placeholders] * len(rows))
        end = " ON CONFLICT DO NOTHING" if unless_there else ""
        params = [
            _plain(field.get_db_prep_save(field.pre_save(row, add=True), connection))
            for row in rows
            for field in fields
        ]
        self._waiting.append((f"{head} VALUES {values}{end}", params, len(rows) == 1))
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias

    def update(self, row: models.Model, *names: str) -> None:
        """Write these fields of one row as they are in memory now."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, fields = _change(type(row), names)
        params = [_plain(field.get_db_prep_save(getattr(row, field.attname), connection)) for field in fields]
        self._waiting.append((sql, params, True))

    def update_unmoved(self, rows: Sequence[models.Model], *names: str, still: Sequence[Any]) -> None:
        """Write these fields of rows whose first one is `still` what it was, row by row: another's work stays."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, fields = _moving(type(rows[0]), names, len(rows))
        params = [
            _plain(field.get_db_prep_save(value, connection))
            for row, was in zip(rows, still, strict=True)
            for field, value in zip(fields, (row.pk, was, *(getattr(row, f.attname) for f in fields[2:])), strict=True)
        ]
        self._waiting.append((sql, params, len(rows) == 1))

    def send(self) -> int:
        """Write what waits; returns how many rows the last of it touched, 0 where nothing waited."""
        waiting, self._waiting = self._waiting, []
        connection = connections[DEFAULT_DB_ALIAS]
        touched = 0
        with connection.cursor() as cursor:
            calls = [
                (_call(cursor, connection, sql, len(params)) if again else sql, params)
                for sql, params, again in waiting
            ]
            if _is_quick(connection) and len(calls) > 1:
                whole = b"; ".join(cursor.mogrify(sql, params) for sql, params in calls)
                calls = [(whole.decode(), None)]  # type: ignore[list-item]  # nothing is left to be bound
            for sql, params in calls:
                cursor.execute(sql, params)
                touched = cursor.rowcount
        return touched


def insert(rows: Sequence[models.Model], *, unless_there: bool = False) -> int:
    """Insert `rows` of one model at once, as `Writes.insert` does; returns how many were inserted."""
    writes = Writes()
    writes.insert(rows, unless_there=unless_there)
    return writes.send()


def update(row: models.Model, *names: str) -> int:
    """Write these fields of one row as they are in memory; returns 0 where the row is not there any more."""
    writes = Writes()
    writes.update(row, *names)
    return writes.send()


@cache
def _insertion(model: type[models.Model]) -> tuple[str, str, tuple["models.Field[Any, Any]", ...]]:
    """The start of an INSERT into the model's table, the placeholders of one row, and its fields in order."""
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = tuple(f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField | models.BigAutoField))
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns})", f"({', '.join(['%s'] * len(fields))})", fields


def _plain(value: Any) -> Any:
    """An id as text, which the driver quotes by itself; for a UUID it asks Python back each time."""
    return str(value) if isinstance(value, uuid.UUID) else value


def _bound(value: uuid.UUID | str, connection: BaseDatabaseWrapper) -> str:
    """An id as the database takes it; a key is text already."""
    if isinstance(value, str):
        return value
    return str(value) if connection.features.has_native_uuid_field else value.hex


@cache
def _change(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple["models.Field[Any, Any]", ...]]:
    """An UPDATE of these fields of the row with one primary key, and its parameters' fields in order."""
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = _fields(model, names)
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields[:-1])
    key = quoted(str(fields[-1].column))
    return f"UPDATE {quoted(model._meta.db_table)} SET {columns} WHERE {key} = %s", fields  # noqa: S608  # our own names


@cache
def _moving(
    model: type[models.Model], names: tuple[str, ...], rows: int
) -> tuple[str, tuple["models.Field[Any, Any]", ...]]:
    """An UPDATE of so many rows from a list of values, and the fields of each row's parameters in order.

    A row's values are its key, what the first field still has to be, then the fields' new values.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    quoted, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
    *changed, key = _fields(model, names)
    fields = (key, changed[0], *changed)
    row = ", ".join(VALUE_OF_TYPE[connection.vendor] % f.rel_db_type(connection) for f in fields)
    columns = ", ".join(f"{quoted(str(field.column))} = v.column{n}" for n, field in enumerate(changed, 3))
    same = f"{table}.{quoted(str(changed[0].column))} {IS_THE_SAME[connection.vendor]} v.column2"
    listed = f"(VALUES {', '.join([f'({row})'] * rows)}) AS v"
    where = f"{table}.{quoted(str(key.column))} = v.column1 AND {same}"
    return f"UPDATE {table} SET {columns} FROM {listed} WHERE {where}", fields  # noqa: S608  # our own names


IS_THE_SAME = {"postgresql": "IS NOT DISTINCT FROM", "sqlite": "IS"}
# PostgreSQL would take a value that is blank in every row of a list for text; SQLite keeps each as it comes.
VALUE_OF_TYPE = {"postgresql": "CAST(%%s AS %s)", "sqlite": "%%s%.0s"}


def _fields(model: type[models.Model], names: tuple[str, ...]) -> tuple["models.Field[Any, Any]", ...]:
    """The fields with these names, and then the primary key."""
    told = model._meta
    return tuple(f for f in (*(told.get_field(n) for n in names), told.pk) if isinstance(f, models.Field))
