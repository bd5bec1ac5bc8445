"""A signature is taken back by an entry of its own: as a mistake, or because it no longer stands."""

from datetime import timedelta

import pytest

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import Act, SealedText
from apprenticeship.models import Apprenticeship, RecordEntry, Revocation, SignOff, SkillStanding
from apprenticeship.record import read
from apprenticeship.take_back_rights import may_undo
from apprenticeship.takingback import (
    LONGEST_REASON,
    NotStanding,
    TakeBackInvalid,
    UndoTimeOver,
    take_back,
)
from apprenticeship.verifying import verify_record
from tests.cast import NOW, fresh, make_mentorship, make_person, signed, viewer_for


def take(
    by: User, sign_off: SignOff, kind: str = "mistake", *, reason: str = "", key: str = "t", after: int = 0
) -> Revocation:
    """Take back as `by` does it, so many seconds after NOW."""
    viewer = viewer_for(by, NOW + timedelta(seconds=after))
    return take_back(viewer=viewer, key=key, sign_off=sign_off, kind=kind, reason=reason)


def stands(sign_off: SignOff) -> bool:
    return SkillStanding.objects.filter(sign_off=sign_off).exists()


def test_a_mistake_is_read_as_never_given(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor)
    taken = take(mentor, made)
    standing = SkillStanding.objects.get(apprenticeship=apprenticeship)
    assert (standing.sign_off, standing.revocation, standing.attained) == (None, None, False)
    assert SignOff.objects.get() == made
    body = read(taken.entry)["body"]
    assert (taken.entry.kind, body["sign_off"], body["kind"], body["reason"]) == ("revocation", 1, "mistake", None)
    assert body["meaning"]["text"].startswith("I entered this sign-off by mistake")
    assert verify_record(apprenticeship).is_intact


def test_what_no_longer_stands_says_so_and_why_under_seal(apprenticeship: Apprenticeship, mentor: User) -> None:
    taken = take(mentor, signed(apprenticeship, mentor), "no_longer_stands", reason="  Fainted in the clean room.  ")
    standing = SkillStanding.objects.get(apprenticeship=apprenticeship)
    assert (standing.sign_off, standing.revocation, standing.attained) == (None, taken, False)
    assert taken.reason
    assert taken.reason.text == "Fainted in the clean room."
    assert read(taken.entry)["body"]["reason"] == taken.reason.digest
    assert "Fainted" not in taken.entry.canonical
    assert verify_record(apprenticeship).is_intact


def test_after_a_mistake_the_earlier_signature_stands_again(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(apprenticeship, mentor, level="with-coaching")
    take(mentor, signed(apprenticeship, mentor, replaces=first))
    assert stands(first)
    assert not SkillStanding.objects.get().attained


def test_after_no_longer_stands_nothing_stands_until_it_is_signed_again(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    first = signed(apprenticeship, mentor)
    second = signed(apprenticeship, mentor, replaces=first)
    take(mentor, second, "no_longer_stands", reason="Out of practice.")
    assert not stands(first)
    again = signed(apprenticeship, mentor)
    assert (again.replaces, stands(again), SkillStanding.objects.get().revocation) == (None, True, None)


def test_a_mistaken_signature_leaves_what_was_taken_back_before(apprenticeship: Apprenticeship, mentor: User) -> None:
    taken = take(mentor, signed(apprenticeship, mentor), "no_longer_stands", reason="Out of practice.")
    take(mentor, signed(apprenticeship, mentor), key="u")
    assert SkillStanding.objects.get().revocation == taken


def test_taking_a_step_back_takes_the_parent_with_it(apprenticeship: Apprenticeship, mentor: User) -> None:
    steps = [signed(apprenticeship, mentor, f"4.{number}") for number in range(2, 9)]
    parent = signed(apprenticeship, mentor, "4.1")
    assert SkillStanding.objects.get(sign_off=parent).attained
    take(mentor, steps[3])
    assert not SkillStanding.objects.get(sign_off=parent).attained


@pytest.mark.parametrize(("after", "may"), [(0, True), (30 * 60 - 1, True), (30 * 60, False)])
def test_a_mistake_is_taken_back_within_the_undo_time(
    after: int, may: bool, apprenticeship: Apprenticeship, mentor: User
) -> None:
    made = signed(apprenticeship, mentor)
    assert may_undo(viewer_for(mentor, NOW + timedelta(seconds=after)), made) is may
    if may:
        assert take(mentor, made, after=after).kind == "mistake"
    else:
        with pytest.raises(UndoTimeOver):
            take(mentor, made, after=after)
        assert stands(made)
        assert take(mentor, made, "no_longer_stands", reason="Too late.", after=after).reason


def test_only_the_signer_says_that_it_was_a_mistake(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User, administrator: User
) -> None:
    made = signed(apprenticeship, mentor)
    for other in (deputy, coordinator, administrator):
        with pytest.raises(NotPermitted):
            take(other, made)
        assert not may_undo(viewer_for(other), made)
    assert stands(made)


@pytest.mark.parametrize(
    ("who", "role", "qualification"),
    [("mentor", "mentor", "CPhT"), ("coordinator", "coordinator", ""), ("administrator", "administrator", "")],
)
def test_those_who_answer_for_the_apprentice_end_a_signature_in_their_own_role(
    who: str,
    role: str,
    qualification: str,
    apprenticeship: Apprenticeship,
    mentor: User,
    request: pytest.FixtureRequest,
) -> None:
    made = signed(apprenticeship, mentor)
    taken = take(request.getfixturevalue(who), made, "no_longer_stands", reason="Seen otherwise.")
    by = read(taken.entry)["by"]
    assert (by["role"], by["qualification"]) == (role, qualification)


@pytest.mark.parametrize("who", ["auditor", "instructor", "apprentice", "outsider"])
@pytest.mark.parametrize("kind", ["mistake", "no_longer_stands"])
def test_nobody_else_takes_a_signature_back(
    who: str, kind: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(NotPermitted):
        take(request.getfixturevalue(who), made, kind, reason="I want to.")
    assert stands(made)
    assert not Revocation.objects.exists()


def test_a_mentor_of_another_apprentice_takes_nothing_back(
    apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor
) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(NotPermitted):
        take(make_person("Nora Other", Role.MENTOR, sponsor=sponsor), made, "no_longer_stands", reason="No.")


@pytest.mark.parametrize(
    ("kind", "reason", "field"),
    [
        ("", "Why not.", "kind"),
        ("forgotten", "Why not.", "kind"),
        ("no_longer_stands", "", "reason"),
        ("no_longer_stands", " \n ", "reason"),
        ("no_longer_stands", "n" * (LONGEST_REASON + 1), "reason"),
        ("mistake", "a\x00b", "reason"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_stored(
    kind: str, reason: str, field: str, apprenticeship: Apprenticeship, mentor: User
) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(TakeBackInvalid) as refusal:
        take(mentor, made, kind, reason=reason)
    assert (refusal.value.field, bool(refusal.value.message)) == (field, True)
    assert stands(made)
    assert not Act.objects.filter(kind="take_back").exists()
    assert not SealedText.objects.exists()


def test_a_signature_is_taken_back_once(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> None:
    made = signed(apprenticeship, mentor)
    take(coordinator, made, "no_longer_stands", reason="Seen otherwise.")
    for kind in ("mistake", "no_longer_stands"):
        with pytest.raises(NotStanding):
            take(mentor, made, kind, reason="Again.", key=kind)
    assert Revocation.objects.count() == 1


def test_a_signature_that_was_replaced_cannot_be_taken_back(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(apprenticeship, mentor)
    second = signed(apprenticeship, mentor, replaces=first)
    with pytest.raises(NotStanding):
        take(mentor, first)
    assert stands(second)


def test_the_same_press_again_gives_the_first_answer(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor)
    taken = take(mentor, made)
    assert take(mentor, made, after=7200) == taken
    with pytest.raises(KeyReused):
        take(mentor, made, "no_longer_stands", reason="Now for this.")
    assert RecordEntry.objects.count() == 2


def test_who_lost_the_role_takes_nothing_back(apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor) -> None:
    made = signed(apprenticeship, mentor)
    mentor.memberships.update(until=NOW.date())
    with pytest.raises(NotPermitted):
        take(mentor, made)
    assert stands(made)


def test_a_mentor_who_is_an_apprentice_too_takes_back_what_they_signed(
    apprenticeship: Apprenticeship, sponsor: Sponsor
) -> None:
    twofold = make_person("Tess Twofold", Role.MENTOR, Role.APPRENTICE, sponsor=sponsor)
    make_mentorship(apprenticeship, twofold)
    made = signed(fresh(apprenticeship), twofold)
    assert take(twofold, made).by == twofold
