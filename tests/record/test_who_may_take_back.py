"""Signers end what they signed for a while, coordinators at any time; a mentor asks a coordinator for the rest."""

from datetime import date, timedelta

import pytest
from django.db import connection

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from acts.acting import KeyReused
from acts.guards import lifted
from acts.models import OutboxMessage
from apprenticeship.models import Apprenticeship, Revocation, SignOff, TakeBackRequest, Terms
from apprenticeship.take_back_asking import (
    AlreadyAsked,
    CannotBeTakenBack,
    NotWaiting,
    TakeBackAskInvalid,
    ask_take_back,
    decline_take_back,
)
from apprenticeship.take_back_rights import NotYours, rights_of, take_back_days
from apprenticeship.takingback import (
    NotStanding,
    TakeBackInvalid,
    TakeBackTimeOver,
    UndoTimeOver,
    take_back,
    take_back_many,
)
from apprenticeship.verifying import verify_record
from tests.cast import NOW, make_person, signed, viewer_for

DAY = timedelta(days=1)


def end(by: User, sign_off: SignOff, *, after: timedelta = timedelta(0), key: str = "e") -> Revocation:
    """Say that it no longer stands, so long after NOW."""
    viewer = viewer_for(by, NOW + after)
    return take_back(viewer=viewer, key=key, sign_off=sign_off, kind="no_longer_stands", reason="Seen otherwise.")


def ask(by: User, sign_off: SignOff, *, reason: str = "It was another order.", key: str = "a") -> TakeBackRequest:
    return ask_take_back(viewer=viewer_for(by), key=key, sign_off=sign_off, reason=reason)


def decline(by: User, asked: TakeBackRequest, *, answer: str = "I saw it myself.", key: str = "d") -> TakeBackRequest:
    return decline_take_back(viewer=viewer_for(by), key=key, asked=asked, answer=answer)


@pytest.mark.parametrize(("after", "may"), [(30 * DAY, True), (31 * DAY, False)])
def test_signers_end_what_they_signed_for_thirty_days(
    after: timedelta, may: bool, apprenticeship: Apprenticeship, mentor: User
) -> None:
    made = signed(apprenticeship, mentor)
    assert rights_of(viewer_for(mentor, NOW + after), made).end is may
    if may:
        assert end(mentor, made, after=after).by == mentor
    else:
        with pytest.raises(TakeBackTimeOver):
            end(mentor, made, after=after)
        assert not Revocation.objects.exists()


def test_the_terms_name_another_number_of_days(apprenticeship: Apprenticeship, mentor: User) -> None:
    with lifted(connection):
        Terms.objects.update(signing_limits={"take_back_days": 2})
    made = signed(apprenticeship, mentor)
    assert rights_of(viewer_for(mentor), made).last_day == date(2026, 3, 4)
    with pytest.raises(TakeBackTimeOver):
        end(mentor, made, after=3 * DAY)


@pytest.mark.parametrize(("limits", "days"), [({}, 30), ({"take_back_days": 0}, 0), ({"take_back_days": "x"}, 30)])
def test_a_number_that_is_none_leaves_the_usual_one(limits: dict[str, object], days: int) -> None:
    assert take_back_days(Terms(signing_limits=limits)) == days


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_those_who_run_the_program_end_it_at_any_time(
    who: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    made = signed(apprenticeship, mentor)
    by = request.getfixturevalue(who)
    assert not rights_of(viewer_for(by), made).undo
    assert end(by, made, after=700 * DAY).by == by


def test_another_mentor_of_the_apprentice_may_only_ask(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    made = signed(apprenticeship, mentor)
    rights = rights_of(viewer_for(deputy), made)
    assert (rights.undo, rights.end, rights.ask) == (False, False, True)
    with pytest.raises(NotYours):
        end(deputy, made)
    assert ask(deputy, made).is_open
    assert OutboxMessage.objects.filter(payload__telling="take_back_wanted").count() == 1


@pytest.mark.parametrize("who", ["auditor", "instructor", "apprentice", "outsider"])
def test_nobody_else_asks_or_declines(
    who: str, apprenticeship: Apprenticeship, mentor: User, deputy: User, request: pytest.FixtureRequest
) -> None:
    made = signed(apprenticeship, mentor)
    by = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        ask(by, made)
    asked = ask(deputy, made)
    with pytest.raises(NotPermitted):
        decline(by, asked)
    assert TakeBackRequest.objects.get().is_open


def test_a_mentor_of_another_apprentice_does_not_ask(
    apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor
) -> None:
    with pytest.raises(NotPermitted):
        ask(make_person("Nora Other", Role.MENTOR, sponsor=sponsor), signed(apprenticeship, mentor))


@pytest.mark.parametrize("who", ["mentor", "coordinator"])
def test_who_may_take_it_back_has_nothing_to_ask(
    who: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(CannotBeTakenBack):
        ask(request.getfixturevalue(who), made)
    assert not TakeBackRequest.objects.exists()


def test_what_stands_no_more_is_not_asked_for(apprenticeship: Apprenticeship, mentor: User, deputy: User) -> None:
    made = signed(apprenticeship, mentor)
    end(mentor, made)
    with pytest.raises(CannotBeTakenBack):
        ask(deputy, made)


def test_one_asking_at_a_time(apprenticeship: Apprenticeship, mentor: User, deputy: User) -> None:
    made = signed(apprenticeship, mentor)
    asked = ask(deputy, made)
    assert ask(deputy, made) == asked
    with pytest.raises(KeyReused):
        ask(deputy, made, reason="Or no.")
    with pytest.raises(AlreadyAsked) as refusal:
        ask(deputy, made, key="b")
    assert refusal.value.asked == asked


@pytest.mark.parametrize("words", ["", " \n ", "n" * 2001, "a\x00b"])
def test_words_are_needed_to_ask_and_to_decline(
    words: str, apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(TakeBackAskInvalid) as refusal:
        ask(deputy, made, reason=words)
    assert refusal.value.field == "reason"
    with pytest.raises(TakeBackAskInvalid) as refusal:
        decline(coordinator, ask(deputy, made), answer=words)
    assert refusal.value.field == "answer"
    assert TakeBackRequest.objects.get().is_open


def test_declining_leaves_the_signature_and_says_why(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User
) -> None:
    asked = ask(deputy, signed(apprenticeship, mentor))
    ended = decline(coordinator, asked)
    assert (ended.state, ended.answer, ended.ended_by, ended.ended_at) == (
        "declined",
        "I saw it myself.",
        coordinator,
        NOW,
    )
    assert OutboxMessage.objects.filter(payload__telling="take_back_declined").count() == 1
    with pytest.raises(NotWaiting):
        decline(coordinator, asked, key="again")
    assert ask(deputy, asked.sign_off, key="b").is_open


@pytest.mark.parametrize("who", ["mentor", "deputy"])
def test_a_mentor_does_not_decline(
    who: str, apprenticeship: Apprenticeship, mentor: User, deputy: User, request: pytest.FixtureRequest
) -> None:
    asked = ask(deputy, signed(apprenticeship, mentor))
    with pytest.raises(NotPermitted):
        decline(request.getfixturevalue(who), asked)


def test_taking_it_back_is_the_answer_whoever_does_it(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User
) -> None:
    for number, by in enumerate((mentor, coordinator)):
        made = signed(apprenticeship, mentor, f"1.{number + 1}")
        asked = ask(deputy, made, key=str(number))
        taken = end(by, made, key=str(number))
        asked.refresh_from_db()
        assert (asked.state, asked.revocation, asked.ended_by) == ("granted", taken, by)
        with pytest.raises(NotWaiting):
            decline(coordinator, asked, key=f"no {number}")


def test_an_asking_waits_unseen_while_something_newer_stands(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    made = signed(apprenticeship, mentor)
    ask(deputy, made)
    newer = signed(apprenticeship, mentor, replaces=made)
    assert not TakeBackRequest.objects.waiting().exists()
    take_back(viewer=viewer_for(mentor), key="u", sign_off=newer, kind="mistake")
    assert TakeBackRequest.objects.waiting().count() == 1


def test_several_are_undone_in_one_act_with_an_entry_each(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = [signed(apprenticeship, mentor, code) for code in ("4.2", "4.3", "1.1")]
    taken = take_back_many(viewer=viewer_for(mentor), key="u", sign_offs=made, kind="mistake")
    assert [revocation.sign_off for revocation in taken] == made
    assert len({revocation.entry.act_id for revocation in taken}) == 1
    assert apprenticeship.standings.filter(sign_off=None, revocation=None).count() == 3
    assert OutboxMessage.objects.filter(payload__telling="taken_back").count() == 1
    assert take_back_many(viewer=viewer_for(mentor), key="u", sign_offs=made, kind="mistake") == taken
    assert verify_record(apprenticeship).is_intact


def test_several_are_undone_or_none(apprenticeship: Apprenticeship, mentor: User, deputy: User) -> None:
    old = signed(apprenticeship, mentor, "1.1", at=NOW - timedelta(hours=1))
    made = signed(apprenticeship, mentor, "1.2")
    other = signed(apprenticeship, deputy, "1.3")
    for several, refusal in (([made, old], UndoTimeOver), ([made, other], NotPermitted), ([], TakeBackInvalid)):
        with pytest.raises(refusal):
            take_back_many(viewer=viewer_for(mentor), key="u", sign_offs=several, kind="mistake")
    signed(apprenticeship, mentor, "1.1", replaces=old)
    with pytest.raises(NotStanding) as gone:
        take_back_many(viewer=viewer_for(mentor), key="u", sign_offs=[made, old], kind="mistake")
    assert gone.value.sign_offs == [old]
    assert not Revocation.objects.exists()


def test_one_reason_is_sealed_once_for_each(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = [signed(apprenticeship, mentor, code) for code in ("1.1", "1.2")]
    taken = take_back_many(
        viewer=viewer_for(mentor), key="u", sign_offs=made, kind="no_longer_stands", reason="Out of practice."
    )
    assert len({revocation.reason_id for revocation in taken}) == 2
    assert {revocation.reason.text for revocation in taken if revocation.reason} == {"Out of practice."}
