"""What a topic, a course and a book say about their hours; no database is needed for it."""

import uuid
from decimal import Decimal

import pytest

from instruction.sums import BookHours, CourseHours, TopicHours, plain_hours


def topic(recorded: str, minimum: str | None = None, *, conditional: bool = False, **facts: bool) -> TopicHours:
    return TopicHours(
        id=uuid.uuid4(),
        title="Topic",
        minimum=None if minimum is None else Decimal(minimum),
        conditional=conditional,
        recurrence="",
        recurrence_months=None,
        law="",
        recorded=Decimal(recorded),
        **facts,  # type: ignore[arg-type]  # no case names a day
    )


def course(required: str | None, *topics: TopicHours) -> CourseHours:
    number = None if required is None else Decimal(required)
    return CourseHours(id=uuid.uuid4(), title="Course", required=number, topics=topics)


@pytest.mark.parametrize(
    ("hours", "text"),
    [("4.00", "4"), ("6.50", "6.5"), ("1.25", "1.25"), ("40", "40"), ("0", "0"), ("100.00", "100"), ("1E+1", "10")],
)
def test_hours_are_written_without_noise(hours: str, text: str) -> None:
    assert plain_hours(Decimal(hours)) == text


def test_a_topic_below_its_minimum_is_not_met_and_says_what_is_left() -> None:
    first_aid = topic("4", "6.5")
    assert first_aid.met is False
    assert first_aid.words == "4 of 6.5 hours; 2.5 to go"


def test_a_topic_at_its_minimum_is_met() -> None:
    first_aid = topic("6.50", "6.5")
    assert first_aid.met is True
    assert first_aid.words == "6.5 of 6.5 hours"


def test_a_topic_without_a_minimum_is_met_by_some_hours() -> None:
    assert topic("0").met is False
    assert topic("0.25").met is True
    assert topic("0.25").words == "0.25 h"


def test_a_conditional_topic_has_no_verdict_until_it_has_hours() -> None:
    assert topic("0", conditional=True).met is None
    assert topic("0", conditional=True).words == "where appropriate; no hours so far"
    assert topic("1", conditional=True).met is True
    assert topic("1", "2", conditional=True).met is False


def test_44_hours_of_first_aid_do_not_make_a_course() -> None:
    safety = course("44", topic("44", "6.5"), topic("0"))
    assert safety.recorded == Decimal(44)
    assert safety.met is False
    assert [missing.recorded for missing in safety.missing] == [Decimal(0)]


def test_all_topics_without_the_hours_do_not_make_a_course_either() -> None:
    assert course("44", topic("6.5", "6.5"), topic("2")).met is False


def test_a_course_waits_until_a_conditional_topic_has_hours_or_a_waiver() -> None:
    assert course("44", topic("40", "6.5"), topic("4"), topic("0", conditional=True)).met is False
    assert course("44", topic("40", "6.5"), topic("4"), topic("0", conditional=True, waived=True)).met is True


def test_a_conditional_topic_begun_and_not_finished_is_missing() -> None:
    assert course("4", topic("4"), topic("1", "2", conditional=True)).met is False


def test_a_course_without_hours_in_the_standard_gets_no_verdict_from_us() -> None:
    blank = course(None, topic("4"))
    assert blank.met is None
    assert blank.words == "4 h"
    assert course(None, topic("0")).met is False


def test_a_book_adds_its_courses_and_keeps_a_blank_number_blank() -> None:
    whole = BookHours((course("44", topic("20")), course("10.5", topic("8.5"))))
    assert (whole.recorded, whole.required) == (Decimal("28.5"), Decimal("54.5"))
    assert whole.words == "28.5 of 54.5 hours; 26 to go"
    blank = BookHours((course("44", topic("20")), course(None, topic("8.5"))))
    assert blank.required is None
    assert BookHours(()).required is None


def test_a_book_is_met_when_every_course_is() -> None:
    done, open_, blank = course("4", topic("4")), course("4", topic("1")), course(None, topic("4"))
    assert BookHours((done, done)).met is True
    assert BookHours((done, open_, blank)).met is False
    assert BookHours((done, blank)).met is None
    assert BookHours(()).met is None
