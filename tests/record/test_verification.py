"""The sponsor verifies a set or the whole: exactly what was seen, by somebody who signed none of it."""

import uuid

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, User
from acts.acting import KeyReused
from acts.models import Act, OutboxMessage
from apprenticeship.models import Apprenticeship, RecordEntry, Verification, VerificationVoid, VerifiedSignOff
from apprenticeship.record import read
from apprenticeship.takingback import take_back
from apprenticeship.verification import (
    AlreadyVerified,
    AlreadyVoided,
    NotWhatWasSeen,
    NotYetAttained,
    SignedItOneself,
    VerificationInvalid,
    verifiable,
    verify,
    void_verification,
)
from apprenticeship.verifying import verify_record
from competencies.models import SkillSet
from tests.cast import LONG_AGO, fresh, make_mentorship, signed, viewer_for
from tests.record.every_kind import sign_set, verified_set


def set_of(book: Apprenticeship, order: int) -> SkillSet:
    return SkillSet.objects.get(version=book.terms.standard_version_id, order=order)


def attempt(
    book: Apprenticeship, by: User, order: int | None = 7, *, seen: set[uuid.UUID] | None = None, key: str = "v"
) -> Verification:
    """Verify what stands, or `seen`, of one set or of the whole."""
    skill_set = set_of(book, order) if order else None
    now = verifiable(fresh(book), skill_set).ids
    return verify(
        viewer=viewer_for(by),
        key=key,
        apprenticeship=fresh(book),
        skill_set=skill_set,
        seen=now if seen is None else seen,
    )


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    """Rosa's book with the two skills of set 7 signed."""
    sign_set(apprenticeship, mentor, 7)
    return apprenticeship


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_set_is_verified_with_a_meaning_of_its_own(
    who: str, book: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    made = attempt(book, request.getfixturevalue(who))
    content = read(made.entry)
    assert (made.entry.kind, content["by"]["role"], content["body"]["set"]["order"]) == ("verification", who, 7)
    assert content["body"]["covers"] == [{"entry": 1, "skill": "7.1"}, {"entry": 2, "skill": "7.2"}]
    assert content["body"]["meaning"]["text"].startswith("I have checked the sign-offs listed here and verify")
    assert made.covers.count() == 2
    assert verify_record(book).is_intact
    assert OutboxMessage.objects.filter(act=made.entry.act).count() == 1


def test_verifying_changes_nothing_that_stands(book: Apprenticeship, coordinator: User) -> None:
    before = list(book.standings.order_by("pk").values())
    attempt(book, coordinator)
    assert list(book.standings.order_by("pk").values()) == before


@pytest.mark.parametrize("who", ["mentor", "deputy", "auditor", "instructor", "apprentice", "outsider"])
def test_nobody_else_verifies(who: str, book: Apprenticeship, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        attempt(book, request.getfixturevalue(who))
    assert not Verification.objects.exists()


def test_nobody_verifies_their_own_book(book: Apprenticeship, apprentice: User) -> None:
    Membership.objects.create(user=apprentice, sponsor=book.sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        attempt(book, apprentice)


def test_nobody_verifies_what_they_signed(book: Apprenticeship, coordinator: User, administrator: User) -> None:
    Membership.objects.create(user=coordinator, sponsor=book.sponsor, role=Role.MENTOR, since=LONG_AGO)
    make_mentorship(book, coordinator)
    signed(fresh(book), coordinator, "7.2", replaces=book.standings.get(skill__code="7.2").sign_off)
    with pytest.raises(SignedItOneself) as refusal:
        attempt(book, coordinator)
    assert refusal.value.codes == ["7.2"]
    assert attempt(book, administrator).by == administrator


def test_a_set_with_a_skill_that_is_not_attained_is_refused_by_its_code(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    signed(apprenticeship, mentor, "7.1")
    signed(apprenticeship, mentor, "7.2", level="in-training")
    with pytest.raises(NotYetAttained) as refusal:
        attempt(apprenticeship, coordinator)
    assert refusal.value.codes == ["7.2"]
    assert not Act.objects.filter(kind="verify").exists()


def test_the_whole_is_refused_until_every_set_is_attained(book: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(NotYetAttained) as refusal:
        attempt(book, coordinator, None)
    assert len(refusal.value.codes) == 47


@pytest.mark.parametrize("what", ["signed again", "taken back", "not named", "never there"])
def test_what_was_not_seen_is_not_verified(what: str, book: Apprenticeship, mentor: User, coordinator: User) -> None:
    seen = set(verifiable(fresh(book), set_of(book, 7)).ids)
    old = book.standings.get(skill__code="7.1").sign_off
    assert old
    if what == "signed again":
        signed(book, mentor, "7.1", replaces=old)
    elif what == "taken back":
        take_back(viewer=viewer_for(mentor), key="t", sign_off=old, kind="mistake")
        signed(book, mentor, "7.1")
    seen = {"not named": seen - {old.pk}, "never there": seen | {uuid.uuid4()}}.get(what, seen)
    with pytest.raises(NotWhatWasSeen) as refusal:
        attempt(book, coordinator, seen=seen)
    assert refusal.value.codes == ([] if what == "never there" else ["7.1"])
    assert not Verification.objects.exists()


def test_what_is_verified_is_verified_again_only_after_a_change(
    book: Apprenticeship, mentor: User, coordinator: User
) -> None:
    attempt(book, coordinator)
    with pytest.raises(AlreadyVerified):
        attempt(book, coordinator, key="again")
    signed(book, mentor, "7.1", replaces=book.standings.get(skill__code="7.1").sign_off)
    assert attempt(book, coordinator, key="later").covers.count() == 2
    assert verify_record(book).is_intact


def test_the_same_press_again_gives_the_first_answer(book: Apprenticeship, coordinator: User) -> None:
    seen = set(verifiable(fresh(book), set_of(book, 7)).ids)
    made = attempt(book, coordinator, seen=seen)
    assert attempt(book, coordinator, seen=seen) == made
    with pytest.raises(KeyReused):
        attempt(book, coordinator, seen=seen | {uuid.uuid4()})
    assert RecordEntry.objects.filter(kind="verification").count() == 1


def test_wrong_input_is_named(book: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(VerificationInvalid) as refusal:
        attempt(book, coordinator, seen=set())
    assert refusal.value.field == "seen"
    strange = set_of(book, 7)
    strange.version_id = uuid.uuid4()
    with pytest.raises(VerificationInvalid) as refusal:
        verify(
            viewer=viewer_for(coordinator), key="s", apprenticeship=fresh(book), skill_set=strange, seen={uuid.uuid4()}
        )
    assert refusal.value.field == "skill_set"


def test_a_verification_is_taken_back_with_a_sealed_reason(
    book: Apprenticeship, coordinator: User, administrator: User
) -> None:
    made = attempt(book, coordinator)
    void = void_verification(viewer=viewer_for(administrator), key="w", verification=made, reason=" Too early. ")
    content = read(void.entry)
    assert (void.entry.kind, content["body"]["verification"]) == ("verification_void", made.entry.sequence)
    assert (void.reason.text, "early" in void.entry.canonical) == ("Too early.", False)
    assert verify_record(book).is_intact
    with pytest.raises(AlreadyVoided):
        void_verification(viewer=viewer_for(coordinator), key="x", verification=made, reason="Again.")
    assert attempt(book, coordinator, key="anew").covers.count() == 2


@pytest.mark.parametrize("who", ["mentor", "auditor", "apprentice", "outsider"])
def test_nobody_else_takes_a_verification_back(
    who: str, book: Apprenticeship, coordinator: User, request: pytest.FixtureRequest
) -> None:
    made = attempt(book, coordinator)
    with pytest.raises(NotPermitted):
        void_verification(
            viewer=viewer_for(request.getfixturevalue(who)), key="w", verification=made, reason="I want to."
        )
    assert not VerificationVoid.objects.exists()


@pytest.mark.parametrize("reason", ["", " \n ", "n" * 2001, "a\x00b"])
def test_a_verification_is_not_taken_back_without_a_usable_reason(
    reason: str, book: Apprenticeship, coordinator: User
) -> None:
    made = attempt(book, coordinator)
    with pytest.raises(VerificationInvalid) as refusal:
        void_verification(viewer=viewer_for(coordinator), key="w", verification=made, reason=reason)
    assert refusal.value.field == "reason"
    assert not VerificationVoid.objects.exists()


def test_a_parent_counts_with_its_steps(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> None:
    sign_set(apprenticeship, mentor, 4)
    assert verified_set(apprenticeship, coordinator, 4).covers.count() == 8
    step = apprenticeship.standings.get(skill__code="4.3").sign_off
    assert step
    take_back(viewer=viewer_for(mentor), key="t", sign_off=step, kind="mistake")
    assert [skill.code for skill in verifiable(fresh(apprenticeship), set_of(apprenticeship, 4)).lacking] == [
        "4.1",
        "4.3",
    ]
    assert VerifiedSignOff.objects.count() == 8
