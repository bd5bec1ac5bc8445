"""The rows of a book as the checker reads them: plain tuples with ids as text, straight from the columns.

A check of a long book touches every row once. Making a model of each, and an object of each id, took ten times
as long as hashing them. Nothing here is compared or left out: it is only read.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import CharField, F, Func
from django.db.models.expressions import Expression

from apprenticeship.models import Apprenticeship, RecordEntry, SignOff


class IdText(Func):
    """A UUID column as the database's own text, which Ids makes that of entries; NULL stays NULL."""

    output_field = CharField()
    template = "%(expressions)s"  # SQLite keeps ids as text

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(F(column), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **extra)


class Ids(dict[str | None, Any]):
    """Ids as entries carry them (36 signs, with hyphens) by what a database gives for them; each is made once."""

    def __missing__(self, raw: str | None) -> str | None:
        if raw is not None and "-" not in raw:
            made: str | None = f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
        else:
            made = raw
        self[raw] = made
        return made


class EntryLine(NamedTuple):
    """One entry with the act it belongs to."""

    id: str
    sequence: int
    kind: str
    recorded_at: datetime
    canonical: str
    previous_hash: str
    hash: str
    act_id: str
    act_key: str
    act_authentication: str
    act_station: str | None
    act_actor: str | None


ENTRY_COLUMNS: tuple[str | Expression, ...] = (
    IdText("pk"),
    "sequence",
    "kind",
    "recorded_at",
    "canonical",
    "previous_hash",
    "hash",
    IdText("act"),
    "act__key",
    "act__authentication",
    IdText("act__station_id"),
    IdText("act__actor"),
)


def entry_lines(apprenticeship: Apprenticeship) -> list[EntryLine]:
    """The entries of one book in their order; one query."""
    rows, ids = RecordEntry.objects.filter(apprenticeship=apprenticeship).order_by("sequence"), Ids()
    return [
        EntryLine._make((ids[pk], *columns, ids[act], key, authentication, ids[station], ids[actor]))
        for pk, *columns, act, key, authentication, station, actor in rows.values_list(*ENTRY_COLUMNS)
    ]


class SignOffRow(NamedTuple):
    """One sign-off's columns; what they point at is told once for all rows, by `skill` and `level`."""

    entry_id: str
    signer: str
    skill: str
    level: str
    worksite: str | None
    method: str
    observed_on: date
    note: str | None
    late_reason: str | None
    replaces: int | None
    procedure_number: str
    procedure_version: str
    needs_counter_signature: bool


SIGN_OFF_COLUMNS: tuple[str | Expression, ...] = (
    IdText("entry"),
    IdText("signer"),
    IdText("skill"),
    IdText("level"),
    IdText("worksite"),
    "method",
    "observed_on",
    "note__digest",
    "late_reason__digest",
    "replaces__entry__sequence",
    "procedure_number",
    "procedure_version",
    "needs_counter_signature",
)


def sign_off_rows(apprenticeship: Apprenticeship) -> list[SignOffRow]:
    """The sign-offs of one book; one query."""
    rows, ids = SignOff.objects.filter(apprenticeship=apprenticeship), Ids()
    return [
        SignOffRow._make((ids[entry], ids[signer], ids[skill], ids[level], ids[worksite], *columns))
        for entry, signer, skill, level, worksite, *columns in rows.values_list(*SIGN_OFF_COLUMNS)
    ]
