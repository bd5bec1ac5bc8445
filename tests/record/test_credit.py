"""Credit for earlier learning: asked for or not, a coordinator grants it, and it stands in the book as what it is."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, User
from accounts.states import State
from acts.models import OutboxMessage
from apprenticeship.answering import may_answer, send_back
from apprenticeship.asking import CannotBeAsked
from apprenticeship.models import Apprenticeship, AskKind, AskState, Method, RequestedSkill, SignOff, SkillStanding
from apprenticeship.record import read
from apprenticeship.signoff import SignOffInvalid, sign_off, sign_off_many
from apprenticeship.standing import rebuild
from apprenticeship.takingback import take_back
from apprenticeship.verifying import verify_record
from reports.progress import progress_of
from reports.queue import queue_of, waiting_in
from tests.cast import LONG_AGO, NOW, STARTS_ON, TODAY, asked, fresh, line, signed, skill_of, viewer_for

pytestmark = pytest.mark.django_db
BEFORE = STARTS_ON - timedelta(days=400)


def granted(book: Apprenticeship, who: User, code: str = "1.1", *, key: str = "c", **rest: Any) -> SignOff:
    """Credit for the skill `code`, for documents that are older than the apprenticeship."""
    wanted = line(book, code, method=Method.CREDIT, **{"observed_on": BEFORE, **rest})
    return sign_off(viewer=viewer_for(who), key=key, line=wanted)


def test_credit_that_was_asked_for_is_applied_as_it_is_granted(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    (row,) = asked(apprenticeship, kind=AskKind.CREDIT, done_on=BEFORE, comment="My certificate of 2024.")
    made = granted(apprenticeship, coordinator, note="Certificate 4711 seen.")
    row.refresh_from_db()
    standing = SkillStanding.objects.get()
    assert (row.state, row.sign_off, standing.sign_off, standing.attained) == (AskState.ANSWERED, made, made, True)
    entry = read(made.entry)
    assert (entry["by"]["role"], entry["by"]["qualification"]) == ("coordinator", "")
    assert (entry["body"]["method"], entry["body"]["observed_on"]) == ("credit", BEFORE.isoformat())
    assert entry["body"]["meaning"]["text"].startswith("I examined documents of earlier learning")
    assert verify_record(fresh(apprenticeship)).is_intact


def test_credit_shows_as_credit_and_survives_a_rebuild(apprenticeship: Apprenticeship, coordinator: User) -> None:
    granted(apprenticeship, coordinator)
    rebuild(apprenticeship)
    progress = progress_of(fresh(apprenticeship), at=NOW)
    skill = progress.skill(skill_of(apprenticeship, "1.1").pk)
    assert skill
    assert (skill.state, skill.attained, progress.attained) == (State.CREDIT, True, 1)
    signed_over = signed(apprenticeship, apprenticeship.mentorships.all()[0].mentor, replaces=SignOff.objects.get())
    assert signed_over.replaces_id
    again = progress_of(fresh(apprenticeship), at=NOW).skill(skill.skill_id)
    assert again
    assert again.state == State.SIGNED_OFF


def test_credit_below_the_threshold_is_in_training(apprenticeship: Apprenticeship, coordinator: User) -> None:
    made = granted(apprenticeship, coordinator, level="in-training")
    assert read(made.entry)["body"]["meaning"]["text"].endswith("the skill is still being learned.")
    skill = progress_of(fresh(apprenticeship), at=NOW).skill(made.skill_id)
    assert skill
    assert skill.state == State.IN_TRAINING


def test_a_coordinator_grants_without_being_asked(apprenticeship: Apprenticeship, coordinator: User) -> None:
    lines = [line(apprenticeship, code, method=Method.CREDIT, observed_on=BEFORE) for code in ("1.1", "2.1")]
    made = sign_off_many(viewer=viewer_for(coordinator), key="c", lines=lines)
    assert [row.method for row in made] == ["credit", "credit"]
    assert OutboxMessage.objects.get(act=made[0].entry.act).payload["telling"] == "credit_granted"


@pytest.mark.parametrize(
    "who", ["mentor", "deputy", "administrator", "instructor", "apprentice", "auditor", "outsider"]
)
def test_nobody_else_grants_credit(apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotPermitted):
        granted(apprenticeship, request.getfixturevalue(who))
    assert not SignOff.objects.exists()


def test_a_coordinator_signs_no_work_and_no_credit_in_their_own_book(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    Membership.objects.create(user=apprentice, sponsor=apprenticeship.sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        granted(apprenticeship, apprentice)
    with pytest.raises(NotPermitted):
        sign_off(viewer=viewer_for(coordinator), key="s", line=line(apprenticeship))


def test_a_date_to_come_is_refused(apprenticeship: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(SignOffInvalid, match="in the future"):
        granted(apprenticeship, coordinator, observed_on=TODAY + timedelta(days=1))


def test_credit_waits_with_the_coordinator_and_not_in_a_mentors_queue(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    asked(apprenticeship, kind=AskKind.CREDIT, done_on=BEFORE)
    assert queue_of(viewer_for(mentor)) == ()
    assert [w.apprenticeship for w in waiting_in(viewer_for(coordinator))] == [apprenticeship]


def test_a_coordinator_declines_with_words_and_a_mentor_cannot(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    (row,) = asked(apprenticeship, kind=AskKind.CREDIT, done_on=BEFORE)
    row = RequestedSkill.objects.select_related("skill__skill_set", "apprenticeship__sponsor").get(pk=row.pk)
    assert not may_answer(viewer_for(mentor), row)
    with pytest.raises(NotPermitted):
        send_back(viewer=viewer_for(mentor), key="b", asked=[row], comment="No.")
    (sent,) = send_back(viewer=viewer_for(coordinator), key="b", asked=[row], comment="The page is unreadable.")
    assert sent.state == AskState.SENT_BACK
    (again,) = asked(apprenticeship, comment="Then let me show it.")
    assert (again.pk, again.kind) == (row.pk, AskKind.SIGN_OFF)


def test_what_is_attained_needs_no_credit(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor)
    with pytest.raises(CannotBeAsked, match="credit would add nothing"):
        asked(apprenticeship, kind=AskKind.CREDIT, done_on=BEFORE)


def test_credit_that_was_a_mistake_waits_again(apprenticeship: Apprenticeship, coordinator: User) -> None:
    (row,) = asked(apprenticeship, kind=AskKind.CREDIT, done_on=date(2024, 5, 1))
    made = granted(apprenticeship, coordinator)
    take_back(viewer=viewer_for(coordinator), key="u", sign_off=made, kind="mistake")
    row.refresh_from_db()
    assert (row.state, row.kind) == (AskState.OPEN, AskKind.CREDIT)
