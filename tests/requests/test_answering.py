"""What was asked is signed, or sent back with a comment; either way the conversation is kept."""

from datetime import timedelta

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, User
from acts.acting import KeyReused
from apprenticeship.answering import SendBackInvalid, may_answer, send_back, signers_of
from apprenticeship.conversation import NotUnderWay
from apprenticeship.models import Apprenticeship, AskState, RequestedSkill
from apprenticeship.signoff import OutsideRoleTrack
from apprenticeship.takingback import take_back
from tests.cast import NOW, TODAY, asked, fresh, make_mentorship, make_person, signed, viewer_for

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)
CLAIMS = "Claims Processing Technician"


def back(who: User, *rows: RequestedSkill, key: str = "b", comment: str = "Show me the log.") -> list[RequestedSkill]:
    """Send `rows` back as the page would: each loaded with its book."""
    loaded = RequestedSkill.objects.select_related("skill__skill_set", "apprenticeship__sponsor")
    return send_back(
        viewer=viewer_for(who, LATER), key=key, asked=[loaded.get(pk=row.pk) for row in rows], comment=comment
    )


def told(row: RequestedSkill) -> list[tuple[str, str]]:
    return list(row.events.in_order().values_list("kind", "comment"))


@pytest.mark.parametrize("who", ["mentor", "deputy", "coordinator"])
def test_some_of_a_request_are_sent_back_with_a_comment(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str
) -> None:
    first, second = asked(apprenticeship, "1.1", "1.2")
    (sent,) = back(request.getfixturevalue(who), first)
    second.refresh_from_db()
    assert (sent.state, second.state) == (AskState.SENT_BACK, AskState.OPEN)
    assert told(first) == [("asked", ""), ("sent_back", "Show me the log.")]


@pytest.mark.parametrize("who", ["apprentice", "administrator", "auditor", "instructor", "outsider"])
def test_others_send_nothing_back(apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str) -> None:
    (row,) = asked(apprenticeship)
    with pytest.raises(NotPermitted):
        back(request.getfixturevalue(who), row)
    row.refresh_from_db()
    assert row.state == AskState.OPEN


def test_a_mentor_of_another_track_sends_nothing_back(apprenticeship: Apprenticeship, mentor: User) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    for_all, claims = asked(apprenticeship, "1.1", "2.1")
    with pytest.raises(OutsideRoleTrack):
        back(mentor, for_all, claims)
    assert back(mentor, for_all)[0].state == AskState.SENT_BACK


def test_a_coordinator_sends_nothing_back_in_their_own_book(apprenticeship: Apprenticeship, apprentice: User) -> None:
    for role in (Role.COORDINATOR, Role.MENTOR):
        Membership.objects.create(user=apprentice, sponsor=apprenticeship.sponsor, role=role, since=TODAY)
    (row,) = asked(apprenticeship)
    with pytest.raises(NotPermitted):
        back(apprentice, row)


@pytest.mark.parametrize(
    ("comment", "words"),
    [(" ", "Say what is missing"), ("x" * 2001, "too long"), ("a\x00b", "cannot be kept")],
)
def test_a_comment_is_needed(apprenticeship: Apprenticeship, mentor: User, comment: str, words: str) -> None:
    (row,) = asked(apprenticeship)
    with pytest.raises(SendBackInvalid, match=words) as refusal:
        back(mentor, row, comment=comment)
    assert refusal.value.field == "comment"


def test_something_must_be_chosen(mentor: User) -> None:
    with pytest.raises(SendBackInvalid, match="at least one"):
        back(mentor)


def test_pressing_twice_sends_back_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    assert back(mentor, row) == back(mentor, row)
    with pytest.raises(KeyReused):
        back(mentor, row, comment="Something else.")
    assert len(told(row)) == 2


def test_what_was_answered_meanwhile_is_not_sent_back(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    first, second = asked(apprenticeship, "1.1", "1.2")
    signed(apprenticeship, deputy, "1.1")
    with pytest.raises(NotUnderWay) as refusal:
        back(mentor, first, second)
    second.refresh_from_db()
    assert [row.pk for row in refusal.value.asked] == [first.pk]
    assert second.state == AskState.OPEN


def test_asking_again_goes_on_with_the_same_conversation(apprenticeship: Apprenticeship, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    back(mentor, row)
    (again,) = asked(apprenticeship, at=LATER, comment="The log is filled in.")
    assert (again.pk, again.state, again.asked_at) == (row.pk, AskState.OPEN, LATER)
    assert told(row) == [("asked", ""), ("sent_back", "Show me the log."), ("asked_again", "The log is filled in.")]


def test_asking_again_beside_a_new_skill_starts_a_request_for_the_new_one_alone(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    (row,) = asked(apprenticeship)
    back(mentor, row)
    again, new = asked(apprenticeship, "1.1", "1.2", at=LATER)
    assert (again.request_id == row.request_id, new.request_id == row.request_id) == (True, False)


def test_a_signature_answers_what_was_asked(apprenticeship: Apprenticeship, mentor: User) -> None:
    first, second = asked(apprenticeship, "1.1", "1.2")
    made = signed(apprenticeship, mentor, "1.1", at=LATER)
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, first.sign_off, first.ended_by, first.ended_at) == (AskState.ANSWERED, made, mentor, LATER)
    assert second.state == AskState.OPEN
    assert [kind for kind, _words in told(first)] == ["asked", "answered"]


def test_a_signature_answers_what_had_been_sent_back_too(apprenticeship: Apprenticeship, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    back(mentor, row)
    signed(apprenticeship, mentor, at=LATER)
    row.refresh_from_db()
    assert row.state == AskState.ANSWERED


def test_a_signature_in_another_book_answers_nothing_here(apprenticeship: Apprenticeship, mentor: User) -> None:
    twin = Apprenticeship.objects.get(pk=apprenticeship.pk)
    twin.pk, twin.apprentice = None, make_person("Tom Twin", Role.APPRENTICE, sponsor=twin.sponsor)
    twin._state.adding = True
    twin.save()
    make_mentorship(twin, mentor)
    (row,) = asked(apprenticeship)
    signed(twin, mentor)
    row.refresh_from_db()
    assert row.state == AskState.OPEN


@pytest.mark.parametrize("sent_back", [False, True])
def test_a_signature_by_mistake_lets_it_wait_again_as_before(
    apprenticeship: Apprenticeship, mentor: User, sent_back: bool
) -> None:
    (row,) = asked(apprenticeship)
    if sent_back:
        back(mentor, row)
    made = signed(apprenticeship, mentor, at=LATER)
    take_back(viewer=viewer_for(mentor, LATER), key="u", sign_off=made, kind="mistake")
    row.refresh_from_db()
    assert (row.state, row.sign_off, row.ended_at) == ("sent_back" if sent_back else "open", None, None)
    assert told(row)[-1] == ("reopened", "")


def test_what_was_asked_anew_goes_on_when_an_older_answer_was_a_mistake(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    (row,) = asked(apprenticeship)
    made = signed(apprenticeship, mentor, level="in-training")
    (anew,) = asked(apprenticeship)
    take_back(viewer=viewer_for(mentor), key="u", sign_off=made, kind="mistake")
    states = dict(RequestedSkill.objects.values_list("pk", "state"))
    assert states == {row.pk: AskState.ANSWERED, anew.pk: AskState.OPEN}


def test_what_no_longer_stands_stays_answered(apprenticeship: Apprenticeship, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    made = signed(apprenticeship, mentor)
    take_back(viewer=viewer_for(mentor), key="u", sign_off=made, kind="no_longer_stands", reason="Out of practice.")
    row.refresh_from_db()
    assert row.state == AskState.ANSWERED


def test_who_may_sign_is_named_primary_mentors_first(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User
) -> None:
    book = fresh(apprenticeship)
    viewer = viewer_for(apprenticeship.apprentice)
    assert signers_of([(book, "")], viewer=viewer) == {(book.pk, ""): ("Maria Alvarez", "Dev Patel")}
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    Membership.objects.filter(user=deputy).update(until=TODAY)
    book = fresh(apprenticeship)
    named = signers_of([(book, ""), (book, CLAIMS)], viewer=viewer)
    assert named == {(book.pk, ""): ("Maria Alvarez",), (book.pk, CLAIMS): ()}
    for_all, claims = asked(apprenticeship, "1.1", "2.1")
    assert may_answer(viewer_for(mentor), for_all)
    assert not may_answer(viewer_for(mentor), claims)
    assert may_answer(viewer_for(coordinator), claims)
