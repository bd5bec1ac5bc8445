"""Two people, two taps, two books: whatever comes together, the books stay whole."""

import uuid
from functools import partial

import pytest

from accounts.models import Role, Sponsor, User
from acts.models import Act
from apprenticeship.models import (
    Apprenticeship,
    RecordEntry,
    Revocation,
    SignOff,
    SkillStanding,
    TakeBackRequest,
    Terms,
    Verification,
    VerifiedSignOff,
)
from apprenticeship.signoff import AlreadySigned, SignOffLine, sign_off, sign_off_many
from apprenticeship.take_back_asking import ask_take_back
from apprenticeship.takingback import NotStanding, take_back
from apprenticeship.verification import NotWhatWasSeen, verify
from apprenticeship.verifying import verify_record
from competencies.models import Skill
from tests.at_once import at_once
from tests.cast import fresh, line, make_apprenticeship, make_mentorship, make_person, signed, viewer_for

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 52


def codes_of(book: Apprenticeship) -> list[str]:
    skills = Skill.objects.filter(skill_set__version=book.terms.standard_version_id)
    return list(skills.order_by("skill_set__order", "order").values_list("code", flat=True))


def attempt(person: User, signing: SignOffLine) -> SignOff:
    return sign_off(viewer=viewer_for(person), key=str(uuid.uuid4()), line=signing)


@pytest.mark.slow
def test_of_two_mentors_who_sign_the_same_skill_at_once_one_wins_and_the_other_is_told(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    codes, live = codes_of(apprenticeship), dict[str, SignOff]()
    for number in range(ROUNDS):
        code = codes[number % len(codes)]
        seen = line(apprenticeship, code, replaces=live.get(code))
        outcomes = at_once([partial(attempt, mentor, seen), partial(attempt, deputy, seen)])
        won = [outcome for outcome in outcomes if isinstance(outcome, SignOff)]
        told = [outcome for outcome in outcomes if isinstance(outcome, AlreadySigned)]
        assert (len(won), len(told)) == (1, 1), outcomes
        assert told[0].standing == {0: won[0]}
        live[code] = won[0]
    assert list(RecordEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [*range(1, ROUNDS + 1)]
    assert Act.objects.filter(kind="sign_off").count() == ROUNDS
    assert verify_record(apprenticeship).is_intact


def test_ten_taps_with_one_key_are_one_signature_and_one_answer(apprenticeship: Apprenticeship, mentor: User) -> None:
    tap = line(apprenticeship, "1.1")
    outcomes = at_once([lambda: sign_off(viewer=viewer_for(mentor), key="tap", line=tap)] * 10)
    assert set(outcomes) == {SignOff.objects.get()}
    assert (RecordEntry.objects.count(), Act.objects.filter(kind="sign_off").count()) == (1, 1)


def test_a_signature_is_taken_back_once_however_many_try(
    apprenticeship: Apprenticeship, mentor: User, administrator: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor)

    def take(by: User) -> Revocation:
        again = SignOff.objects.get(pk=made.pk)
        viewer, key = viewer_for(by), str(uuid.uuid4())
        return take_back(viewer=viewer, key=key, sign_off=again, kind="no_longer_stands", reason="Seen otherwise.")

    outcomes = at_once([lambda: take(mentor), lambda: take(administrator), lambda: take(coordinator)])
    assert sum(isinstance(outcome, NotStanding) for outcome in outcomes) == 2, outcomes
    assert Revocation.objects.count() == 1


def test_signing_again_and_taking_back_at_once_leave_one_of_both(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    made = signed(apprenticeship, mentor, level="in-training")
    better = line(apprenticeship, "1.1", replaces=made)
    outcomes = at_once(
        [
            lambda: attempt(deputy, better),
            lambda: take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind="mistake"),
        ]
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, AlreadySigned | NotStanding)]
    assert len(refused) == 1, outcomes
    assert RecordEntry.objects.count() == 2
    assert verify_record(apprenticeship).is_intact


@pytest.mark.slow
def test_acts_on_two_books_in_opposite_order_do_not_wait_for_each_other(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, sponsor: Sponsor, terms: Terms
) -> None:
    twin = make_apprenticeship(make_person("Tom Twin", Role.APPRENTICE, sponsor=sponsor), terms)
    for person in (mentor, deputy):
        make_mentorship(twin, person)
    codes = codes_of(apprenticeship)[:40]
    for one, other in zip(codes[::2], codes[1::2], strict=True):
        forth = [line(apprenticeship, one), line(twin, one)]
        back = [line(twin, other), line(apprenticeship, other)]
        forward = partial(sign_off_many, viewer=viewer_for(mentor), key=f"forth {one}", lines=forth)
        backward = partial(sign_off_many, viewer=viewer_for(deputy), key=f"back {other}", lines=back)
        outcomes = at_once([forward, backward])
        assert [type(outcome) for outcome in outcomes] == [list, list], outcomes
    assert SkillStanding.objects.filter(attained=True).count() == 2 * len(codes)
    for verdict in (verify_record(apprenticeship), verify_record(twin)):
        assert (verdict.entries, verdict.is_intact) == (len(codes), True)


def test_verifying_and_signing_again_at_once_leave_a_verification_of_what_was_seen(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor, "11.1")
    skill_set, again = made.skill.skill_set, line(apprenticeship, "11.1", replaces=made)
    book = fresh(apprenticeship)
    outcomes = at_once(
        [
            lambda: attempt(mentor, again),
            lambda: verify(
                viewer=viewer_for(coordinator), key="v", apprenticeship=book, skill_set=skill_set, seen=[made.pk]
            ),
        ]
    )
    assert isinstance(outcomes[0], SignOff), outcomes
    assert isinstance(outcomes[1], Verification | NotWhatWasSeen), outcomes
    assert [cover.sign_off for cover in VerifiedSignOff.objects.all()] in ([], [made])
    assert verify_record(apprenticeship).is_intact


def test_of_two_coordinators_who_grant_a_taking_back_at_once_one_does(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User, administrator: User
) -> None:
    made = signed(apprenticeship, mentor)
    ask_take_back(viewer=viewer_for(deputy), key="a", sign_off=made, reason="Another order.")

    def grant(by: User) -> Revocation:
        again, viewer = SignOff.objects.get(pk=made.pk), viewer_for(by)
        return take_back(viewer=viewer, key="g", sign_off=again, kind="no_longer_stands", reason="Another order.")

    outcomes = at_once([lambda: grant(coordinator), lambda: grant(administrator)])
    assert sum(isinstance(outcome, NotStanding) for outcome in outcomes) == 1, outcomes
    assert TakeBackRequest.objects.get().revocation == Revocation.objects.get()
