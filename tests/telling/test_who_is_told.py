"""Who is told of what: all who may sign, the apprentice, the coordinators; never anybody else."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Membership, Notice, Role, Sponsor, User
from accounts.notices import kind_of
from acts.models import OutboxMessage
from apprenticeship.agreeing import agree, disagree
from apprenticeship.announcing import Telling, announce
from apprenticeship.answering import send_back
from apprenticeship.asking import AskLine, ask, withdraw
from apprenticeship.disagreements import answer_disagreement
from apprenticeship.models import (
    AnswerOutcome,
    Apprenticeship,
    AskKind,
    Mentorship,
    MentorshipRole,
    RevocationKind,
    Terms,
)
from apprenticeship.take_back_asking import ask_take_back, decline_take_back
from apprenticeship.takingback import take_back, take_back_many
from apprenticeship.telling import tell
from competencies.models import Skill
from tests.cast import (
    NOW,
    TODAY,
    asked,
    fresh,
    make_apprenticeship,
    make_mentorship,
    make_person,
    signed,
    skill_of,
    viewer_for,
)
from tests.telling.delivering import notices, told

pytestmark = pytest.mark.django_db


def test_primary_and_deputy_are_told_of_an_asking_alike(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User
) -> None:
    asked(apprenticeship, "1.1", "1.2")
    told()
    assert (notices(mentor), notices(deputy), notices(coordinator)) == (["asked"], ["asked"], [])
    assert [row[1] for row in Notice.objects.get(person=deputy).data["rows"]] == ["1.1", "1.2"]


def test_nobody_else_is_told(
    apprenticeship: Apprenticeship, sponsor: Sponsor, outsider: User, administrator: User, auditor: User
) -> None:
    onlooker = make_person("Olga Looker", Role.MENTOR, sponsor=sponsor)
    make_mentorship(apprenticeship, onlooker, role=MentorshipRole.VIEWER)
    stranger = make_person("Stella Other", Role.MENTOR, sponsor=sponsor)
    asked(apprenticeship)
    told()
    assert [notices(p) for p in (outsider, administrator, auditor, onlooker, stranger)] == [[]] * 5
    assert notices(apprenticeship.apprentice) == []


def test_who_became_mentor_after_the_asking_and_before_the_delivery_is_told(
    apprenticeship: Apprenticeship, sponsor: Sponsor, mentor: User
) -> None:
    asked(apprenticeship)
    Mentorship.objects.filter(mentor=mentor).update(until=TODAY)
    late = make_person("Lara Late", Role.MENTOR, sponsor=sponsor)
    make_mentorship(apprenticeship, late)
    told()
    assert (notices(mentor), notices(late)) == ([], ["asked"])


def test_a_mentor_is_told_only_of_the_tracks_they_may_sign(
    apprenticeship: Apprenticeship, deputy: User, mentor: User
) -> None:
    tracked = Skill.objects.exclude(skill_set__role_track="").order_by("skill_set__order", "order").first()
    assert tracked
    Mentorship.objects.filter(mentor=deputy).update(role_tracks=["Some other track"])
    asked(apprenticeship, "1.1", tracked.code)
    told()
    rows = {n.person_id: [row[1] for row in n.data["rows"]] for n in Notice.objects.all()}
    assert rows == {mentor.pk: ["1.1", tracked.code], deputy.pk: ["1.1"]}


def test_a_request_that_nobody_may_answer_alerts_the_coordinator(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    Mentorship.objects.update(until=TODAY)
    asked(apprenticeship)
    told()
    assert notices(coordinator) == ["nobody_may_answer"]


def test_without_a_coordinator_the_administrator_is_alerted(
    apprenticeship: Apprenticeship, administrator: User
) -> None:
    Membership.objects.filter(role=Role.MENTOR).update(until=TODAY)
    asked(apprenticeship)
    told()
    assert notices(administrator) == ["nobody_may_answer"]


def test_the_apprentice_is_told_of_a_signature_and_the_asking_is_over(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    asked(apprenticeship)
    told()
    signed(apprenticeship, mentor)
    told()
    assert notices(apprenticeship.apprentice) == ["signed"]
    assert (notices(mentor), notices(deputy)) == ([], [])
    assert Notice.objects.get(person=deputy).over_at == NOW


def test_what_was_answered_in_part_still_waits_with_the_rest(apprenticeship: Apprenticeship, mentor: User) -> None:
    asked(apprenticeship, "1.1", "1.2")
    told()
    signed(apprenticeship, mentor)
    told()
    assert [row[1] for row in Notice.objects.get(person=mentor).data["rows"]] == ["1.2"]


def test_what_was_sent_back_is_told_until_it_is_asked_again(apprenticeship: Apprenticeship, mentor: User) -> None:
    rows = asked(apprenticeship)
    send_back(viewer=viewer_for(mentor), key="s", asked=rows, comment="Show me the log")
    told()
    assert notices(apprenticeship.apprentice) == ["sent_back"]
    asked(apprenticeship)
    told()
    assert notices(apprenticeship.apprentice) == []


def test_withdrawing_is_told_only_to_who_had_seen_the_asking(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    rows = asked(apprenticeship)
    told()
    Notice.objects.filter(person=mentor).update(read_at=NOW)
    withdraw(viewer=viewer_for(apprenticeship.apprentice), key="w", asked=rows[0])
    told()
    assert (notices(mentor), notices(deputy)) == (["withdrawn"], [])


def test_an_undone_mistake_was_never_told_to_who_had_not_seen_it(apprenticeship: Apprenticeship, mentor: User) -> None:
    asked(apprenticeship)
    made = signed(apprenticeship, mentor)
    told()
    take_back(viewer=viewer_for(mentor), key="u", sign_off=made, kind=RevocationKind.MISTAKE)
    told()
    assert notices(apprenticeship.apprentice) == []
    assert notices(mentor) == ["asked"]


def test_who_had_seen_a_mistake_is_told_that_it_was_one(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor)
    told()
    Notice.objects.update(read_at=NOW)
    take_back(viewer=viewer_for(mentor), key="u", sign_off=made, kind=RevocationKind.MISTAKE)
    told()
    assert notices(apprenticeship.apprentice) == ["taken_back"]


def test_who_signed_is_told_when_somebody_else_takes_it_back(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor)
    kind = RevocationKind.NO_LONGER_STANDS
    take_back(viewer=viewer_for(coordinator), key="t", sign_off=made, kind=kind, reason="The log was missing")
    told()
    assert (notices(mentor), sorted(notices(apprenticeship.apprentice))) == (["taken_back"], ["signed", "taken_back"])
    assert "log" not in str(Notice.objects.filter(kind="taken_back").values_list("data", flat=True))


def test_what_needs_an_ok_is_told_as_that(terms: Terms, apprentice: User, mentor: User) -> None:
    Terms.objects.update(additions={"1.1": {"counter_signature": True}})
    book = make_apprenticeship(apprentice, Terms.objects.get())
    make_mentorship(book, mentor)
    signed(book, mentor)
    signed(book, mentor, "1.2")
    told()
    assert sorted(notices(apprentice)) == ["ok_wanted", "signed"]


@pytest.mark.parametrize(
    ("telling", "who"),
    [
        (Telling.DISAGREED, ["coordinator", "mentor"]),
        (Telling.DISAGREEMENT_ANSWERED, ["apprentice", "mentor"]),
        (Telling.OK_WANTED, ["apprentice"]),
        (Telling.VERIFIED, ["apprentice"]),
        (Telling.STATUS_CHANGED, ["apprentice"]),
    ],
)
def test_every_other_kind_has_its_readers(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, outsider: User, telling: Telling, who: list[str]
) -> None:
    made = signed(apprenticeship, mentor)
    OutboxMessage.objects.all().delete()
    announce(telling, act=None, viewer=viewer_for(None), books=[apprenticeship.pk], sign_offs=[made.pk])
    told()
    names = {coordinator.pk: "coordinator", mentor.pk: "mentor", apprenticeship.apprentice_id: "apprentice"}
    assert sorted(names[n.person_id] for n in Notice.objects.filter(kind=telling)) == who


def test_a_disagreement_waits_with_the_coordinator_until_it_is_answered(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor)
    word = disagree(viewer=viewer_for(apprenticeship.apprentice), key="d", sign_off=made, reason="I was not there")
    told()
    assert (notices(coordinator), notices(mentor)) == (["disagreed"], ["disagreed"])
    answer = {"outcome": AnswerOutcome.STANDS, "words": "The log says so"}
    answer_disagreement(viewer=viewer_for(coordinator), key="a", disagreement=word, **answer)
    told()
    assert (notices(coordinator), notices(mentor)) == ([], ["disagreement_answered"])
    assert sorted(notices(apprenticeship.apprentice)) == ["disagreement_answered", "signed"]


def test_an_ok_that_was_given_waits_no_longer(terms: Terms, apprentice: User, mentor: User) -> None:
    Terms.objects.update(additions={"1.1": {"counter_signature": True}})
    book = make_apprenticeship(apprentice, Terms.objects.get())
    make_mentorship(book, mentor)
    made = signed(book, mentor)
    told()
    agree(viewer=viewer_for(apprentice), key="a", sign_offs=[made])
    told()
    assert notices(apprentice) == []


def test_taking_back_is_asked_of_the_coordinator_and_declined_to_the_mentor(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor)
    later = NOW + timedelta(days=90)
    wanted = ask_take_back(viewer=viewer_for(mentor, later), key="t", sign_off=made, reason="It was a dry run")
    told(later)
    assert notices(coordinator) == ["take_back_wanted"]
    notice = Notice.objects.get(person=coordinator)
    assert kind_of(notice.kind).address(notice) == f"/take-backs/{wanted.pk}/"
    decline_take_back(viewer=viewer_for(coordinator, later), key="n", asked=wanted, answer="It was not")
    told(later)
    assert (notices(coordinator), notices(mentor)) == ([], ["take_back_declined"])


def test_what_was_taken_back_together_is_told_together(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = [signed(apprenticeship, mentor, code) for code in ("1.1", "1.2")]
    kind = RevocationKind.NO_LONGER_STANDS
    take_back_many(viewer=viewer_for(coordinator), key="t", sign_offs=made, kind=kind, reason="The log was missing")
    told()
    rows = Notice.objects.get(person=mentor, kind="taken_back").data["rows"]
    assert [row[1] for row in rows] == ["1.1", "1.2"]


def test_credit_is_asked_of_the_coordinator(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> None:
    lines = [AskLine(skill_of(apprenticeship, "1.1"), TODAY)]
    apprentice = viewer_for(apprenticeship.apprentice)
    ask(viewer=apprentice, key="c", apprenticeship=fresh(apprenticeship), lines=lines, kind=AskKind.CREDIT)
    told()
    assert (notices(coordinator), notices(mentor)) == (["credit_asked"], [])


def test_a_message_carried_out_twice_tells_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    asked(apprenticeship)
    message = OutboxMessage.objects.get()
    for _time in range(2):
        tell(message.payload, message_id=message.pk, at=NOW)
    assert notices(mentor) == ["asked"]
    assert OutboxMessage.objects.filter(handler="mail").count() == 2


def test_a_telling_that_nobody_knows_is_refused(apprenticeship: Apprenticeship) -> None:
    with pytest.raises(ValueError, match="gossip"), transaction.atomic():
        tell({"telling": "gossip", "books": []}, message_id=uuid.uuid4(), at=NOW)
