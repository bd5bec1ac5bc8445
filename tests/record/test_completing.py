"""Completing: all requirements met, prepared by one person, signed by an administrator; never forced, never stuck."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.asking import AskedWhileNotRunning
from apprenticeship.completing import (
    NotPrepared,
    NotRunningToComplete,
    NotYetComplete,
    PreparedByOneself,
    prepare_completion,
)
from apprenticeship.completion import Requirement, requirements_of
from apprenticeship.models import Apprenticeship, CompletionPreparation, RequirementDecision, StatusChange
from apprenticeship.record import read
from apprenticeship.requirement_decisions import DecisionInvalid, DecisionTooLate
from apprenticeship.signoff import sign_off_many
from apprenticeship.status import StatusConflict
from apprenticeship.takingback import take_back
from apprenticeship.verifying import verify_record
from competencies.models import Approach, Skill
from tests.cast import LONG_AGO, NOW, TODAY, asked, fresh, line, signed, viewer_for
from tests.record.every_kind import decided_by_letter, status_changed, verified_set


def with_all(book: Apprenticeship, mentor: User, by: User) -> Apprenticeship:
    """The book with every requirement met: all signed and verified, the classes excused by a letter."""
    skills = Skill.objects.filter(skill_set__version=book.terms.standard_version_id).order_by("-parent", "order")
    lines = [line(book, code) for code in skills.values_list("code", flat=True)]
    sign_off_many(viewer=viewer_for(mentor), key="all", lines=lines)
    verified_set(book, by, None)
    decided_by_letter(book, by)
    return fresh(book)


@pytest.fixture
def ready(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> Apprenticeship:
    return with_all(apprenticeship, mentor, coordinator)


def prepared(book: Apprenticeship, by: User, *, key: str = "") -> CompletionPreparation:
    return prepare_completion(viewer=viewer_for(by), key=key or str(uuid.uuid4()), apprenticeship=book)


def completed(book: Apprenticeship, by: User) -> StatusChange:
    return status_changed(fresh(book), by, "complete")


def lacking(book: Apprenticeship) -> list[str]:
    return [one.code for one in requirements_of(fresh(book), at=NOW) if not one.met]


def test_all_that_is_met_is_signed_by_another_and_closes_the_book(
    ready: Apprenticeship, coordinator: User, administrator: User
) -> None:
    prepared(ready, coordinator)
    made = completed(ready, administrator)
    body = read(made.entry)["body"]
    assert (body["status"], body["prepared_by"]["name"], body["agency_due"]) == (
        "completed",
        "Carol Jones",
        "2026-04-16",
    )
    decision = RequirementDecision.objects.get().entry.sequence
    assert {one["code"]: one["decision"] for one in body["requirements"]} == {
        "skills": None,
        "verified": None,
        "disagreements": None,
        "classes": decision,
    }
    assert body["meaning"]["text"].startswith("I have checked the whole record and verify for the sponsor")
    assert (verify_record(fresh(ready)).findings, made.entry.act.kind) == ((), "change_status")
    with pytest.raises(AskedWhileNotRunning, match="was completed on Mar 2, 2026"):
        asked(fresh(ready), "1.2")
    assert AuditEvent.objects.filter(kind="completion_prepared").count() == 1


def test_what_is_missing_is_named_and_nothing_is_prepared(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, administrator: User
) -> None:
    signed(apprenticeship, mentor, "1.1")
    with pytest.raises(NotYetComplete) as refusal:
        prepared(apprenticeship, coordinator)
    assert [one.code for one in refusal.value.lacking] == ["skills", "verified", "classes"]
    assert refusal.value.lacking[0].detail.startswith("48 skills are missing: 1.2, ")
    with pytest.raises(NotPrepared):
        completed(apprenticeship, administrator)
    assert not StatusChange.objects.exists()


def test_what_falls_away_after_preparing_is_asked_again_when_signing(
    ready: Apprenticeship, mentor: User, coordinator: User, administrator: User
) -> None:
    prepared(ready, coordinator)
    take_back(
        viewer=viewer_for(mentor),
        key="t",
        sign_off=ready.sign_offs.get(skill__code="1.2"),
        kind="no_longer_stands",
        reason="Seen otherwise.",
    )
    with pytest.raises(NotYetComplete) as refusal:
        completed(ready, administrator)
    assert [one.code for one in refusal.value.lacking] == ["skills", "verified"]
    assert fresh(ready).status == "registered"


@pytest.mark.parametrize("who", ["mentor", "auditor", "apprentice", "outsider"])
def test_nobody_else_prepares_or_decides(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    for does in (prepared, decided_by_letter):
        with pytest.raises(NotPermitted):
            does(fresh(apprenticeship), by)


@pytest.mark.parametrize("who", ["coordinator", "mentor", "auditor", "apprentice", "outsider"])
def test_only_an_administrator_signs_and_takes_it_back(
    who: str, ready: Apprenticeship, coordinator: User, administrator: User, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    prepared(ready, coordinator)
    with pytest.raises(NotPermitted):
        completed(ready, by)
    completed(ready, administrator)
    with pytest.raises(NotPermitted):
        status_changed(fresh(ready), by, "reinstate", reason="A wrong name.")
    assert fresh(ready).status == "completed"


def test_a_completion_that_was_taken_back_is_prepared_anew(
    ready: Apprenticeship, coordinator: User, administrator: User
) -> None:
    prepared(ready, coordinator)
    completed(ready, administrator)
    later = NOW + timedelta(minutes=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.record.every_kind.viewer_for", lambda by: viewer_for(by, at=later))
        status_changed(fresh(ready), administrator, "reinstate", reason="A wrong name.")
    with pytest.raises(NotPrepared):
        completed(ready, administrator)


def test_who_prepared_does_not_sign_while_another_could_prepare(
    ready: Apprenticeship, coordinator: User, administrator: User
) -> None:
    prepared(ready, administrator)
    with pytest.raises(PreparedByOneself):
        completed(ready, administrator)
    Membership.objects.filter(user=coordinator).update(until=TODAY)
    completed(ready, administrator)
    assert read(StatusChange.objects.get().entry)["body"]["prepared_by"]["name"] == "Ada Brooks"


@pytest.mark.parametrize("steps", [["probation"], ["activate", "suspend"], ["cancel"]])
def test_from_elsewhere_nothing_is_completed(
    steps: list[str], ready: Apprenticeship, coordinator: User, administrator: User
) -> None:
    for step in steps:
        status_changed(fresh(ready), coordinator, step, reason="On leave.")
    with pytest.raises(NotRunningToComplete):
        prepared(ready, coordinator)
    with pytest.raises(StatusConflict):
        completed(ready, administrator)


def test_the_same_press_prepares_once(ready: Apprenticeship, coordinator: User, apprenticeship: Apprenticeship) -> None:
    assert prepared(ready, coordinator, key="k") == prepared(ready, coordinator, key="k")
    with pytest.raises(KeyReused):
        decided_by_letter(ready, coordinator, key="k")
    assert CompletionPreparation.objects.count() == 1


def test_nobody_completes_their_own(ready: Apprenticeship, coordinator: User, apprentice: User) -> None:
    prepared(ready, coordinator)
    Membership.objects.create(user=apprentice, sponsor=ready.sponsor, role=Role.ADMINISTRATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        completed(ready, apprentice)


# ------------------------------------------------------------ requirements and decisions
def test_a_number_left_blank_is_met_by_a_decision_only(apprenticeship: Apprenticeship, coordinator: User) -> None:
    book = fresh(apprenticeship)
    book.terms.standard_version.approach = Approach.HYBRID
    assert book.terms.standard_version.job_hours_min is None
    (hours,) = [one for one in requirements_of(book, at=NOW) if one.code == "work_hours"]
    assert (hours.met, hours.unmeasured) == (False, True)
    decided_by_letter(book, coordinator, requirement="work_hours", grounds="left_blank")
    (hours,) = [one for one in requirements_of(book, at=NOW) if one.code == "work_hours"]
    assert (hours.met, bool(hours.decision)) == (True, True)


def test_the_newest_decision_counts_and_can_be_withdrawn(apprenticeship: Apprenticeship, coordinator: User) -> None:
    made = decided_by_letter(fresh(apprenticeship), coordinator)
    assert "classes" not in lacking(apprenticeship)
    body = read(made.entry)["body"]
    assert (body["document"], body["decided_by"], body["decided_on"]) == (
        "Letter 2026-117",
        "Ann Reed, Department of Labor",
        "2026-02-21",
    )
    decided_by_letter(fresh(apprenticeship), coordinator, grounds="withdrawn")
    assert "classes" in lacking(apprenticeship)
    assert verify_record(fresh(apprenticeship)).findings == ()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"requirement": "skills"}, "requirement"),
    ({"requirement": "verified"}, "requirement"),
    ({"requirement": "nothing"}, "requirement"),
    ({"grounds": "left_blank"}, "grounds"),
    ({"grounds": "withdrawn"}, "grounds"),
    ({"grounds": "x"}, "grounds"),
    ({"document": "  "}, "document"),
    ({"document": "x" * 301}, "document"),
    ({"decided_by": ""}, "decided_by"),
    ({"decided_by": "A\x00B"}, "decided_by"),
    ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
]


@pytest.mark.parametrize(("said", "field"), WRONG)
def test_what_is_no_decision_is_refused(
    said: dict[str, Any], field: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(DecisionInvalid) as refusal:
        decided_by_letter(fresh(apprenticeship), coordinator, **said)
    assert (refusal.value.field, RequirementDecision.objects.exists()) == (field, False)


def test_what_it_was_completed_by_is_not_decided_otherwise(
    ready: Apprenticeship, coordinator: User, administrator: User
) -> None:
    prepared(ready, coordinator)
    completed(ready, administrator)
    with pytest.raises(DecisionTooLate):
        decided_by_letter(fresh(ready), coordinator, grounds="withdrawn")


@pytest.mark.one_lane("sqlite")
def test_grounds_that_are_not_those_of_a_requirement_do_not_meet_it() -> None:
    measured = Requirement("Skills", met=False, detail="", code="skills")
    for grounds in ("left_blank", "excused", "withdrawn"):
        assert not measured.by(RequirementDecision(requirement="skills", grounds=grounds)).met
