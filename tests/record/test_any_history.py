"""Whatever was done to a book in whatever order, what stands is what a slow reader of its entries says."""

import uuid
from contextlib import suppress
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from apprenticeship.agreeing import AlreadySaid, agree, disagree
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead, SignOff, SkillStanding
from apprenticeship.record import read
from apprenticeship.signoff import sign_off_many
from apprenticeship.takingback import take_back_many
from apprenticeship.verification import AlreadyVerified, NotYetAttained, VerificationInvalid
from apprenticeship.verifying import verify_record
from tests.agreements import demands_ok
from tests.cast import line, viewer_for
from tests.record.every_kind import verified_set

FAMILY = tuple(f"4.{number}" for number in range(1, 9))
GROUPS = (("1.1",), ("7.1",), ("7.1", "7.2"), ("4.3",), FAMILY[1:], FAMILY)
ACTS = ("low", "high", "mistake", "no_longer_stands", "agree", "disagree", "verify")
HISTORY = st.lists(st.tuples(st.sampled_from(GROUPS), st.sampled_from(ACTS)), min_size=1, max_size=9)


def live(book: Apprenticeship, codes: tuple[str, ...]) -> list[SignOff]:
    rows = SkillStanding.objects.filter(apprenticeship=book, skill__code__in=codes, sign_off__isnull=False)
    return [row.sign_off for row in rows.select_related("sign_off").order_by("skill__order") if row.sign_off]


def do(book: Apprenticeship, mentor: User, coordinator: User, codes: tuple[str, ...], what: str) -> None:
    """Do the next thing to these skills, where there is something to do it to."""
    standing, key = live(book, codes), str(uuid.uuid4())
    if what in ("low", "high"):
        level = {"low": "in-training", "high": "proficient"}[what]
        seen = {sign_off.skill.code: sign_off for sign_off in standing}
        lines = [line(book, code, level=level, replaces=seen.get(code)) for code in codes]
        sign_off_many(viewer=viewer_for(mentor), key=key, lines=lines)
    elif what == "verify":
        with suppress(VerificationInvalid, NotYetAttained, AlreadyVerified):
            verified_set(book, coordinator, int(codes[0][0]))
    elif standing:
        say(book, mentor, standing, what, key)


def say(book: Apprenticeship, mentor: User, standing: list[SignOff], what: str, key: str) -> None:
    with suppress(AlreadySaid), transaction.atomic():
        if what == "agree":
            agree(viewer=viewer_for(book.apprentice), key=key, sign_offs=standing)
        elif what == "disagree":
            disagree(viewer=viewer_for(book.apprentice), key=key, sign_off=standing[0], reason="It was not so.")
        else:
            viewer = viewer_for(mentor)
            take_back_many(viewer=viewer, key=key, sign_offs=standing, kind=what, reason="Seen otherwise.")


def slowly_attained(book: Apprenticeship) -> set[str]:
    """The codes that are attained, from the bytes of the entries alone: replayed from the start for each skill."""
    bodies = {e.sequence: (e.kind, read(e)["body"]) for e in RecordEntry.objects.filter(apprenticeship=book)}
    mistakes = {b["sign_off"] for kind, b in bodies.values() if kind == "revocation" and b["kind"] == "mistake"}
    alone: dict[str, bool] = {}
    for number in sorted(bodies):
        kind, body = bodies[number]
        if kind == "sign_off" and number not in mistakes:
            alone[body["skill"]["code"]] = body["level"]["attained"] and agreed_to(number, body, bodies)
        elif kind == "revocation" and body["sign_off"] not in mistakes:
            alone[body["skill"]["code"]] = False
    parents = {b["skill"]["parent"] for kind, b in bodies.values() if kind == "sign_off"} - {None}
    fallen = {p for p in parents if not all(alone.get(step) for step in FAMILY[1:])}
    fallen |= {"4.1"} if "4.1" in alone and not all(alone.get(step) for step in FAMILY[1:]) else set()
    return {code for code, counts in alone.items() if counts and code not in fallen}


def agreed_to(number: int, body: dict[str, Any], bodies: dict[int, tuple[str, dict[str, Any]]]) -> bool:
    """Whether no OK was demanded, or the last word about this signature is one."""
    if not body.get("needs_counter_signature"):
        return True
    words = [
        b["agrees"]
        for n, (kind, b) in sorted(bodies.items())
        if kind == "counter_signature" and b["sign_off"] == number
    ]
    return bool(words) and bool(words[-1])


def rows(book: Apprenticeship) -> list[tuple[Any, ...]]:
    columns = ("skill__code", "sign_off_id", "revocation_id", "counter_signature_id", "attained", "due_on")
    return sorted(SkillStanding.objects.filter(apprenticeship=book).values_list(*columns), key=str)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORY)
def test_the_projection_the_chain_and_a_slow_reader_agree_after_any_history(
    history: list[tuple[tuple[str, ...], str]], apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    with transaction.atomic():
        book = demands_ok(apprenticeship, "1.1")
        for codes, what in history:
            do(book, mentor, coordinator, codes, what)
        before = rows(book)
        assert {row[0] for row in before if row[4]} == slowly_attained(book)
        call_command("rebuild_projections", stdout=StringIO())
        assert rows(book) == before
        written = list(RecordEntry.objects.filter(apprenticeship=book).order_by("sequence"))
        assert [entry.sequence for entry in written] == list(range(1, len(written) + 1))
        head = RecordHead.objects.filter(apprenticeship=book).first()
        assert (head.sequence, head.hash) == (written[-1].sequence, written[-1].hash) if head and written else True
        assert verify_record(book).findings == ()
        transaction.set_rollback(True)
