"""SQL that is made once and used often: for the path of a signature, where building a statement anew would
take longer than the database does.

A `Ready` query is an ordinary queryset, compiled at its first use in a thread; later calls only bind its
parameters. `insert` writes rows as `bulk_create` does. Elsewhere use querysets as they are: they are clearer.
"""

import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class _Slot:
    """The place of a parameter."""

    name: str


class Ready(Generic[M]):
    """A queryset whose parameters are ids; `build` makes it, given one id for each of `names`.

    It may filter, join by `select_related`, annotate, order and lock. What Django does after a query
    (prefetching) it cannot do.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[M]"], *names: str) -> None:
        self._build = build
        self._names = names
        self._own = threading.local()  # a connection belongs to one thread, and so does what was made for it

    def __call__(self, **ids: uuid.UUID) -> list[M]:
        """The rows for these ids, as the queryset would give them."""
        connection = connections[DEFAULT_DB_ALIAS]
        made: _Made[M] | None = getattr(self._own, "made", None)
        if made is None or made.connection is not connection:
            slots = {name: uuid.uuid4() for name in self._names}
            made = self._own.made = _Made(self._build(**slots), slots, connection)
        params = [_bound(ids[p.name], connection) if isinstance(p, _Slot) else p for p in made.params]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, params)
            return made.instances(cursor.fetchall())


class _Made(Generic[M]):
    """The SQL of a queryset for one connection, and the way from its rows to instances (as in ModelIterable)."""

    def __init__(
        self, rows: "models.QuerySet[M]", slots: dict[str, uuid.UUID], connection: BaseDatabaseWrapper
    ) -> None:
        self.connection = connection
        self._compiler = compiler = rows.query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        names = {str(_bound(slot, connection)): name for name, slot in slots.items()}
        self.params = [_Slot(names[str(param)]) if str(param) in names else param for param in params]
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


def insert(rows: Sequence[models.Model], *, unless_there: bool = False) -> int:
    """Insert `rows` of one model in one statement; returns how many were inserted.

    With `unless_there` a row that a unique key forbids is left out, and one that another transaction is
    about to write is waited for. Without it that raises IntegrityError. Ids that the database gives are
    not read back.
    """
    if not rows:
        return 0
    connection = connections[DEFAULT_DB_ALIAS]
    head, placeholders, fields = _insertion(type(rows[0]))
    values = ", ".join([placeholders] * len(rows))
    end = " ON CONFLICT DO NOTHING" if unless_there else ""
    params = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"{head} VALUES {values}{end}", params)
        inserted: int = cursor.rowcount
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return inserted


@cache
def _insertion(model: type[models.Model]) -> tuple[str, str, tuple["models.Field[Any, Any]", ...]]:
    """The start of an INSERT into the model's table, the placeholders of one row, and its fields in order."""
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = tuple(f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField | models.BigAutoField))
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns})", f"({', '.join(['%s'] * len(fields))})", fields


def _bound(value: uuid.UUID, connection: BaseDatabaseWrapper) -> uuid.UUID | str:
    """An id as the database takes it."""
    return value if connection.features.has_native_uuid_field else value.hex


def update(row: models.Model, *names: str) -> int:
    """Write these fields of one row as they are in memory; returns 0 where the row is not there any more."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _change(type(row), names)
    params = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        changed: int = cursor.rowcount
    return changed


@cache
def _change(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple["models.Field[Any, Any]", ...]]:
    """An UPDATE of these fields of the row with one primary key, and its parameters' fields in order."""
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    told = model._meta
    fields = [told.get_field(name) for name in names]
    concrete = tuple(field for field in (*fields, told.pk) if isinstance(field, models.Field))
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in concrete[:-1])
    key = quoted(str(concrete[-1].column))
    return f"UPDATE {quoted(told.db_table)} SET {columns} WHERE {key} = %s", concrete  # noqa: S608  # our own names
