"""Taking class hours back: who may, once, and what stays to be seen."""

import json
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import SealedText
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.verifying import verify_record
from instruction.models import Attendance, AttendanceVoid
from instruction.voiding import AlreadyVoided, VoidInvalid, void_class_hours
from tests.cast import LONG_AGO, viewer_for
from tests.instruction.classroom import attend

REASON = "Rosa was on sick leave that day"


def void(by: User, attendances: Sequence[Attendance], *, reason: str = REASON, key: str = "v") -> list[AttendanceVoid]:
    return void_class_hours(viewer=viewer_for(by), key=key, attendances=attendances, reason=reason)


def test_taking_back_is_a_new_entry_and_the_old_one_stays(rosa: Apprenticeship, coordinator: User) -> None:
    (wrong,) = attend(coordinator, [rosa])
    (made,) = void(coordinator, [wrong])
    assert list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True)) == [
        "class_hours",
        "class_hours_void",
    ]
    assert made.attendance == wrong
    assert not Attendance.objects.standing().exists()
    assert Attendance.objects.get() == wrong


def test_the_reason_is_sealed_and_the_entry_names_what_it_ends(rosa: Apprenticeship, coordinator: User) -> None:
    (made,) = void(coordinator, attend(coordinator, [rosa], hours="4"))
    body = json.loads(made.entry.canonical)["body"]
    assert (body["class_hours"], body["hours"], body["held_on"]) == (1, "4", "2026-02-25")
    assert body["reason"] == SealedText.objects.get(text=REASON).digest
    assert "sick" not in made.entry.canonical
    assert verify_record(rosa).findings == ()


def test_a_whole_class_is_taken_back_in_one_act(rosa: Apprenticeship, luis: Apprenticeship, coordinator: User) -> None:
    made = void(coordinator, attend(coordinator, [rosa, luis]))
    assert len({v.entry.act_id for v in made}) == 1
    assert len({v.reason_id for v in made}) == 2


def test_taking_many_back_asks_no_more_of_the_database_for_each_seal(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    with CaptureQueriesContext(connection) as asked:
        void(coordinator, attend(coordinator, [rosa, luis]))
    assert sum('INSERT INTO "acts_sealedtext"' in query["sql"] for query in asked) == 1


@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "apprentice", "auditor", "outsider"])
def test_only_a_coordinator_of_the_sponsor_takes_hours_back(
    who: str, rosa: Apprenticeship, coordinator: User, request: pytest.FixtureRequest
) -> None:
    recorded = attend(coordinator, [rosa])
    with pytest.raises(NotPermitted):
        void(request.getfixturevalue(who), recorded)
    assert not AttendanceVoid.objects.exists()


def test_nobody_takes_their_own_hours_back(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, apprentice: User, sponsor: Sponsor
) -> None:
    recorded = attend(coordinator, [luis, rosa])
    Membership.objects.create(user=apprentice, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        void(apprentice, recorded)
    assert len(void(apprentice, recorded[:1])) == 1


@pytest.mark.parametrize("reason", ["  ", "x" * 2001, "sick\x00", "\ud800"])
def test_a_reason_is_needed_that_can_be_kept(reason: str, rosa: Apprenticeship, coordinator: User) -> None:
    recorded = attend(coordinator, [rosa])
    with pytest.raises(VoidInvalid) as refused:
        void(coordinator, recorded, reason=reason)
    assert refused.value.field == "reason"
    assert not AttendanceVoid.objects.exists()


def test_something_must_be_chosen(coordinator: User) -> None:
    with pytest.raises(VoidInvalid) as refused:
        void(coordinator, [])
    assert refused.value.field == "attendances"


def test_hours_are_taken_back_once(rosa: Apprenticeship, luis: Apprenticeship, coordinator: User) -> None:
    recorded = attend(coordinator, [rosa, luis])
    void(coordinator, recorded[:1], key="first")
    with pytest.raises(AlreadyVoided, match="Rosa Diaz: Carol Jones"):
        void(coordinator, recorded, key="second")
    assert AttendanceVoid.objects.count() == 1
    assert not SealedText.objects.exclude(pk=AttendanceVoid.objects.get().reason_id).exists()


def test_the_same_key_gives_the_first_result_again(rosa: Apprenticeship, coordinator: User) -> None:
    recorded = attend(coordinator, [rosa])
    first, again = void(coordinator, recorded), void(coordinator, recorded)
    assert again == first
    with pytest.raises(KeyReused):
        void(coordinator, recorded, reason="Another reason")
