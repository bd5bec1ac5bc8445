"""Hours without a class, waivers, tests and signatures of topics: who may, what is refused, and what the book says."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from acts.acting import KeyReused
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from instruction.earning import EarningInvalid, RecordedBefore
from instruction.models import OtherHours, TopicSignOff, TopicTest, TopicWaiver
from tests.at_once import at_once
from tests.cast import LONG_AGO, make_person
from tests.evidence.conftest import files_go_into_a_folder_of_the_test
from tests.instruction.classroom import FIRST_AID, GENERAL, LOCKOUT, attend
from tests.instruction.earning import earned, exam, signed_topic, undone, waived

__all__ = ["files_go_into_a_folder_of_the_test"]
pytestmark = pytest.mark.django_db

ACTS: dict[str, Callable[..., Any]] = {"earned": earned, "waived": waived, "tested": exam, "signed": signed_topic}
TABLES = (OtherHours, TopicWaiver, TopicTest, TopicSignOff)


@pytest.fixture
def taught(rosa: Apprenticeship, coordinator: User, instructor: User) -> Apprenticeship:
    """Rosa's book after four hours of first aid with Ivan."""
    attend(coordinator, [rosa], instructor=instructor)
    return rosa


def test_each_is_an_entry_that_verifies_and_can_be_taken_back(
    taught: Apprenticeship, coordinator: User, instructor: User
) -> None:
    made: list[Any] = [
        earned(coordinator, taught),
        waived(coordinator, taught),
        exam(instructor, taught),
        signed_topic(instructor, taught),
    ]
    assert [row.entry.kind for row in made] == ["other_hours", "topic_waiver", "topic_test", "topic_sign_off"]
    assert [row.entry.sequence for row in made] == [2, 3, 4, 5]
    assert read(made[0].entry)["body"]["evidence"][0]["type"] == "application/pdf"
    assert read(made[1].entry)["body"]["reason"] == made[1].reason.digest
    assert read(made[3].entry)["by"]["qualification"] == "Licensed first aid instructor"
    for row in made:
        undone(coordinator, row.entry)
        assert not type(row).objects.standing().exists()
    assert not verify_record(taught).findings


@pytest.mark.parametrize("act", ["earned", "waived"])
@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "apprentice", "auditor", "outsider"])
def test_only_a_coordinator_records_hours_and_waivers(
    who: str, act: str, taught: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermitted):
        ACTS[act](request.getfixturevalue(who), taught)


@pytest.mark.parametrize("who", ["mentor", "administrator", "apprentice", "auditor", "outsider"])
def test_only_an_instructor_or_coordinator_records_a_test(
    who: str, taught: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermitted):
        exam(request.getfixturevalue(who), taught)


@pytest.mark.parametrize("who", ["mentor", "administrator", "coordinator", "apprentice", "auditor", "outsider"])
def test_only_an_instructor_signs(who: str, taught: Apprenticeship, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        signed_topic(request.getfixturevalue(who), taught)


def test_an_instructor_signs_only_whom_and_what_they_taught(
    taught: Apprenticeship, luis: Apprenticeship, instructor: User, sponsor: Sponsor
) -> None:
    stranger = make_person("Ines Other", Role.INSTRUCTOR, sponsor=sponsor)
    for person, book, title in (
        (instructor, luis, FIRST_AID),
        (instructor, taught, GENERAL),
        (stranger, taught, FIRST_AID),
    ):
        with pytest.raises(NotPermitted):
            signed_topic(person, book, title)
    Membership.objects.filter(user=instructor).update(role=Role.MENTOR)
    with pytest.raises(NotPermitted):
        signed_topic(instructor, taught)


def test_an_instructor_assigned_to_a_topic_signs_it_for_those_in_their_classes(
    taught: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    attend(coordinator, [luis], GENERAL, instructor=instructor)
    assert signed_topic(instructor, taught, GENERAL)


@pytest.mark.parametrize("act", ["earned", "waived", "tested", "signed"])
def test_nobody_does_it_for_themselves(act: str, taught: Apprenticeship, apprentice: User, sponsor: Sponsor) -> None:
    for role in (Role.COORDINATOR, Role.INSTRUCTOR):
        Membership.objects.create(user=apprentice, sponsor=sponsor, role=role, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        ACTS[act](apprentice, taught)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("hours", {"hours": "0"}),
        ("hours", {"hours": "-1"}),
        ("hours", {"hours": "1.1"}),
        ("hours", {"hours": "500.25"}),
        ("hours", {"hours": "NaN"}),
        ("hours", {"hours": "Infinity"}),
        ("way", {"way": "wishing"}),
        ("earned_on", {"earned_on": date(2026, 3, 3)}),
        ("earned_on", {"earned_on": date(2025, 8, 31)}),
        ("earned_on", {"earned_on": date(202, 8, 31), "way": "transfer"}),
        ("provider", {"provider": " "}),
        ("provider", {"provider": "x" * 201}),
        ("provider", {"provider": "\x00"}),
        ("files", {"files": 0}),
    ],
)
def test_a_wrong_fact_is_named_and_nothing_is_stored(
    field: str, said: dict[str, Any], rosa: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(EarningInvalid) as refused:
        earned(coordinator, rosa, **said)
    assert [name for name, _message in refused.value.problems] == [field]
    assert not RecordEntry.objects.exists()


@pytest.mark.parametrize("way", ["transfer", "test_out"])
def test_credit_may_be_older_than_the_apprenticeship_and_without_hours(
    way: str, rosa: Apprenticeship, coordinator: User
) -> None:
    assert earned(coordinator, rosa, hours="0", way=way, earned_on=date(2020, 5, 1))


@pytest.mark.parametrize(
    ("title", "reason", "field"),
    [
        (FIRST_AID, "None.", "topic"),
        (LOCKOUT, " ", "reason"),
        (LOCKOUT, "x" * 2001, "reason"),
        (LOCKOUT, "\x00", "reason"),
    ],
)
def test_only_a_conditional_topic_is_waived_and_with_a_reason(
    title: str, reason: str, field: str, rosa: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(EarningInvalid) as refused:
        waived(coordinator, rosa, title, reason=reason)
    assert [name for name, _message in refused.value.problems] == [field]
    assert not RecordEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("taken_on", {"taken_on": date(2026, 3, 3)}),
        ("passed", {"passed": False}),
        ("pass_mark", {"pass_mark": None}),
        ("score", {"score": Decimal("-1")}),
        ("examiner_name", {"examiner_name": " rosa  DIAZ "}),
        ("examiner_organization", {"examiner_organization": ""}),
    ],
)
def test_a_wrong_test_is_refused(field: str, said: dict[str, Any], rosa: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(EarningInvalid) as refused:
        exam(coordinator, rosa, **said)
    assert [name for name, _message in refused.value.problems] == [field]


def test_the_same_is_recorded_once_until_it_is_taken_back(
    taught: Apprenticeship, coordinator: User, instructor: User
) -> None:
    for act, who in ((earned, coordinator), (waived, coordinator), (signed_topic, instructor)):
        made = act(who, taught, key=f"k{act.__name__}")
        assert act(who, taught, key=f"k{act.__name__}") == made
        with pytest.raises(RecordedBefore):
            act(who, taught)
        undone(coordinator, made.entry)
        assert act(who, taught)
    with pytest.raises(KeyReused):
        waived(coordinator, taught, key="kwaived", reason="Another.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["earned", "waived"])
def test_of_two_at_once_one_is_recorded(act: str, rosa: Apprenticeship, coordinator: User) -> None:
    outcomes = at_once([lambda: ACTS[act](coordinator, rosa)] * 2)
    assert sorted(isinstance(outcome, RecordedBefore) for outcome in outcomes) == [False, True]
    assert RecordEntry.objects.count() == 1
