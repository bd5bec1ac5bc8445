"""Of breaks and ends the registration agency is told within the days of the terms; that it was is noted."""

import uuid
from collections.abc import Collection
from datetime import date, timedelta

import pytest

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.agency_notice_views import notices_to_tell
from apprenticeship.agency_notices import NoticeInvalid, tell_agency
from apprenticeship.models import AgencyNotice, Apprenticeship, StatusChange, StatusStep
from apprenticeship.status import STEPS
from tests.cast import STARTS_ON, TODAY, fresh, viewer_for
from tests.record.every_kind import status_changed

TELLS = {"suspend": True, "resume": True, "transfer": True, "cancel": True, "complete": True, "reinstate": True}


@pytest.fixture
def suspended(apprenticeship: Apprenticeship, coordinator: User) -> StatusChange:
    status_changed(fresh(apprenticeship), coordinator, "activate", on=STARTS_ON)
    return status_changed(fresh(apprenticeship), coordinator, "suspend", on=TODAY, reason="On leave.")


def told(by: User, changes: Collection[uuid.UUID], *, on: date = TODAY, key: str = "") -> None:
    tell_agency(viewer=viewer_for(by), key=key or str(uuid.uuid4()), changes=changes, told_on=on)


@pytest.mark.one_lane("sqlite")
def test_of_breaks_and_ends_the_agency_is_told_and_of_nothing_else() -> None:
    assert {step.value: True for step in StatusStep if STEPS[step].tells_agency} == TELLS


@pytest.mark.parametrize(("limits", "due"), [({}, date(2026, 4, 16)), ({"agency_notice_days": 10}, date(2026, 3, 12))])
def test_the_days_are_those_of_the_terms(
    limits: dict[str, int], due: date, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    book = fresh(apprenticeship)
    book.terms.signing_limits = limits
    status_changed(fresh(apprenticeship), coordinator, "activate", on=STARTS_ON)
    assert status_changed(book, coordinator, "suspend", reason="On leave.").agency_due == due
    assert StatusChange.objects.get(step="activate").agency_due is None


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_what_was_told_is_noted_with_its_day_and_in_the_audit_log(
    who: str, suspended: StatusChange, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    assert notices_to_tell(viewer_for(by)).count() == 1
    told(by, [suspended.pk])
    assert AgencyNotice.objects.get().told_on == TODAY
    event = AuditEvent.objects.get(kind="agency_told")
    assert (event.subject, event.data) == (f"status_change:{suspended.pk}", {"told_on": "2026-03-02"})
    assert not notices_to_tell(viewer_for(by)).exists()


@pytest.mark.parametrize("who", ["mentor", "auditor", "apprentice"])
def test_who_only_reads_notes_nothing(who: str, suspended: StatusChange, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        told(by, [suspended.pk])
    assert not AgencyNotice.objects.exists()


def test_another_sponsor_learns_nothing(suspended: StatusChange, outsider: User) -> None:
    for pk in (suspended.pk, uuid.uuid4()):
        with pytest.raises(NoticeInvalid, match="not in the list any more"):
            told(outsider, [pk])


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), STARTS_ON - timedelta(days=1)])
def test_a_day_that_cannot_be_is_refused(on: date, suspended: StatusChange, coordinator: User) -> None:
    with pytest.raises(NoticeInvalid) as refusal:
        told(coordinator, [suspended.pk], on=on)
    assert refusal.value.field == "told_on"


def test_nothing_too_much_and_what_needs_no_notice_are_refused(suspended: StatusChange, coordinator: User) -> None:
    needless = StatusChange.objects.get(step="activate").pk
    for changes in ([], [needless], [suspended.pk, needless], [uuid.uuid4() for _number in range(501)]):
        with pytest.raises(NoticeInvalid) as refusal:
            told(coordinator, changes)
        assert refusal.value.field == "changes"
    assert not AgencyNotice.objects.exists()


def test_the_same_press_is_one_notice_and_said_again_the_newer_day_counts(
    suspended: StatusChange, coordinator: User
) -> None:
    for _time in range(2):
        told(coordinator, [suspended.pk], key="k")
    with pytest.raises(KeyReused):
        told(coordinator, [suspended.pk], key="k", on=TODAY - timedelta(days=1))
    tell_agency(
        viewer=viewer_for(coordinator, at=suspended.entry.recorded_at + timedelta(hours=1)),
        key="n",
        changes=[suspended.pk],
        told_on=TODAY - timedelta(days=1),
    )
    newest = vars(StatusChange.objects.for_agency(told=True).get())["told_on"]
    assert (newest, AgencyNotice.objects.count()) == (TODAY - timedelta(days=1), 2)
