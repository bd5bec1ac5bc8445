"""The status of an apprenticeship is what its entries come to; one step is an act of whoever runs the program."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, User
from acts.acting import KeyReused
from acts.models import Act, OutboxMessage
from apprenticeship.ending import Details
from apprenticeship.models import Apprenticeship, Status, StatusChange, StatusStep
from apprenticeship.record import read
from apprenticeship.status import StatusConflict, StatusInvalid, came_to, in_probation_after, rebuild, steps_from
from apprenticeship.verifying import verify_record
from tests.cast import LONG_AGO, STARTS_ON, TODAY, fresh
from tests.record.every_kind import FOR_CAUSE, USUAL, status_changed
from tests.record.forging import forge

WAYS = {
    Status.REGISTERED: [],
    Status.PROBATIONARY: ["probation"],
    Status.ACTIVE: ["activate"],
    Status.SUSPENDED: ["activate", "suspend"],
    Status.CANCELLED: ["probation", "cancel"],
    Status.TRANSFERRED: ["probation", "transfer"],
    Status.COMPLETED: ["activate", "complete"],
}
"""By status the steps that lead there."""

LEADS = {
    (Status.REGISTERED, "probation"): Status.PROBATIONARY,
    (Status.REGISTERED, "activate"): Status.ACTIVE,
    (Status.REGISTERED, "cancel"): Status.CANCELLED,
    (Status.PROBATIONARY, "activate"): Status.ACTIVE,
    (Status.PROBATIONARY, "suspend"): Status.SUSPENDED,
    (Status.PROBATIONARY, "cancel"): Status.CANCELLED,
    (Status.ACTIVE, "suspend"): Status.SUSPENDED,
    (Status.ACTIVE, "cancel"): Status.CANCELLED,
    (Status.SUSPENDED, "resume"): Status.ACTIVE,
    (Status.SUSPENDED, "cancel"): Status.CANCELLED,
    (Status.REGISTERED, "transfer"): Status.TRANSFERRED,
    (Status.PROBATIONARY, "transfer"): Status.TRANSFERRED,
    (Status.ACTIVE, "transfer"): Status.TRANSFERRED,
    (Status.SUSPENDED, "transfer"): Status.TRANSFERRED,
    (Status.REGISTERED, "complete"): Status.COMPLETED,
    (Status.ACTIVE, "complete"): Status.COMPLETED,
    (Status.COMPLETED, "reinstate"): Status.ACTIVE,
    (Status.CANCELLED, "reinstate"): Status.PROBATIONARY,
    (Status.TRANSFERRED, "reinstate"): Status.PROBATIONARY,
}
"""All steps that there are, and where each leads."""


def brought_to(book: Apprenticeship, by: User, *steps: str) -> Apprenticeship:
    for step in steps:
        status_changed(fresh(book), by, step, on=STARTS_ON, reason="On leave.")
    return fresh(book)


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize("step", StatusStep)
@pytest.mark.parametrize("status", Status)
def test_each_step_leads_where_the_table_says_or_nowhere(status: Status, step: StatusStep) -> None:
    assert came_to(WAYS[status])[-1:] == ([] if status == Status.REGISTERED else [status])
    assert (step in steps_from(status)) == ((status, step) in LEADS)
    if (status, step) in LEADS:
        assert came_to([*WAYS[status], step])[-1] == LEADS[status, step]
    else:
        with pytest.raises(ValueError, match=step):
            came_to([*WAYS[status], step])


@pytest.mark.one_lane("sqlite")
def test_what_was_before_comes_back_through_a_suspension_that_was_cancelled() -> None:
    steps = ["probation", "suspend", "cancel", "reinstate", "resume", "activate"]
    assert [status.value for status in came_to(steps)[2:]] == ["cancelled", "suspended", "probationary", "active"]


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_step_is_an_entry_with_its_day_and_a_sealed_reason(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    book = brought_to(apprenticeship, by, "activate")
    made = status_changed(book, by, "suspend", on=TODAY - timedelta(days=3), reason=" On leave. ")
    body = read(made.entry)["body"]
    told = {"step": "suspend", "was": "active", "status": "suspended", "on": "2026-02-27"}
    assert {name: body[name] for name in told} == told
    assert made.reason
    assert (body["reason"], made.reason.text) == (made.reason.digest, "On leave.")
    assert body["meaning"]["text"].startswith("I suspend this apprenticeship")
    assert (fresh(book).status, verify_record(book).findings) == ("suspended", ())
    assert OutboxMessage.objects.filter(act=made.entry.act).count() == 1


@pytest.mark.parametrize("who", ["mentor", "deputy", "auditor", "instructor", "apprentice", "outsider"])
def test_nobody_else_changes_the_status(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermitted):
        status_changed(fresh(apprenticeship), request.getfixturevalue(who), "activate")


def test_nobody_changes_the_status_of_their_own(apprenticeship: Apprenticeship, apprentice: User) -> None:
    Membership.objects.create(user=apprentice, sponsor=apprenticeship.sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        status_changed(fresh(apprenticeship), apprentice, "activate")


def test_a_step_that_does_not_lead_on_is_refused_with_what_stands(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(StatusConflict) as refusal:
        status_changed(fresh(apprenticeship), coordinator, "resume")
    assert refusal.value.now == Status.REGISTERED
    assert not Act.objects.filter(kind="change_status").exists()


def test_an_older_page_changes_nothing(apprenticeship: Apprenticeship, coordinator: User) -> None:
    book = brought_to(apprenticeship, coordinator, "probation")
    with pytest.raises(StatusConflict) as refusal:
        status_changed(book, coordinator, "activate", seen="registered")
    assert (refusal.value.now, fresh(book).status) == ("probationary", "probationary")


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), STARTS_ON - timedelta(days=1), TODAY - timedelta(days=2)])
def test_a_day_that_cannot_be_is_refused(on: object, apprenticeship: Apprenticeship, coordinator: User) -> None:
    status_changed(fresh(apprenticeship), coordinator, "probation", on=TODAY - timedelta(days=1))
    with pytest.raises(StatusInvalid) as refusal:
        status_changed(fresh(apprenticeship), coordinator, "activate", on=on)  # type: ignore[arg-type]  # a day
    assert refusal.value.field == "on"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "A\x00B"])
def test_a_reason_is_asked_and_must_be_one_that_can_be_kept(
    reason: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(StatusInvalid) as refusal:
        status_changed(fresh(apprenticeship), coordinator, "cancel", reason=reason)
    assert refusal.value.field == "reason"


def test_the_same_press_sent_twice_is_one_step(apprenticeship: Apprenticeship, coordinator: User) -> None:
    first = status_changed(fresh(apprenticeship), coordinator, "activate", seen="registered", key="k")
    assert status_changed(fresh(apprenticeship), coordinator, "activate", seen="registered", key="k") == first
    with pytest.raises(KeyReused):
        status_changed(fresh(apprenticeship), coordinator, "probation", seen="registered", key="k")
    assert StatusChange.objects.count() == 1


def test_a_forged_status_is_named_and_made_again(apprenticeship: Apprenticeship, coordinator: User) -> None:
    book = brought_to(apprenticeship, coordinator, "activate", "suspend")
    Apprenticeship.objects.filter(pk=book.pk).update(status="active")
    (finding,) = verify_record(book).findings
    assert (finding.sequence, finding.what) == (2, "The status that stands is not what the entries come to.")
    rebuild(book)
    assert (fresh(book).status, verify_record(book).findings) == ("suspended", ())


def test_a_forged_step_is_named(apprenticeship: Apprenticeship, coordinator: User) -> None:
    book = brought_to(apprenticeship, coordinator, "activate", "suspend", "resume")
    forge(StatusChange.objects.filter(step="suspend"), step="cancel", status="cancelled")
    assert 2 in {finding.sequence for finding in verify_record(book).findings}


BY_SPONSOR = Details(cancelled_by="sponsor")
WRONG: list[tuple[str, str, Details, str]] = [
    ("activate", "cancel", Details(), "cancelled_by"),
    ("activate", "cancel", Details(cancelled_by="nobody"), "cancelled_by"),
    ("activate", "cancel", BY_SPONSOR, "noticed_on"),
    ("activate", "cancel", replace(FOR_CAUSE, correct_by=None), "correct_by"),
    ("probation", "cancel", replace(FOR_CAUSE, correct_by=None), "correct_by"),
    ("activate", "cancel", replace(FOR_CAUSE, noticed_on=STARTS_ON - timedelta(days=1)), "noticed_on"),
    ("activate", "cancel", replace(FOR_CAUSE, correct_by=FOR_CAUSE.noticed_on), "correct_by"),
    ("activate", "cancel", replace(FOR_CAUSE, correct_by=TODAY + timedelta(days=1)), "on"),
    ("activate", "cancel", replace(FOR_CAUSE, cancelled_by="apprentice"), "noticed_on"),
    ("activate", "transfer", Details(), "transferred_to"),
    ("activate", "transfer", Details(transferred_to="x" * 201), "transferred_to"),
    ("activate", "suspend", USUAL["cancel"], "step"),
]


@pytest.mark.parametrize(("before", "step", "details", "field"), WRONG)
def test_what_a_step_says_beside_must_be_whole_and_in_order(
    before: str, step: str, details: Details, field: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    book = brought_to(apprenticeship, coordinator, before)
    with pytest.raises(StatusInvalid) as refusal:
        status_changed(book, coordinator, step, reason="Twice without gloves.", details=details)
    assert (refusal.value.field, StatusChange.objects.count()) == (field, 1)


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(
    ("steps", "is_so"),
    [
        ([], False),
        (["probation"], True),
        (["probation", "suspend"], True),
        (["probation", "activate"], False),
        (["activate", "suspend"], False),
        (["probation", "suspend", "cancel", "reinstate"], True),
    ],
)
def test_the_book_itself_says_whether_it_is_in_probation(steps: list[str], is_so: bool) -> None:
    assert in_probation_after(steps) is is_so


def test_in_probation_the_sponsor_needs_no_cause_and_the_entry_says_so(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    book = brought_to(apprenticeship, coordinator, "probation", "suspend")
    body = read(status_changed(book, coordinator, "cancel", reason="Not for her.", details=BY_SPONSOR).entry)["body"]
    assert (body["cancelled_by"], body["in_probation"], body["agency_due"]) == ("sponsor", True, "2026-04-16")
    assert "noticed_on" not in body
    assert verify_record(book).findings == ()
