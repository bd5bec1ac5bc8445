"""Confirming, declining and taking back: who may, in which state, and what stands in the book then."""

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from instruction.certificates import CertificateInvalid
from instruction.confirming import AlreadyDecided, decline_certificate
from instruction.entry_voiding import EntryAlreadyVoided, VoidRefused, void_entry
from instruction.models import Certificate, CertificateDecision, InstructionVoid
from tests.at_once import at_once
from tests.cast import LONG_AGO, signed, viewer_for
from tests.certificates.bringing import brought, brought_own, confirmed, taken_back
from tests.certificates.delivering import told
from tests.telling.delivering import notices

pytestmark = pytest.mark.django_db


def test_confirmed_it_is_an_entry_that_verifies_and_counts(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    first = brought(apprenticeship, apprentice)
    confirmed(first, coordinator)
    made = confirmed(brought(apprenticeship, apprentice, renews=first, number="RC-4712"), coordinator)
    assert made.entry
    body = read(made.entry)["body"]
    assert (body["kind"]["code"], body["number"], body["renews"], len(body["evidence"])) == (
        "cpr_card",
        "RC-4712",
        1,
        1,
    )
    assert not verify_record(apprenticeship).findings
    assert list(Certificate.objects.current()) == [made.certificate]
    told()
    assert notices(apprentice) == ["certificate_confirmed"] * 2
    assert notices(coordinator) == []


@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "auditor", "outsider", "apprentice"])
def test_only_a_coordinator_decides(
    who: str, apprenticeship: Apprenticeship, apprentice: User, request: pytest.FixtureRequest
) -> None:
    waiting, viewer = brought(apprenticeship, apprentice), viewer_for(request.getfixturevalue(who))
    with pytest.raises(NotPermitted):
        decline_certificate(viewer=viewer, key="k", certificate=waiting, reason="No.")
    assert not CertificateDecision.objects.exists()


def test_nobody_confirms_for_themselves(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User, sponsor: Sponsor
) -> None:
    Membership.objects.create(user=apprentice, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    for waiting, person in ((brought(apprenticeship, apprentice), apprentice), (brought_own(coordinator), coordinator)):
        with pytest.raises(NotPermitted):
            confirmed(waiting, person)
    assert not RecordEntry.objects.exists()


def test_staff_have_no_book_and_the_decision_is_the_history(mentor: User, coordinator: User) -> None:
    made = confirmed(brought_own(mentor), coordinator)
    assert (made.entry, made.by, made.certificate.holder) == (None, coordinator, mentor)
    assert Certificate.objects.standing().get() == made.certificate
    assert not RecordEntry.objects.exists()


def test_declined_with_a_reason_it_is_no_entry_and_its_holder_is_told(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    waiting, viewer = brought(apprenticeship, apprentice), viewer_for(coordinator)
    with pytest.raises(CertificateInvalid):
        decline_certificate(viewer=viewer, key="k", certificate=waiting, reason=" ")
    made = decline_certificate(viewer=viewer, key="k", certificate=waiting, reason="The photo is not sharp.")
    again = decline_certificate(viewer=viewer, key="k", certificate=waiting, reason="The photo is not sharp.")
    assert (made, made.outcome, RecordEntry.objects.count()) == (again, "declined", 0)
    with pytest.raises(AlreadyDecided):
        confirmed(waiting, coordinator)
    told()
    assert notices(apprentice) == ["certificate_declined"]


def test_taken_back_it_counts_no_more_and_the_former_one_counts_again(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    first = brought(apprenticeship, apprentice)
    confirmed(first, coordinator)
    second = confirmed(brought(apprenticeship, apprentice, renews=first), coordinator)
    void = taken_back(second, coordinator, key="v")
    assert void == taken_back(second, coordinator, key="v")
    assert list(Certificate.objects.current()) == [first]
    assert read(void.entry)["body"]["reason"] == void.reason.digest
    assert not verify_record(apprenticeship).findings
    with pytest.raises(EntryAlreadyVoided):
        taken_back(second, coordinator)


@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "auditor", "outsider", "apprentice"])
def test_only_a_coordinator_takes_back(
    who: str, apprenticeship: Apprenticeship, coordinator: User, request: pytest.FixtureRequest
) -> None:
    made = confirmed(brought(apprenticeship, coordinator), coordinator)
    with pytest.raises(NotPermitted):
        taken_back(made, request.getfixturevalue(who))
    assert not InstructionVoid.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "half a sign \ud800"])
def test_taking_back_asks_for_a_reason_that_can_be_kept(
    reason: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    made = confirmed(brought(apprenticeship, coordinator), coordinator)
    with pytest.raises(VoidRefused):
        taken_back(made, coordinator, reason=reason)
    assert not InstructionVoid.objects.exists()


def test_an_entry_of_another_kind_is_not_taken_back_here(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    entry = signed(apprenticeship, mentor).entry
    with pytest.raises(VoidRefused):
        void_entry(viewer=viewer_for(coordinator), key="k", entry=entry, reason="Wrong.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("own", [True, False])
def test_of_two_decisions_at_once_one_stands(
    own: bool, apprenticeship: Apprenticeship, apprentice: User, mentor: User, coordinator: User
) -> None:
    waiting = brought_own(mentor) if own else brought(apprenticeship, apprentice)
    outcomes = at_once([lambda: confirmed(waiting, coordinator)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDecided", "CertificateDecision"]
