"""The rules of counting, table by table; and that nothing is counted twice, or lost by taking back and replacing."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship
from instruction.sums import TopicHours, hours_of
from instruction.voiding import void_class_hours
from instruction.years import program_hours
from tests.cast import fresh, viewer_for
from tests.certificates.bringing import brought, confirmed
from tests.evidence.conftest import files_go_into_a_folder_of_the_test
from tests.instruction.classroom import FIRST_AID, GENERAL, LOCKOUT, attend, topic_of
from tests.instruction.earning import earned, signed_topic, undone, waived
from tests.instruction.test_words_of_hours import course, topic

__all__ = ["files_go_into_a_folder_of_the_test"]

WAIVED, CREDIT, SIGNED = {"waived": True}, {"credit": True}, {"signed": True}


@pytest.mark.parametrize(
    ("recorded", "minimum", "conditional", "facts", "met", "words"),
    [
        ("4", "6.5", False, {}, False, "4 of 6.5 hours; 2.5 to go"),
        ("6.5", "6.5", False, {}, True, "6.5 of 6.5 hours"),
        ("4", "6.5", False, CREDIT, False, "4 of 6.5 hours; 2.5 to go"),
        ("0", "6.5", False, SIGNED, False, "0 of 6.5 hours; 6.5 to go; competency signed"),
        ("0", "6.5", False, WAIVED, False, "0 of 6.5 hours; 6.5 to go"),
        ("0", None, False, {}, False, "0 h"),
        ("0.25", None, False, {}, True, "0.25 h"),
        ("0", None, False, CREDIT, True, "0 h; credit accepted"),
        ("0", None, False, SIGNED, True, "0 h; competency signed"),
        ("0", None, False, WAIVED, False, "0 h"),
        ("0", None, True, {}, None, "where appropriate; no hours so far"),
        ("0", None, True, SIGNED, None, "where appropriate; no hours so far"),
        ("0", None, True, WAIVED, True, "waived: not appropriate here"),
        ("1", None, True, {}, True, "1 h"),
        ("1", "2", True, {}, False, "1 of 2 hours; 1 to go"),
        ("1", "2", True, WAIVED, True, "waived: not appropriate here"),
    ],
)
def test_when_a_topic_is_met(
    recorded: str, minimum: str | None, conditional: bool, facts: dict[str, bool], met: bool | None, words: str
) -> None:
    one = topic(recorded, minimum, conditional=conditional, **facts)
    assert (one.met, one.words) == (met, words)


@pytest.mark.parametrize(
    ("required", "topics", "met"),
    [
        ("44", [topic("44", "6.5"), topic("0")], False),
        ("44", [topic("43", "6.5"), topic("1")], True),
        ("44", [topic("43", "6.5"), topic("0", signed=True)], False),
        ("44", [topic("44", "6.5"), topic("0", signed=True)], True),
        ("44", [topic("44"), topic("0", conditional=True)], False),
        ("44", [topic("44"), topic("0", conditional=True, waived=True)], True),
        (None, [topic("44")], None),
        (None, [topic("0")], False),
    ],
)
def test_when_a_course_is_met(required: str | None, topics: list[TopicHours], met: bool | None) -> None:
    assert course(required, *topics).met is met


def test_what_is_missing_is_said_in_words() -> None:
    assert course("44", topic("4", "6.5"), topic("1")).missing_words == ["Topic: 4 of 6.5 hours; 2.5 to go"]


@pytest.mark.django_db
def test_hours_earned_otherwise_are_added_and_a_repeated_topic_says_when_it_is_due(
    rosa: Apprenticeship, coordinator: User, instructor: User
) -> None:
    attend(coordinator, [rosa], hours="4", instructor=instructor)
    earned(coordinator, rosa, hours="2.5")
    waived(coordinator, rosa)
    earned(coordinator, rosa, GENERAL, "0", way="transfer", earned_on=date(2024, 1, 1))
    signed_topic(instructor, rosa)
    yearly = next(t for t in hours_of(rosa)[0].topics if t.recurrence)
    confirmed(brought(rosa, coordinator, topic=topic_of(rosa, yearly.title), expires_on=None), coordinator)
    found = {t.title.split(" (")[0]: t for t in hours_of(rosa)[0].topics}
    assert (found[FIRST_AID].recorded, found[FIRST_AID].met, found[FIRST_AID].signed) == (Decimal("6.5"), True, True)
    assert found[LOCKOUT].met
    assert [t.met for title, t in found.items() if title.startswith(GENERAL)] == [True]
    assert [t.next_due for t in found.values() if t.recurrence] == [date(2027, 12, 31)]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_hours_are_never_counted_twice_and_never_lost(seed: int, rosa: Apprenticeship, coordinator: User) -> None:
    dice = random.Random(seed)  # a story, no secret
    standing: list[tuple[Any, str]] = []
    for number in range(14):
        if standing and dice.random() < 0.4:
            row, hours = standing.pop(dice.randrange(len(standing)))
            if hasattr(row, "class_topic"):
                void_class_hours(viewer=viewer_for(coordinator), key=f"v{number}", attendances=[row], reason="Wrong.")
            else:
                undone(coordinator, row.entry)
        hours = str(dice.choice(["0.25", "1.5", "2"]))
        if dice.random() < 0.5:
            (row,) = attend(coordinator, [rosa], FIRST_AID, hours, provider=f"School {number}")
        else:
            row = earned(coordinator, rosa, FIRST_AID, hours, provider=f"School {number}")
        standing.append((row, hours))
        assert hours_of(rosa)[0].recorded == sum(Decimal(hours) for _row, hours in standing)
        assert program_hours(fresh(rosa), today=date(2026, 3, 2)).recorded == hours_of(rosa)[0].recorded


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("per_year", "today", "words", "verdicts"),
    [
        (None, date(2027, 3, 1), ["6 h", "2 h"], [None, None]),
        ("144", date(2026, 3, 1), ["6 h"], [None]),
        ("144", date(2027, 3, 1), ["6 of 144 hours; 138 to go", "2 h"], [False, None]),
        ("6", date(2026, 8, 31), ["6 h"], [None]),
        ("6", date(2026, 9, 1), ["6 of 6 hours", "2 h"], [True, None]),
    ],
)
def test_a_year_is_measured_once_it_is_over_and_only_by_a_number(
    per_year: str | None,
    today: date,
    words: list[str],
    verdicts: list[bool | None],
    rosa: Apprenticeship,
    coordinator: User,
) -> None:
    attend(coordinator, [rosa], hours="4", held_on=rosa.starts_on)
    earned(coordinator, rosa, hours="2", earned_on=date(2026, 2, 1))
    earned(coordinator, rosa, hours="3", way="transfer", earned_on=date(2024, 2, 1))
    book = fresh(rosa)
    book.terms.instruction_hours_per_year = Decimal(per_year) if per_year else None
    earlier = program_hours(book, today=today)
    late = earlier.years[1:]
    assert [year.words for year in earlier.years[:1]] == words[:1]
    assert [year.met for year in earlier.years] == verdicts
    assert [year.words for year in late] == ["0 h"] * len(late)
    assert (earlier.earlier_words, earlier.recorded) == ("3 h", Decimal(9))
