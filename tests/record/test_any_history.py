"""Whatever was done to a book in whatever order, what stands is what a slow reader of its entries says."""

from collections import defaultdict
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import models, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.completion import decisions_of
from apprenticeship.kinds import record_kinds
from apprenticeship.models import (
    Apprenticeship,
    Assignment,
    CounterSignature,
    Purge,
    RecordEntry,
    RecordHead,
    SignOff,
    SignOffEvidence,
    SkillStanding,
    TestResult,
    TestUse,
    Transcription,
    VerifiedSignOff,
)
from apprenticeship.registration import registration_of
from apprenticeship.rotation import standing
from apprenticeship.signoff import sign_off_many
from apprenticeship.verifying import verify_record
from apprenticeship.work_months import months_to_sign
from apprenticeship.work_sums import work_of_sets
from competencies.models import Skill
from instruction.models import Attendance, Certificate, TopicTest
from instruction.sums import hours_of, plain_hours
from tests.cast import NOW, fresh, line, viewer_for
from tests.demanding import held_to
from tests.record.histories import ACTS, Doing, do
from tests.record.slow_reader import read_slowly

FAMILY = tuple(f"4.{number}" for number in range(1, 9))
FAMILIES = {FAMILY[0]: FAMILY[1:]}
TOUCHED = ("1.1", "1.5", "7.1", "7.2", *FAMILY)
GROUPS = (("1.1",), ("1.5",), ("7.1",), ("7.1", "7.2"), ("4.3",), ("4.2", "4.1"), FAMILY[1:], FAMILY)


PAPERS = ("transcribe", "verify paper")
MOVING = ("sign", "sign low", "credit", *PAPERS, "mistake", "no longer stands", "agree", "disagree")
EARNING = ("hours", "void hours", "certificate", "self-study", "waive", "exam", "sign topic", "void entry")
WORKING = ("work", "work changed", "void work", "sign month")
ASIDE = tuple(sorted(set(ACTS) - {*MOVING, *EARNING, *WORKING}))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[tuple[str, ...], str]]:
    """A few acts on one or two groups, over and over: what a free choice among all would never bring together."""
    moving = draw(st.lists(st.sampled_from(MOVING[1:]), min_size=2, max_size=3, unique=True))
    acts = ["sign", *moving, *draw(st.lists(st.sampled_from(ASIDE), max_size=2, unique=True))]
    groups = draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True))
    return draw(st.lists(st.tuples(st.sampled_from(groups), st.sampled_from(acts)), min_size=4, max_size=10))


@st.composite
def histories_of_hours(draw: st.DrawFn) -> list[tuple[tuple[str, ...], str]]:
    """Hours of classes, hours earned otherwise and hours on the job, which come and go."""
    groups = st.sampled_from((("1.1",), ("7.1",)))
    return draw(
        st.lists(st.tuples(groups, st.sampled_from((*EARNING, "purge", *WORKING, *WORKING))), min_size=6, max_size=14)
    )


# Every act once, in an order in which none is refused: chance alone would rarely come to verify the whole.
EVERYTHING = [
    *(((code,), what) for code, what in (("1.1", "ask for credit"), ("1.1", "credit"), ("7.2", "test"))),
    (("7.2",), "sign by a test"),
    *(((code,), what) for code, what in (("1.5", "sign low"), ("1.5", "mistake"), ("7.1", "sign with a file"))),
    *((("4.2", "4.1"), what) for what in ("transcribe", "verify paper", "refuse paper")),
    (("4.3",), "sign"),
    *((("4.3",), what) for what in ("disagree", "answer", "no longer stands")),
    *((TOUCHED, what) for what in ("sign", "agree", "verify all", "void verification")),
    *((("7.1",), what) for what in ("verify set", "purge", "void test", "hours", "sign topic", "void hours")),
    *((("7.1",), what) for what in ("certificate", "self-study", "waive", "exam", "void entry")),
    *((("7.1",), what) for what in ("work", "void work", "work changed", "sign month")),
    *((("1.1",), what) for what in ("register", "decide", "withdraw decision", "activate", "rest and go on")),
    *((("1.1",), what) for what in ("rotate", "work")),
]

DERIVED: dict[str, type[models.Model]] = {
    "apprenticeship.standing.rebuild": SkillStanding,
    "apprenticeship.status.rebuild": Apprenticeship,
    "apprenticeship.rotation.rebuild": Apprenticeship,
}
"""The table that each function of settings.PROJECTIONS makes again."""


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User, settings: Settings, tmp_path: Path) -> Apprenticeship:
    """Rosa's book with all signed that the histories leave alone; two skills ask for her OK, one is due again."""
    settings.MEDIA_ROOT = tmp_path
    ok = {"counter_signature": True}
    book = held_to(apprenticeship, _1_1=ok, _4_2=ok, _7_1={"due_again_months": 6})
    rest = Skill.objects.filter(skill_set__version=book.terms.standard_version_id).exclude(code__in=TOUCHED)
    lines = [line(book, code) for code in rest.values_list("code", flat=True)]
    sign_off_many(viewer=viewer_for(mentor), key="all", lines=lines)
    return book


def shown(book: Apprenticeship) -> dict[str, Any]:
    """What stands as the tables tell it, in the slow reader's words."""
    of_book = {"apprenticeship": book}
    number = "sign_off__entry__sequence"
    numbers = (number, "revocation__entry__sequence", "counter_signature__entry__sequence", "attained")
    used = TestUse.objects.filter(sign_off__apprenticeship=book).values_list(number, "test_result__entry__sequence")
    files = SignOffEvidence.objects.filter(sign_off__apprenticeship=book).order_by("pk")
    covers = VerifiedSignOff.objects.standing().filter(verification__apprenticeship=book).order_by(number)
    signed = dict(SignOff.objects.filter(**of_book).values_list("entry__sequence", "method"))
    hours = Attendance.objects.standing().filter(**of_book).values_list("entry__sequence", "hours")
    papers = Transcription.objects.waiting().filter(**of_book)
    said = CounterSignature.objects.open().filter(sign_off__apprenticeship=book)
    return {
        "papers waiting": set(papers.values_list("entry__sequence", flat=True)),
        "status": fresh(book).status,
        "registered as": getattr(registration_of(book), "number", None),
        "decided": {code: row.grounds for code, row in decisions_of(book, at=NOW).items()},
        "stays": len(standing(Assignment.objects.filter(**of_book))),
        "skills": {
            row[0]: row[1:] for row in SkillStanding.objects.filter(**of_book).values_list("skill__code", *numbers)
        },
        "tests": set(TestResult.objects.standing().filter(**of_book).values_list("entry__sequence", flat=True)),
        "tests used": {sign_off: {test for by, test in used if by == sign_off} for sign_off in signed},
        "hours": {sequence: plain_hours(taught) for sequence, taught in hours},
        **shown_hours(book),
        "verified": _lists(covers.values_list("verification__entry__sequence", number)),
        "open disagreements": set(said.values_list("entry__sequence", flat=True)),
        "files": {sign_off: [] for sign_off in signed} | _lists(files.values_list(number, "evidence__file__sha256")),
        "removed files": set(Purge.objects.filter(**of_book).values_list("file__sha256", flat=True)),
        "credit": {sign_off for sign_off, method in signed.items() if method == "credit"},
    }


def shown_hours(book: Apprenticeship) -> dict[str, Any]:
    """What stands of hours, certificates and topics, as the pages show and sum it up."""
    viewer, of_book = viewer_for(book.apprentice), {"apprenticeship": book}
    topics = [topic for course in hours_of(book) for topic in course.topics]
    certificates = Certificate.objects.standing().filter(**of_book).values_list("decision__entry__sequence", "due_on")
    tests = TopicTest.objects.standing().filter(**of_book).values_list("entry__sequence", "passed")
    of_sets = work_of_sets(fresh(book), at=viewer.at)
    months = months_to_sign(Apprenticeship.objects.filter(pk=book.pk), viewer=viewer)
    return {
        "hours of topics": {str(topic.id): topic.recorded for topic in topics if topic.recorded},
        "certificates": {(sequence, day and day.isoformat()) for sequence, day in certificates},
        "waived": {str(topic.id) for topic in topics if topic.waived},
        "topics signed": {str(topic.id) for topic in topics if topic.signed},
        "tests of topics": set(tests),
        "hours of sets": {work.skill_set.order: work.approved for work in of_sets if work.approved},
        "months to sign": {month.code for month in months},
    }


def _lists(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    """By number what was paired with it, in order."""
    found = defaultdict[int, list[Any]](list)
    for number, value in pairs:
        found[number].append(value)
    return dict(found)


def derived(path: str) -> list[tuple[Any, ...]]:
    """Every row of a projection without its own number, which a rebuild gives anew."""
    model = DERIVED[path]
    columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return sorted(model._default_manager.values_list(*columns), key=str)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.one_of(histories(), histories_of_hours()))
@example(history=EVERYTHING)
@example(history=[(("1.1",), what) for what in ("sign", "agree", "sign", "mistake")])
@example(history=[(("1.1",), what) for what in ("self-study", "purge", "void entry", "self-study", "certificate")])
def test_the_projection_the_chain_and_a_slow_reader_agree_after_any_history(
    history: list[tuple[tuple[str, ...], str]],
    book: Apprenticeship,
    mentor: User,
    coordinator: User,
    administrator: User,
    instructor: User,
) -> None:
    with transaction.atomic():
        for codes, what in history:
            do(Doing(book, mentor, coordinator, administrator, instructor, codes), what)
        written = list(RecordEntry.objects.filter(apprenticeship=book).order_by("sequence"))
        assert shown(book) == read_slowly([entry.canonical for entry in written], FAMILIES)
        before = {path: derived(path) for path in django_settings.PROJECTIONS}
        call_command("rebuild_projections", stdout=StringIO())
        assert {path: derived(path) for path in django_settings.PROJECTIONS} == before
        assert [entry.sequence for entry in written] == list(range(1, len(written) + 1))
        head = RecordHead.objects.get(apprenticeship=book)
        assert (head.sequence, head.hash) == (written[-1].sequence, written[-1].hash)
        assert verify_record(book).findings == ()
        if history is EVERYTHING:
            assert {entry.kind for entry in written} == set(record_kinds())
            assert {what for _codes, what in history} == set(ACTS)
        transaction.set_rollback(True)
