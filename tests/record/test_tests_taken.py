"""A test is a fact of its own: who gave it, who recorded it, and that it was taken back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Role, SigningPolicy, Sponsor, User
from accounts.proofs import ProofNeeded
from apprenticeship.models import Apprenticeship, RecordEntry, TestResult, TestVoid
from apprenticeship.record import read
from apprenticeship.testing import TestAlreadyVoided, TestInvalid, record_test, void_test
from apprenticeship.verifying import verify_record
from tests.cast import TODAY, fresh, make_mentorship, make_person, skill_of, viewer_for
from tests.demanding import record_taken, taken


@pytest.mark.parametrize("who", ["mentor", "deputy", "coordinator"])
def test_a_mentor_or_coordinator_records_what_an_examiner_found(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str
) -> None:
    made = record_taken(apprenticeship, request.getfixturevalue(who))
    body = read(made.entry)["body"]
    assert (body["kind"], body["passed"], body["points"]) == ("practical", True, {"score": "41", "pass_mark": "37.5"})
    assert body["examiner"] == {"id": None, "name": "Petra Lindqvist", "organization": "Hudson Valley Testing"}
    assert body["meaning"]["text"].startswith("I record the result of a test that the examiner named here")
    assert verify_record(apprenticeship).is_intact


@pytest.mark.parametrize("who", ["apprentice", "administrator", "auditor", "outsider"])
def test_nobody_else_records_a_test(apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotPermitted):
        record_taken(apprenticeship, request.getfixturevalue(who))
    assert not TestResult.objects.exists()


def test_a_mentor_of_another_role_track_records_no_test_of_it(apprenticeship: Apprenticeship, sponsor: Sponsor) -> None:
    other = make_person("Lab Only", Role.MENTOR, sponsor=sponsor)
    make_mentorship(apprenticeship, other, role_tracks=("Laboratory Technician",))
    with pytest.raises(NotPermitted):
        record_taken(apprenticeship, other, "4.2")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "oral"}, "kind"),
        ({"taken_on": TODAY + timedelta(days=1)}, "taken_on"),
        ({"instrument": " "}, "instrument"),
        ({"examiner_name": ""}, "examiner_name"),
        ({"examiner_name": "rosa  DIAZ"}, "examiner_name"),
        ({"examiner_name": "Rosa Di\u0301az"}, "examiner_name"),
        ({"examiner_organization": ""}, "examiner_organization"),
        ({"examiner_organization": "x" * 201}, "examiner_organization"),
        ({"instrument": "a\x00b"}, "instrument"),
        ({"score": None}, "score"),
        ({"pass_mark": None}, "pass_mark"),
        ({"score": Decimal("-1")}, "score"),
        ({"score": Decimal("1.005")}, "score"),
        ({"score": Decimal("NaN")}, "score"),
        ({"passed": False}, "passed"),
        ({"score": Decimal(12)}, "passed"),
    ],
)
def test_what_is_wrong_with_a_report_is_named(
    apprenticeship: Apprenticeship, mentor: User, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(TestInvalid) as refusal:
        record_taken(apprenticeship, mentor, **changes)
    assert [name for name, _message in refusal.value.problems] == [field]
    assert not RecordEntry.objects.exists()


def test_nobody_examines_themselves_by_their_account(apprenticeship: Apprenticeship, mentor: User) -> None:
    with pytest.raises(TestInvalid, match="Nobody tests themselves"):
        record_taken(apprenticeship, mentor, examiner=apprenticeship.apprentice, examiner_name="R. D.")


def test_a_test_without_points_knows_only_its_outcome(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = record_taken(apprenticeship, mentor, score=None, pass_mark=None, passed=False)
    assert (made.points, read(made.entry)["body"]["points"]) == (None, None)


def test_the_same_press_again_gives_the_first_result(apprenticeship: Apprenticeship, mentor: User) -> None:
    wanted: dict[str, Any] = {
        "viewer": viewer_for(mentor),
        "key": "k",
        "apprenticeship": fresh(apprenticeship),
        "skill": skill_of(apprenticeship, "1.1"),
        "taken": taken(),
    }
    assert record_test(**wanted) == record_test(**wanted)
    assert TestResult.objects.count() == 1


def test_a_result_is_taken_back_with_a_sealed_reason(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = record_taken(apprenticeship, mentor)
    void = void_test(viewer=viewer_for(coordinator), key="v", result=made, reason="It was Luis's test.")
    assert read(void.entry)["body"]["test_result"] == made.entry.sequence
    assert "Luis" not in void.entry.canonical
    assert list(TestResult.objects.standing()) == []
    assert verify_record(apprenticeship).is_intact
    with pytest.raises(TestAlreadyVoided):
        void_test(viewer=viewer_for(mentor), key="w", result=made, reason="Again.")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\x00b"])
def test_taking_back_says_why(apprenticeship: Apprenticeship, mentor: User, reason: str) -> None:
    made = record_taken(apprenticeship, mentor)
    with pytest.raises(TestInvalid):
        void_test(viewer=viewer_for(mentor), key="v", result=made, reason=reason)
    assert not TestVoid.objects.exists()


@pytest.mark.parametrize("who", ["apprentice", "administrator", "auditor", "outsider"])
def test_nobody_else_takes_a_result_back(
    apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest, who: str
) -> None:
    made = record_taken(apprenticeship, mentor)
    with pytest.raises(NotPermitted):
        void_test(viewer=viewer_for(request.getfixturevalue(who)), key="v", result=made, reason="No.")


def test_whoever_records_or_takes_back_proves_who_they_are(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = record_taken(apprenticeship, mentor)
    Sponsor.objects.update(signing_policy=SigningPolicy.EVERY)
    with pytest.raises(ProofNeeded):
        record_taken(apprenticeship, mentor, "1.2")
    fetched = TestResult.objects.select_related("apprenticeship__sponsor", "skill__skill_set").get(pk=made.pk)
    with pytest.raises(ProofNeeded):
        void_test(viewer=viewer_for(mentor), key="v", result=fetched, reason="Another's.")
    assert (TestResult.objects.count(), TestVoid.objects.count()) == (1, 0)
