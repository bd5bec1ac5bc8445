"""An apprentice asks for sign-offs: what becomes of it, and what cannot be asked for."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from acts.models import Act
from apprenticeship.asking import AskInvalid, AskLine, CannotBeAsked, ask, obstacles, withdraw
from apprenticeship.conversation import NotUnderWay
from apprenticeship.models import (
    Apprenticeship,
    AskState,
    RecordEntry,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
    SignOffRequest,
)
from competencies.models import Skill, StandardVersion
from tests.cast import NOW, STARTS_ON, TODAY, asked, fresh, level_of, signed, skill_of, viewer_for

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def asking(book: Apprenticeship, who: User, *lines: AskLine, key: str = "k", comment: str = "") -> list[RequestedSkill]:
    return ask(viewer=viewer_for(who), key=key, apprenticeship=fresh(book), lines=lines, comment=comment)


def one(book: Apprenticeship, code: str = "1.1", **changed: Any) -> AskLine:
    return AskLine(**{"skill": skill_of(book, code), "done_on": TODAY, **changed})


def told(row: RequestedSkill) -> list[tuple[str, str]]:
    return list(row.events.in_order().values_list("kind", "comment"))


def test_several_skills_are_asked_for_at_once(apprenticeship: Apprenticeship, apprentice: User, mentor: User) -> None:
    first = one(apprenticeship, "1.1", done_with=mentor, level=level_of(skill_of(apprenticeship, "1.1")))
    rows = asking(apprenticeship, apprentice, first, one(apprenticeship, "2.1"), comment=" With the new printer. ")
    request = SignOffRequest.objects.get()
    assert (request.asked_by, request.asked_at, request.comment) == (apprentice, NOW, "With the new printer.")
    assert [(row.skill.code, row.state, row.asked_at) for row in rows] == [("1.1", "open", NOW), ("2.1", "open", NOW)]
    assert (rows[0].done_on, rows[0].done_with, rows[1].done_with) == (TODAY, mentor, None)
    assert told(rows[0]) == [("asked", "")]


def test_asking_writes_no_entry_into_the_book(apprenticeship: Apprenticeship) -> None:
    asked(apprenticeship)
    assert not RecordEntry.objects.exists()


def test_the_same_key_asks_once_and_another_list_under_it_is_refused(
    apprenticeship: Apprenticeship, apprentice: User
) -> None:
    first = asking(apprenticeship, apprentice, one(apprenticeship))
    assert asking(apprenticeship, apprentice, one(apprenticeship)) == first
    with pytest.raises(KeyReused):
        asking(apprenticeship, apprentice, one(apprenticeship, "2.1"))
    assert RequestEvent.objects.count() == 1


@pytest.mark.parametrize(
    "who", ["mentor", "deputy", "coordinator", "administrator", "auditor", "instructor", "outsider"]
)
def test_nobody_asks_for_somebody_else(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str
) -> None:
    with pytest.raises(NotPermitted):
        asking(apprenticeship, request.getfixturevalue(who), one(apprenticeship))
    assert (SignOffRequest.objects.count(), Act.objects.filter(kind="ask").count()) == (0, 0)


@pytest.mark.parametrize("who", ["mentor", "coordinator", "auditor"])
def test_nobody_withdraws_for_somebody_else(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str
) -> None:
    (row,) = asked(apprenticeship)
    with pytest.raises(NotPermitted):
        withdraw(viewer=viewer_for(request.getfixturevalue(who)), key="w", asked=row)
    row.refresh_from_db()
    assert row.state == AskState.OPEN


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "done_on", "in the future"),
        ({"done_on": STARTS_ON - timedelta(days=1)}, "done_on", "before your apprenticeship began"),
    ],
)
def test_a_wrong_day_is_refused(
    apprenticeship: Apprenticeship, apprentice: User, changed: dict[str, date], field: str, words: str
) -> None:
    with pytest.raises(AskInvalid, match=words) as refusal:
        asking(apprenticeship, apprentice, one(apprenticeship), one(apprenticeship, "2.1", **changed))
    assert [(p.line, p.field) for p in refusal.value.problems] == [(1, field)]
    assert not RequestedSkill.objects.exists()


@pytest.mark.parametrize(
    ("comment", "words"), [("x" * 2001, "too long"), ("a\x00b", "cannot be kept"), ("\ud800", "cannot be kept")]
)
def test_a_comment_that_cannot_be_kept_is_refused(
    apprenticeship: Apprenticeship, apprentice: User, comment: str, words: str
) -> None:
    with pytest.raises(AskInvalid, match=words):
        asking(apprenticeship, apprentice, one(apprenticeship), comment=comment)


def test_nothing_chosen_or_the_same_twice_is_refused(apprenticeship: Apprenticeship, apprentice: User) -> None:
    with pytest.raises(AskInvalid, match="at least one"):
        asking(apprenticeship, apprentice)
    with pytest.raises(AskInvalid, match="in the list twice"):
        asking(apprenticeship, apprentice, one(apprenticeship), one(apprenticeship))


def test_who_was_there_must_be_a_mentor_of_theirs_and_the_level_on_the_scale(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    knowledge = next(s for s in Skill.objects.exclude(scale=skill_of(apprenticeship, "1.1").scale_id))
    wrong = one(apprenticeship, done_with=coordinator, level=level_of(knowledge))
    with pytest.raises(AskInvalid) as refusal:
        asking(apprenticeship, apprentice, wrong)
    assert {problem.field for problem in refusal.value.problems} == {"done_with", "level"}


def test_a_skill_of_another_standard_is_refused(
    apprenticeship: Apprenticeship, apprentice: User, standard_version: StandardVersion
) -> None:
    line = one(apprenticeship)
    line.skill.skill_set.version_id = apprenticeship.pk
    with pytest.raises(AskInvalid, match="not part of the standard"):
        asking(apprenticeship, apprentice, line)


def test_what_waits_already_cannot_be_asked_for_and_the_others_are_not_asked_either(
    apprenticeship: Apprenticeship, apprentice: User
) -> None:
    asked(apprenticeship, "1.1")
    with pytest.raises(CannotBeAsked, match="waits for an answer") as refusal:
        asking(apprenticeship, apprentice, one(apprenticeship, "2.1"), one(apprenticeship, "1.1"))
    assert list(refusal.value.reasons) == [1]
    assert RequestedSkill.objects.count() == 1


def test_the_highest_level_cannot_be_asked_for_until_it_is_due_again(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(CannotBeAsked, match="highest level"):
        asking(apprenticeship, apprentice, one(apprenticeship))
    made.standing.due_on = TODAY
    made.standing.save(update_fields=["due_on"])
    assert asking(apprenticeship, apprentice, one(apprenticeship))[0].state == AskState.OPEN


def test_a_higher_level_can_be_asked_for(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, level="in-training")
    assert asked(apprenticeship)[0].state == AskState.OPEN
    viewer = viewer_for(apprenticeship.apprentice)
    assert list(obstacles(fresh(apprenticeship), viewer=viewer)) == [skill_of(apprenticeship, "1.1").pk]


def test_withdrawing_ends_it_and_it_can_be_asked_anew(apprenticeship: Apprenticeship, apprentice: User) -> None:
    (row,) = asked(apprenticeship)
    ended = withdraw(viewer=viewer_for(apprentice, LATER), key="w", asked=row)
    assert withdraw(viewer=viewer_for(apprentice, LATER), key="w", asked=row) == ended
    assert (ended.state, ended.ended_at, ended.ended_by) == (AskState.WITHDRAWN, LATER, apprentice)
    assert [kind for kind, _words in told(row)] == ["asked", "withdrawn"]
    assert asked(apprenticeship)[0].pk != row.pk


def test_what_has_ended_cannot_be_withdrawn(apprenticeship: Apprenticeship, apprentice: User, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    signed(apprenticeship, mentor)
    with pytest.raises(NotUnderWay) as refusal:
        withdraw(viewer=viewer_for(apprentice), key="w", asked=row)
    assert refusal.value.asked[0].state == AskState.ANSWERED


def test_the_database_keeps_a_second_asking_and_a_blank_end_out(apprenticeship: Apprenticeship) -> None:
    (row,) = asked(apprenticeship)
    again = RequestedSkill(
        request=SignOffRequest.objects.create(
            apprenticeship=apprenticeship,
            asked_by=apprenticeship.apprentice,
            asked_at=NOW,
            act=row.request.act,
        ),
        apprenticeship=apprenticeship,
        skill=row.skill,
        asked_at=NOW,
        done_on=TODAY,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestedSkill.objects.filter(pk=row.pk).update(state=AskState.WITHDRAWN)
    event = RequestEvent(requested_skill=row, kind=RequestEventKind.SENT_BACK, by=again.request.asked_by, at=NOW)
    event.act = row.request.act
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
