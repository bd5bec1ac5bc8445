"""The rows of a book as the checker reads them: plain tuples with ids as text, straight from the columns.

A check of a long book touches every row once. Making a model of each, and an object of each id, took ten times
as long as hashing them. Nothing here is compared or left out: it is only read.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Func, TextField
from django.db.models.expressions import Expression
from django.db.models.functions import Cast

from acts.models import SealedText
from apprenticeship.models import Apprenticeship, RecordEntry, Revocation, SignOff
from apprenticeship.record import timestamp

TRUE = {"1", "true"}
"""Yes as a database writes it in text."""


def as_text(column: str) -> Cast:
    """An id, a date, an instant or a yes as the database writes it: nobody makes an object of it; NULL stays NULL."""
    return Cast(column, TextField())


class HexText(Func):
    """A digest kept as bytes (acts/digests.py) as its hexadecimal text, made by the database."""

    output_field = TextField()
    template = "lower(hex(%(expressions)s))"  # SQLite

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(F(column), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="encode(%(expressions)s, 'hex')", **extra)


class _Hyphened(dict[str | None, Any]):
    """Ids as entries carry them (36 signs, with hyphens) by what SQLite gives for them; each is made once."""

    def __missing__(self, raw: str | None) -> str | None:
        made = None if raw is None else f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
        self[raw] = made
        return made


Conversion = Mapping[Any, Any] | None
"""What the values of a column become; None leaves them as they are."""


def ids_of_entries() -> Conversion:
    """How ids as text become those that entries carry; PostgreSQL writes them so."""
    return None if connection.features.has_native_uuid_field else _Hyphened()


class Instants(dict[str, str]):
    """Instants as entries carry them by what a database gives for them; what is none stays as it is."""

    def __missing__(self, raw: str) -> str:
        try:
            at = datetime.fromisoformat(raw)
        except ValueError:
            made = raw
        else:
            made = timestamp(at if at.tzinfo else at.replace(tzinfo=UTC))  # SQLite keeps no zone: it is UTC
        self[raw] = made
        return made


def written(pk: uuid.UUID) -> str:
    """An id as the database writes it in text: the name by which entries and their rows find each other."""
    return str(pk) if connection.features.has_native_uuid_field else pk.hex


def converted(rows: Iterable[Sequence[Any]], *conversions: Conversion) -> Iterable[tuple[Any, ...]]:
    """The rows with `conversions` made of their first columns, one for each; columns are converted whole."""
    columns: list[Iterable[Any]] = [*zip(*rows, strict=True)]
    for place, conversion in enumerate(conversions[: len(columns)]):
        if conversion is not None:
            columns[place] = map(conversion.__getitem__, columns[place])
    return zip(*columns, strict=True)


class EntryLine(NamedTuple):
    """One entry with the act it belongs to; the instant and all ids but its own as entries carry them."""

    id: str
    recorded_at: str
    act_id: str
    act_station: str | None
    act_actor: str | None
    sequence: int
    kind: str
    canonical: str
    previous_hash: str
    hash: str
    act_key: str
    act_authentication: str


ENTRY_COLUMNS: tuple[str | Expression, ...] = (
    as_text("pk"),
    as_text("recorded_at"),
    as_text("act"),
    as_text("act__station_id"),
    as_text("act__actor"),
    "sequence",
    "kind",
    "canonical",
    HexText("previous_hash"),
    HexText("hash"),
    "act__key",
    "act__authentication",
)


def entry_lines(apprenticeship: Apprenticeship) -> list[EntryLine]:
    """The entries of one book in their order; one query."""
    rows = RecordEntry.objects.filter(apprenticeship=apprenticeship).order_by("sequence")
    ids, instants = ids_of_entries(), Instants()
    converting = converted(rows.values_list(*ENTRY_COLUMNS), None, instants, ids, ids, ids)
    return [EntryLine._make(row) for row in converting]


class SignOffRow(NamedTuple):
    """One sign-off's columns; the day and all ids but that of its entry as entries carry them."""

    entry_id: str
    skill: str
    level: str
    apprenticeship: str
    signer: str
    worksite: str | None
    observed_on: str
    method: str
    note: str | None
    late_reason: str | None
    replaces: int | None
    procedure_number: str
    procedure_version: str
    needs_counter_signature: str


SIGN_OFF_COLUMNS: tuple[str | Expression, ...] = (
    as_text("entry"),
    as_text("skill"),
    as_text("level"),
    as_text("apprenticeship"),
    as_text("signer"),
    as_text("worksite"),
    as_text("observed_on"),
    "method",
    "note__digest",
    "late_reason__digest",
    "replaces__entry__sequence",
    "procedure_number",
    "procedure_version",
    as_text("needs_counter_signature"),
)


def sign_off_rows(apprenticeship: Apprenticeship) -> list[SignOffRow]:
    """The sign-offs of one book; one query."""
    rows, ids = SignOff.objects.filter(apprenticeship=apprenticeship), ids_of_entries()
    converting = converted(rows.values_list(*SIGN_OFF_COLUMNS), None, *[ids] * 5)
    return [SignOffRow._make(row) for row in converting]


class RevocationRow(NamedTuple):
    """One revocation's columns with those of the sign-off that it ends; ids as in `SignOffRow`."""

    entry_id: str
    skill: str
    apprenticeship: str
    by: str
    sign_off: int
    kind: str
    reason: str | None


REVOCATION_COLUMNS: tuple[str | Expression, ...] = (
    as_text("entry"),
    as_text("sign_off__skill"),
    as_text("sign_off__apprenticeship"),
    as_text("by"),
    "sign_off__entry__sequence",
    "kind",
    "reason__digest",
)


def revocation_rows(apprenticeship: Apprenticeship) -> list[RevocationRow]:
    """The revocations whose entries stand in one book; one query."""
    rows, ids = Revocation.objects.filter(entry__apprenticeship=apprenticeship), ids_of_entries()
    converting = converted(rows.values_list(*REVOCATION_COLUMNS), None, *[ids] * 3)
    return [RevocationRow._make(row) for row in converting]


class SealRow(NamedTuple):
    """One sealed text's columns."""

    digest: str
    salt: str
    text: str
    removed_at: str | None


def seal_rows(digests: Iterable[str]) -> list[SealRow]:
    """The sealed texts with these digests; one query."""
    rows = SealedText.objects.filter(digest__in=digests)
    return [SealRow._make(row) for row in rows.values_list("digest", "salt", "text", as_text("removed_at"))]
