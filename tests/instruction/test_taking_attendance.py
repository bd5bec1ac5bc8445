"""The roll of a planned class: one act, one entry for each person and topic, corrected the same way."""

import json
import uuid
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Role, User
from acts.acting import KeyReused
from acts.models import Act
from apprenticeship.models import Apprenticeship, Cohort, RecordEntry
from apprenticeship.record import TooManyEntries
from apprenticeship.verifying import verify_record
from competencies.models import StandardVersion
from instruction.models import Attendance, ClassSession
from instruction.planning import cancel_class
from instruction.roll_checks import RollConflict, RollInvalid
from instruction.rollcall import RollLine, record_roll
from tests.cast import make_person, viewer_for
from tests.instruction.classroom import FIRST_AID, GENERAL, STARTED, attend, enroll, topic_of
from tests.instruction.timetable import day_after, planned, roll


def standing() -> dict[str, Decimal]:
    rows = Attendance.objects.standing().select_related("apprenticeship__apprentice")
    return {row.apprenticeship.apprentice.name.split()[0]: row.hours for row in rows}


def test_the_instructor_records_a_class_in_one_act(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (one,) = planned(coordinator, [rosa, luis], instructor=instructor)
    made = roll(instructor, one, [(rosa, "4"), (luis, "2.5")]).made
    assert standing() == {"Rosa": Decimal(4), "Luis": Decimal("2.5")}
    assert len({row.entry.act_id for row in made}) == 1
    content = json.loads(made[0].entry.canonical)
    assert content["by"]["role"] == "instructor"
    assert content["body"]["time"] == {"from": "2026-02-25T14:00:00.000000Z", "until": "2026-02-25T18:00:00.000000Z"}
    assert [verify_record(book).findings for book in (rosa, luis)] == [(), ()]


def test_each_topic_is_an_entry_of_its_own_and_one_class_in_the_facts(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa], (FIRST_AID, "2"), (GENERAL, "2"))
    lines = [RollLine(rosa, topic_of(rosa, title), Decimal(2)) for title in (FIRST_AID, GENERAL)]
    record_roll(viewer=viewer_for(coordinator), key="k", planned=one, lines=lines)
    assert RecordEntry.objects.filter(kind="class_hours").count() == 2
    assert ClassSession.objects.get().topics.count() == 2


def test_the_same_key_records_once(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    assert roll(coordinator, one, [(rosa, "4")], key="k") == roll(coordinator, one, [(rosa, "4")], key="k")
    with pytest.raises(KeyReused):
        roll(coordinator, one, [(rosa, "3")], key="k")
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("hours", ["-1", "1.1", "4.25", "25", "NaN"])
def test_hours_that_the_class_did_not_have_are_refused(rosa: Apprenticeship, coordinator: User, hours: str) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollInvalid, match="Rosa Diaz"):
        roll(coordinator, one, [(rosa, hours)])
    assert not Act.objects.filter(kind="record_roll").exists()


def test_a_roll_of_nobody_is_refused(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollInvalid, match="Nothing to record"):
        roll(coordinator, one, [(rosa, "0")])


def test_nobody_attends_before_their_start(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa], day=STARTED - timedelta(days=1))
    with pytest.raises(RollInvalid, match="before the apprenticeship began"):
        roll(coordinator, one, [(rosa, "4")])


def test_only_who_is_expected_and_only_topics_of_the_class(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollInvalid, match="not expected"):
        roll(coordinator, one, [(luis, "4")])
    with pytest.raises(RollInvalid, match="not one of this class"):
        roll(coordinator, one, [(rosa, "1")], title=GENERAL)


def test_nothing_is_recorded_before_the_class_ends_or_after_it_was_cancelled(
    rosa: Apprenticeship, coordinator: User
) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollConflict, match="not been held yet"):
        roll(coordinator, one, [(rosa, "4")], at=datetime(2026, 2, 25, 17, 59, tzinfo=UTC))
    cancel_class(viewer=viewer_for(coordinator), key="c", planned=one, reason="Snow", seen=1)
    with pytest.raises(RollConflict, match="cancelled"):
        roll(coordinator, one, [(rosa, "4")])


def test_nobody_attends_two_classes_at_once(rosa: Apprenticeship, coordinator: User) -> None:
    (first,) = planned(coordinator, [rosa])
    (second,) = planned(coordinator, [rosa], (GENERAL, "1"), begins=time(12, 59), ends=time(14))
    (third,) = planned(coordinator, [rosa], begins=time(13), ends=time(17))
    roll(coordinator, first, [(rosa, "4")])
    with pytest.raises(RollConflict, match="two classes at once"):
        roll(coordinator, second, [(rosa, "1")], title=GENERAL)
    roll(coordinator, third, [(rosa, "4")])


def test_a_class_recorded_without_a_plan_counts_as_the_same(rosa: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa])
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollConflict, match="recorded this class before"):
        roll(coordinator, one, [(rosa, "4")])


def test_a_day_has_24_hours(rosa: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa], GENERAL, "21", provider="A school")
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollConflict, match="a day has 24"):
        roll(coordinator, one, [(rosa, "4")])


def test_a_correction_is_one_act_with_a_reason_and_what_is_the_same_stays(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (one,) = planned(coordinator, [rosa, luis], instructor=instructor)
    seen = [row.pk for row in roll(instructor, one, [(rosa, "4"), (luis, "4")]).made]
    with pytest.raises(RollInvalid, match="Say why"):
        roll(instructor, one, [(rosa, "2"), (luis, "4")], seen=seen)
    done = roll(instructor, one, [(rosa, "2"), (luis, "4")], seen=seen, reason="She left at noon.")
    assert (len(done.made), len(done.voided)) == (1, 1)
    assert standing() == {"Rosa": Decimal(2), "Luis": Decimal(4)}
    assert Attendance.objects.count() == 3
    assert verify_record(rosa).findings == ()


def test_who_was_absent_after_all_is_taken_back(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    (wrong,) = roll(coordinator, one, [(rosa, "4")]).made
    roll(coordinator, one, [(rosa, "0")], seen=[wrong.pk], reason="Mixed up.")
    assert standing() == {}
    roll(coordinator, one, [(rosa, "3")])
    assert standing() == {"Rosa": Decimal(3)}


def test_a_stale_page_records_nothing(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    (first,) = roll(coordinator, one, [(rosa, "4")]).made
    for seen in ([], [first.pk, uuid.uuid4()]):
        with pytest.raises(RollConflict, match="changed this attendance meanwhile"):
            roll(coordinator, one, [(rosa, "3")], seen=seen, reason="Late")


@pytest.mark.parametrize("role", ["administrator", "auditor", "mentor", "outsider"])
def test_others_take_no_attendance(
    request: pytest.FixtureRequest, rosa: Apprenticeship, coordinator: User, role: str
) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(NotPermitted):
        roll(request.getfixturevalue(role), one, [(rosa, "4")])


def test_an_instructor_takes_that_of_their_own_classes_and_nobody_their_own(
    rosa: Apprenticeship, cohort: Cohort, coordinator: User, instructor: User, published_standard: StandardVersion
) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(NotPermitted):
        roll(instructor, one, [(rosa, "4")])
    both = enroll(
        make_person("Ben Both", Role.COORDINATOR, sponsor=cohort.sponsor), cohort=cohort, version=published_standard
    )
    (two,) = planned(coordinator, [both])
    with pytest.raises(NotPermitted):
        roll(both.apprentice, two, [(both, "4")])


def class_of(size: int, cohort: Cohort, version: StandardVersion) -> list[Apprenticeship]:
    people = User.objects.bulk_create(User(username=f"p{size}-{n}", name=f"Person {n}") for n in range(size))
    first = enroll(people[0], cohort=cohort, version=version)
    return [
        first,
        *Apprenticeship.objects.bulk_create(
            Apprenticeship(
                sponsor=first.sponsor,
                apprentice=person,
                terms=first.terms,
                employer=first.employer,
                cohort=cohort,
                starts_on=STARTED,
            )
            for person in people[1:]
        ),
    ]


def test_two_hundred_take_as_many_statements_as_ten(
    cohort: Cohort, coordinator: User, published_standard: StandardVersion
) -> None:
    counts = []
    for place, size in enumerate((9, 10, 200)):  # the first makes what is made once
        books = class_of(size, cohort, published_standard)
        (one,) = planned(coordinator, books, day=day_after(-place))
        topic = topic_of(books[0])
        loaded = list(Apprenticeship.objects.filter(pk__in=[b.pk for b in books]).with_context())
        viewer, lines = viewer_for(coordinator), [RollLine(book, topic, Decimal(4)) for book in loaded]
        with CaptureQueriesContext(connection) as asked:
            made = record_roll(viewer=viewer, key=f"k{size}", planned=one, lines=lines).made
        with CaptureQueriesContext(connection) as corrected:
            fewer = [RollLine(book, topic, Decimal(3)) for book in loaded]
            seen = [row.pk for row in made]
            record_roll(viewer=viewer, key=f"c{size}", planned=one, lines=fewer, seen=seen, reason="Ended early.")
        counts.append((len(asked), len(corrected)))
    assert counts[1] == counts[2]


def test_more_than_an_act_can_hold_is_refused_and_goes_topic_by_topic(
    cohort: Cohort, coordinator: User, published_standard: StandardVersion
) -> None:
    titles = (FIRST_AID, GENERAL, "Lockout")
    books = class_of(170, cohort, published_standard)
    (one,) = planned(coordinator, books, *((title, "1") for title in titles))
    loaded = list(Apprenticeship.objects.filter(pk__in=[b.pk for b in books]).with_context())
    topics = [topic_of(books[0], title) for title in titles]
    lines = [[RollLine(book, topic, Decimal(1)) for book in loaded] for topic in topics]
    viewer = viewer_for(coordinator)
    with pytest.raises(TooManyEntries):
        record_roll(viewer=viewer, key="all", planned=one, lines=[line for part in lines for line in part])
    record_roll(viewer=viewer, key="one", planned=one, lines=lines[0])
    assert Attendance.objects.count() == 170
