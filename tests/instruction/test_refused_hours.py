"""Every state and every person for whom class hours are refused; nothing is stored then."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from acts.models import Act
from apprenticeship.models import Apprenticeship, Cohort, RecordEntry
from competencies.models import StandardVersion
from instruction.hours import ClassHoursConflict, ClassHoursInvalid, record_class_hours
from instruction.models import Attendance, ClassSession
from instruction.voiding import void_class_hours
from tests.cast import LONG_AGO, NOW, make_ready, viewer_for
from tests.instruction.classroom import CLASS_DAY, FIRST_AID, GENERAL, STARTED, attend, enroll, held, topic_of


@pytest.fixture
def nothing_is_stored(db: None) -> Iterator[None]:
    """Holds the test to leaving no entry, no class and no act of recording behind."""
    yield
    assert not RecordEntry.objects.exists()
    assert not ClassSession.objects.exists()
    assert not Act.objects.filter(kind="record_class_hours").exists()


@pytest.mark.usefixtures("nothing_is_stored")
@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "apprentice", "auditor", "outsider"])
def test_only_a_coordinator_of_the_sponsor_records_hours(
    who: str, rosa: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermitted):
        attend(request.getfixturevalue(who), [rosa])


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_coordinator_who_is_an_apprentice_records_nothing_in_their_own_book(
    rosa: Apprenticeship, luis: Apprenticeship, apprentice: User, sponsor: Sponsor
) -> None:
    Membership.objects.create(user=apprentice, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        attend(apprentice, [luis, rosa])


def test_the_same_coordinator_records_for_others(luis: Apprenticeship, apprentice: User, sponsor: Sponsor) -> None:
    Membership.objects.create(user=apprentice, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    assert attend(apprentice, [luis])


@pytest.mark.usefixtures("nothing_is_stored")
@pytest.mark.parametrize("hours", ["0", "-1", "24.25", "1.1", "0.1", "NaN", "Infinity"])
def test_hours_are_quarters_of_one_day(hours: str, rosa: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(ClassHoursInvalid) as refused:
        attend(coordinator, [rosa], hours=hours)
    assert [problem.field for problem in refused.value.problems] == ["hours"]


@pytest.mark.usefixtures("nothing_is_stored")
@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("provider", " "),
        ("provider", "x" * 201),
        ("instructor_name", ""),
        ("instructor_name", "x" * 121),
        ("place", "x" * 201),
        ("instructor_qualification", "x" * 201),
        ("provider", "half a sign \ud800"),
        ("instructor_name", "\x00"),
        ("place", "\udfff"),
        ("instructor_qualification", "CPhT\x00"),
        ("held_on", date(2026, 3, 3)),
    ],
)
def test_a_wrong_fact_is_named(fact: str, value: Any, rosa: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(ClassHoursInvalid) as refused:
        attend(coordinator, [rosa], **{fact: value})
    assert [problem.field for problem in refused.value.problems] == [fact]


def test_the_future_begins_at_the_sponsors_midnight(rosa: Apprenticeship, coordinator: User) -> None:
    late_evening_in_new_york = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    with pytest.raises(ClassHoursInvalid):
        attend(coordinator, [rosa], at=late_evening_in_new_york, held_on=date(2026, 3, 3))
    assert attend(coordinator, [rosa], at=late_evening_in_new_york, held_on=date(2026, 3, 2))


@pytest.mark.usefixtures("nothing_is_stored", "rosa")
def test_somebody_must_have_attended(coordinator: User, rosa: Apprenticeship) -> None:
    with pytest.raises(ClassHoursInvalid) as refused:
        record_class_hours(
            viewer=viewer_for(coordinator), key="k", apprenticeships=[], held=held(topic_of(rosa, FIRST_AID))
        )
    assert [problem.field for problem in refused.value.problems] == ["apprenticeships"]


@pytest.mark.usefixtures("nothing_is_stored")
def test_apprentices_of_two_sponsors_are_two_classes(
    rosa: Apprenticeship,
    coordinator: User,
    outsider: User,
    other_sponsor: Sponsor,
    published_standard: StandardVersion,
) -> None:
    Membership.objects.create(user=coordinator, sponsor=other_sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    make_ready(coordinator, other_sponsor)
    elsewhere = Cohort.objects.create(sponsor=other_sponsor, name="Elsewhere")
    stranger = enroll(outsider, cohort=elsewhere, version=published_standard)
    with pytest.raises(ClassHoursInvalid, match="one sponsor at a time"):
        attend(coordinator, [rosa, stranger])


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_class_before_the_start_names_those_it_is_too_early_for(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    Apprenticeship.objects.filter(pk=rosa.pk).update(starts_on=date(2026, 2, 26))
    rosa.refresh_from_db()
    with pytest.raises(ClassHoursInvalid) as refused:
        attend(coordinator, [luis, rosa])
    assert [(p.apprenticeship, p.field) for p in refused.value.problems] == [(rosa, "held_on")]
    assert "Rosa Diaz: The class was before the apprenticeship began" in str(refused.value)


def test_the_first_day_of_the_apprenticeship_counts(rosa: Apprenticeship, coordinator: User) -> None:
    assert attend(coordinator, [rosa], held_on=STARTED)


@pytest.mark.usefixtures("nothing_is_stored")
def test_a_topic_of_another_standard_is_refused(rosa: Apprenticeship, coordinator: User) -> None:
    version = rosa.terms.standard_version
    own = topic_of(rosa, FIRST_AID)
    other = StandardVersion.objects.create(
        standard=version.standard, number=99, approach=version.approach, content_hash="0" * 64, created_at=NOW
    )
    foreign = other.courses.create(order=1, title="Elsewhere").topics.create(order=1, title=own.title)
    with pytest.raises(ClassHoursInvalid, match="not part of the standard"):
        record_class_hours(viewer=viewer_for(coordinator), key="k", apprenticeships=[rosa], held=held(foreign))


@pytest.mark.usefixtures("nothing_is_stored")
def test_an_account_that_is_no_instructor_cannot_have_taught(
    rosa: Apprenticeship, coordinator: User, mentor: User
) -> None:
    with pytest.raises(ClassHoursInvalid, match="not an instructor"):
        attend(coordinator, [rosa], instructor=mentor)


@pytest.mark.usefixtures("nothing_is_stored")
def test_nobody_attends_their_own_class(
    rosa: Apprenticeship, coordinator: User, apprentice: User, sponsor: Sponsor
) -> None:
    Membership.objects.create(user=apprentice, sponsor=sponsor, role=Role.INSTRUCTOR, since=LONG_AGO)
    with pytest.raises(ClassHoursInvalid, match="Rosa Diaz: Nobody attends the class that they teach"):
        attend(coordinator, [rosa], instructor=apprentice)


def test_the_very_same_class_is_refused_and_says_who_recorded_it(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    (first,) = attend(coordinator, [rosa], FIRST_AID, "4")
    with pytest.raises(ClassHoursConflict) as refused:
        attend(coordinator, [luis, rosa], FIRST_AID, "6.5", provider="american  red CROSS")
    (problem,) = refused.value.problems
    assert (problem.apprenticeship, problem.earlier) == (rosa, first)
    assert "Carol Jones recorded this class before, on Mar 2, 2026, 10:00, with 4 hours" in problem.message
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("other", [{"title": GENERAL}, {"held_on": date(2026, 2, 26)}, {"provider": "Fire department"}])
def test_another_topic_day_or_provider_is_another_class(
    other: dict[str, object], rosa: Apprenticeship, coordinator: User
) -> None:
    attend(coordinator, [rosa], hours="2")
    attend(coordinator, [rosa], **{"hours": "2", **other})  # type: ignore[arg-type]  # the facts of the case
    assert Attendance.objects.count() == 2


def test_hours_taken_back_may_be_recorded_again(rosa: Apprenticeship, coordinator: User) -> None:
    wrong = attend(coordinator, [rosa], hours="6")
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=wrong, reason="They left at noon")
    attend(coordinator, [rosa], hours="4")
    assert [a.hours for a in Attendance.objects.standing()] == [4]


def test_no_day_has_more_than_24_hours(rosa: Apprenticeship, luis: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa], GENERAL, "20")
    with pytest.raises(ClassHoursConflict, match=r"Rosa Diaz: With this class that day would have 24.25 hours"):
        attend(coordinator, [rosa, luis], FIRST_AID, "4.25")
    assert Attendance.objects.count() == 1
    assert attend(coordinator, [rosa], FIRST_AID, "4", held_on=CLASS_DAY)
