"""Whatever is forged of an entry of whatever kind, in its bytes, its row or what stands by it, the check names it.

Made from the kinds and the columns themselves: a new one that nobody can forge here, or whose forgery goes
unnoticed, fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import rfc8785
from django.db import IntegrityError, connection, models, transaction
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from acts.guards import lifted
from apprenticeship.checked_rows import entry_lines
from apprenticeship.kinds import record_kinds
from apprenticeship.models import (
    Apprenticeship,
    Employer,
    MonthCover,
    RecordEntry,
    SignOffEvidence,
    SkillStanding,
    Terms,
    TestUse,
    TranscribedSignOff,
    TranscriptionEvidence,
    VerifiedSignOff,
    Worksite,
)
from apprenticeship.record import entry_hash, read
from apprenticeship.takingback import take_back
from apprenticeship.verifying import chain_findings, verify_record
from apprenticeship.work_months import sign_month
from instruction.models import Certificate, CertificateEvidence, ClassSession, ClassTopic, OtherHoursEvidence
from tests.agreements import agreed
from tests.cast import (
    STARTS_ON,
    TODAY,
    fresh,
    make_apprenticeship,
    make_mentorship,
    make_person,
    make_sponsor,
    signed,
    viewer_for,
)
from tests.certificates.bringing import brought, confirmed
from tests.certificates.bringing import kind as kind_of_certificate
from tests.demanding import held_to, record_taken, taken
from tests.evidence.files import PDF, uploaded
from tests.instruction.classroom import CLASS_DAY, GENERAL, attend, topic_of
from tests.instruction.earning import earned
from tests.instruction.timetable import planned, roll
from tests.record.every_kind import sign_set, verified_set, with_every_kind
from tests.transcribing import transcribed
from tests.working import MONTH, WORKDAY, approved, decided, logged, reviewed, signed_as_it_stands, work_line

Column: TypeAlias = "models.Field[Any, Any]"

WITHOUT_A_CLAIM = {
    "apprenticeship.TestUse.id": "a number of the database's own",
    "apprenticeship.VerifiedSignOff.id": "a number of the database's own",
    "apprenticeship.SignOffEvidence.id": "a number of the database's own",
    "apprenticeship.TranscribedSignOff.id": "a number of the database's own",
    "apprenticeship.TranscriptionEvidence.id": "a number of the database's own",
    "apprenticeship.SkillStanding.id": "a number of the database's own, new at each rebuild",
    "instruction.ClassTopic.hours": "what was taught; the book has what each apprentice attended, Attendance.hours",
    "instruction.ClassSession.planned": "the plan it came from, which may change; what was taught is copied beside it",
    "instruction.ClassSession.sponsor": "whose list of classes it stands in; the book has its own sponsor",
    "instruction.CertificateEvidence.id": "a number of the database's own",
    "instruction.OtherHoursEvidence.id": "a number of the database's own",
    "apprenticeship.MonthCover.id": "a number of the database's own",
    "instruction.Certificate.added_at": "when it was brought, which was before the entry",
    "instruction.Certificate.act": "the act that brought it, which was before the entry",
}
"""The columns that say nothing of what an entry says. All keys that are UUIDs are among them: other rows hold them."""

DECLINED = {"outcome": "declined", "reason": "Not to be read.", "entry": None}
TOGETHER: dict[str, dict[str, Any]] = {
    "apprenticeship.TestResult.passed": {"passed": False, "score": Decimal(1)},
    "apprenticeship.CounterSignature.agrees": {"agrees": True, "reason": None, "answer_due": None},
    "apprenticeship.Assignment.until": {"until": TODAY + timedelta(days=9)},
    "instruction.TopicTest.passed": {"passed": False, "score": Decimal(1)},
    "instruction.CertificateDecision.outcome": DECLINED,
    "instruction.CertificateDecision.reason": DECLINED,
}
"""Columns that the database lets nobody change alone."""

BESIDE: dict[type[models.Model], str] = {
    TestUse: "sign_off__entry",
    VerifiedSignOff: "verification__entry",
    SignOffEvidence: "sign_off__entry",
    TranscribedSignOff: "sign_off__entry",
    TranscriptionEvidence: "transcription__entry",
    ClassTopic: "attendances__entry",
    ClassSession: "topics__attendances__entry",
    Certificate: "decision__entry",
    CertificateEvidence: "certificate__decision__entry",
    OtherHoursEvidence: "other_hours__entry",
    MonthCover: "signature__entry",
}
"""Rows that belong to a typed row and say part of what its entry says, and the way to that entry."""


@pytest.fixture
def book(
    apprenticeship: Apprenticeship, terms: Terms, mentor: User, coordinator: User, settings: Settings, tmp_path: Path
) -> Apprenticeship:
    """Every kind, one of each as full as it can be, and beside each another one to point at; and another book."""
    make_sponsor("Lakeside Pharmacy", "lakeside")
    Worksite.objects.create(employer=apprenticeship.employer, name="Warehouse")
    Employer.objects.create(sponsor=apprenticeship.sponsor, name="Another one")
    twin = make_apprenticeship(make_person("Tom Twin", Role.APPRENTICE, sponsor=apprenticeship.sponsor), terms)
    make_mentorship(twin, mentor)
    signed(twin, mentor, "1.2")
    book = held_to(
        apprenticeship, _1_1={"due_again_months": 6}, _1_4={"counter_signature": True, "practical_test": True}
    )
    agreed(signed(book, mentor, "1.1"))
    fallen = signed(book, mentor, "1.3")
    settings.MEDIA_ROOT = tmp_path
    full: dict[str, Any] = {
        "replaces": signed(book, mentor, "1.4", level="in-training"),
        "note": "Second try.",
        "observed_on": STARTS_ON,
        "late_reason": "The tablet was away.",
        "worksite": book.worksite,
        "procedure_number": "SOP-12",
        "procedure_version": "3",
        "tests": (taken(taken_on=STARTS_ON),),
        "evidence": (uploaded(book, mentor, PDF, name="log.pdf").pk,),
    }
    agreed(signed(book, mentor, "1.4", **full))
    with_every_kind(book, mentor=mentor, coordinator=coordinator)
    take_back(viewer=viewer_for(mentor), key="n", sign_off=fallen, kind="no_longer_stands", reason="Out of practice.")
    record_taken(book, mentor, "1.2")
    attend(coordinator, [book], GENERAL, "2", provider="A school")
    with_hours_of_all_sorts(book, mentor, coordinator)
    sign_set(book, mentor, 7)
    verified_set(book, coordinator, 7)
    transcribed(book, coordinator, "2.3")
    signed(book, mentor, "1.6")
    return book


def with_hours_of_all_sorts(book: Apprenticeship, mentor: User, coordinator: User) -> None:
    """A class by the clock, a certificate that renews another, hours that were changed, two months that are signed."""
    (by_the_clock,) = planned(coordinator, [book], (GENERAL, "2"), day=CLASS_DAY - timedelta(days=7))
    roll(coordinator, by_the_clock, [(book, "2")], title=GENERAL)
    former = confirmed(brought(book, coordinator), coordinator).certificate
    other: dict[str, Any] = {
        "kind": kind_of_certificate("other"),
        "title": "Clean room",
        "topic": topic_of(book),
        "renews": former,
    }
    confirmed(brought(book, coordinator, **other), coordinator)
    brought(book, coordinator)
    earned(coordinator, book, GENERAL)
    (january,) = approved(mentor, work_line(book, day=MONTH - timedelta(days=2)))
    month: dict[str, Any] = {"month": MONTH - timedelta(days=31), "seen": [january.pk]}
    sign_month(viewer=viewer_for(mentor), key="m", apprenticeship=fresh(book), **month)
    (log,) = logged(work_line(book, day=WORKDAY - timedelta(days=1), order=2))
    reviewed(mentor, [decided(log, "6", "She left at three.")])
    signed_as_it_stands(mentor, book)
    logged(work_line(book, "7", day=TODAY))


def fullest(book: Apprenticeship) -> dict[str, RecordEntry]:
    """Of each kind the entry that says most, and of several the last."""
    entries = sorted(RecordEntry.objects.filter(apprenticeship=book).order_by("sequence"), key=_says)
    found = {entry.kind: entry for entry in entries}
    assert set(found) == set(record_kinds())
    return found


def _says(entry: RecordEntry) -> tuple[int, int]:
    """How many members an entry has, and how many of them say something."""
    body = read(entry)["body"]
    return len(body), sum(member is not None for member in body.values())


def forged_contents(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each member of a content forged in turn: changed, and left out; with where it stands."""
    if isinstance(value, dict):
        for name, member in value.items():
            rest = {other: kept for other, kept in value.items() if other != name}
            yield f"{path}.{name} left out", rest
            yield from ((where, rest | {name: forged}) for where, forged in forged_contents(member, f"{path}.{name}"))
    elif isinstance(value, list):
        for i, member in enumerate(value):
            before, after = value[:i], value[i + 1 :]
            yield f"{path}.{i} left out", before + after
            yield from ((where, [*before, forged, *after]) for where, forged in forged_contents(member, f"{path}.{i}"))
    elif isinstance(value, str) and value:
        yield path, value[:-1] + chr(ord(value[-1]) ^ 1)
    else:
        yield path, "x" if value is None or value == "" else not value if isinstance(value, bool) else value + 1


@pytest.mark.parametrize("is_mended", [False, True])
def test_every_member_of_every_kind_that_is_forged_is_named(is_mended: bool, book: Apprenticeship) -> None:
    """With its hash as it was, and with the hash of this one entry made anew."""
    chain, unnoticed = entry_lines(book), []
    for kind, entry in fullest(book).items():
        place = entry.sequence - 1
        for where, forged in forged_contents(read(entry)):
            text = rfc8785.dumps(forged).decode()
            line = chain[place]._replace(canonical=text, hash=entry_hash(text) if is_mended else entry.hash)
            findings = chain_findings(book, [*chain[:place], line, *chain[place + 1 :]])
            if {finding.sequence for finding in findings} != {entry.sequence}:
                unnoticed.append(kind + where)
    assert unnoticed == []


def test_a_body_of_any_kind_that_is_forged_in_the_table_is_named_alone(book: Apprenticeship) -> None:
    unnoticed = []
    with lifted(connection):
        for kind, entry in fullest(book).items():
            content = read(entry)
            content["body"]["meaning"]["text"] += "!"
            text = rfc8785.dumps(content).decode()
            for hash_ in (entry.hash, entry_hash(text)):
                with undone():
                    RecordEntry.objects.filter(pk=entry.pk).update(canonical=text, hash=hash_)
                    unnoticed += [kind] if named(book) != {entry.sequence} else []
    assert unnoticed == []


def test_every_column_of_every_entry_and_typed_row_that_is_forged_is_named(book: Apprenticeship) -> None:
    """The other columns of entries are read alike whatever the kind: those of three entries are forged."""
    unnoticed, entries = [], sorted(fullest(book).values(), key=lambda entry: entry.sequence)
    some = (entries[0], entries[len(entries) // 2], entries[-1])
    with lifted(connection):
        for entry in entries:
            for row in (entry, typed_row(entry)):
                for column in claims(type(row)):
                    if row is entry and entry not in some and column.name != "kind":
                        continue
                    with undone():
                        forge_column(row, column)
                        found = named(book) - {0}
                        # A row that points at another entry has both named; else all others are later ones.
                        if entry.sequence not in found or (column.name != "entry" and min(found) < entry.sequence):
                            unnoticed.append(f"{column} of {entry}: {found}")
    assert unnoticed == []


def test_every_column_of_what_belongs_to_a_typed_row_is_named(book: Apprenticeship) -> None:
    unnoticed = []
    with lifted(connection):
        for model, way in BESIDE.items():
            rows = model._default_manager
            row = rows.filter(**{f"{way}__in": fullest(book).values()}).first()
            row = row or rows.filter(**{f"{way}__apprenticeship": book}).first()
            assert row, model
            (sequence,) = model._default_manager.filter(pk=row.pk).values_list(f"{way}__sequence", flat=True)
            for column in claims(model):
                with undone():
                    forge_column(row, column)
                    if sequence not in named(book):
                        unnoticed.append(f"{column}: {named(book)}")
    assert unnoticed == []


def test_every_column_of_what_stands_now_that_is_forged_is_named(book: Apprenticeship) -> None:
    rows = SkillStanding.objects.filter(apprenticeship=book).select_related("skill")
    unnoticed, last = [], {}
    for entry in RecordEntry.objects.filter(apprenticeship=book).order_by("sequence"):
        if entry.kind in ("sign_off", "revocation", "counter_signature"):
            last[read(entry)["body"]["skill"]["code"]] = entry.sequence
    for column in claims(SkillStanding):
        for row in rows.filter(skill__code="1.3" if column.name == "revocation" else "1.1"):
            with undone():
                forge_column(row, column)
                if last[row.skill.code] not in named(book):
                    unnoticed.append(f"{column} of {row.skill.code}")
    assert unnoticed == []


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def named(book: Apprenticeship) -> set[int]:
    return {finding.sequence for finding in verify_record(book).findings}


def typed_row(entry: RecordEntry) -> models.Model:
    """The one row of its kind."""
    relations = [r for r in RecordEntry._meta.related_objects if r.one_to_one and r.field.name == "entry"]
    (row,) = [getattr(entry, str(r.name)) for r in relations if hasattr(entry, str(r.name))]
    assert isinstance(row, models.Model)
    return row


def claims(model: type[models.Model]) -> list[Column]:
    """The columns of a table that say something of an entry."""
    columns = model._meta.concrete_fields
    return [
        c for c in columns if str(c) not in WITHOUT_A_CLAIM and not (c.primary_key and isinstance(c, models.UUIDField))
    ]


def forge_column(row: models.Model, column: Column) -> None:
    """Give one column of a row the first other value that the database takes."""
    for values in [TOGETHER[str(column)]] if str(column) in TOGETHER else others(row, column):
        try:
            with transaction.atomic():
                assert type(row)._default_manager.filter(pk=row.pk).update(**values) == 1
                return
        except IntegrityError:
            continue
    pytest.fail(f"The database takes no other value of {column}: add what makes it one to the book.")


def others(row: models.Model, column: Column) -> Iterator[dict[str, Any]]:
    """Other values of a column, as good as its sort allows."""
    value = getattr(row, column.attname)
    if column.is_relation:
        pointed_at = column.related_model._default_manager.exclude(pk=value)  # type: ignore[union-attr]  # a model
        newest_last = "sequence" if column.related_model is RecordEntry else "pk"
        yield from (
            {column.attname: pk} for pk in pointed_at.order_by(f"-{newest_last}").values_list("pk", flat=True)[:60]
        )
        if column.null and value is not None:
            yield {column.attname: None}
    elif column.choices:
        yield from ({column.attname: choice} for choice, _words in column.flatchoices if choice != value)
    elif isinstance(value, bool):
        yield {column.attname: not value}
    elif isinstance(value, date):
        yield {column.attname: value - timedelta(days=1)}
        yield {column.attname: (value - timedelta(days=1)).replace(day=1)}
    elif isinstance(value, int | Decimal):
        yield {column.attname: value + 100 if isinstance(value, int) else value + Decimal("0.25")}
    elif value is None:
        yield {column.attname: TODAY}
    else:
        yield {column.attname: value[:-1] + ("1" if value.endswith("0") else "0")}
