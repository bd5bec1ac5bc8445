"""Apprentices get their mentors, one or many in one act; what cannot be is refused in words and changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent, OutboxMessage
from apprenticeship.mentoring import MentoringConflict, MentoringInvalid, MentorLine
from apprenticeship.models import Apprenticeship, Mentorship, Terms
from tests.cast import LONG_AGO, STARTS_ON, TODAY, make_apprenticeship, make_person, signed
from tests.mentors.assigning import DEPUTY, VIEWER, assigned, ended, line, of

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def newcomer(sponsor: Sponsor) -> User:
    return make_person("Nora New", Role.MENTOR, sponsor=sponsor)


def test_who_is_assigned_signs_from_that_day(apprenticeship: Apprenticeship, coordinator: User, newcomer: User) -> None:
    (made,) = assigned(coordinator, line(apprenticeship, newcomer, role=DEPUTY, qualification=" CPhT-Adv "))
    assert (made.role, made.since, made.until, made.qualification) == ("deputy", TODAY, None, "CPhT-Adv")
    signed(apprenticeship, newcomer)
    event = AuditEvent.objects.get(kind="mentors_assigned")
    assert (event.actor_id, event.data) == (coordinator.pk, {"mentorships": [str(made.pk)]})


def test_the_qualification_is_that_of_their_other_apprentices_unless_it_is_given(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User, terms: Terms, sponsor: Sponsor
) -> None:
    other = make_apprenticeship(make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor), terms)
    assert assigned(coordinator, line(other, mentor))[0].qualification == "CPhT"


REFUSED = {
    "the end before the beginning": ("until", {"until": TODAY}, "The end must be after the beginning."),
    "not a mentor then": ("mentor", {"since": LONG_AGO - timedelta(days=1)}, "does not hold the role of a mentor"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_lines_are_refused_in_words(
    case: str, apprenticeship: Apprenticeship, coordinator: User, newcomer: User
) -> None:
    field, given, words = REFUSED[case]
    with pytest.raises(MentoringInvalid) as refusal:
        assigned(coordinator, line(apprenticeship, newcomer, role=VIEWER, **given))
    assert [name for name, _words in refusal.value.problems] == [field]
    assert words in refusal.value.problems[0][1]
    assert (len(of(apprenticeship)), OutboxMessage.objects.count()) == (2, 0)


@pytest.mark.parametrize("who", ["apprentice", "instructor"])
def test_only_who_holds_the_role_becomes_a_mentor_and_nobody_their_own(
    who: str, apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    if who == "apprentice":
        Membership.objects.create(user=person, sponsor=sponsor, role=Role.MENTOR, since=LONG_AGO)
    with pytest.raises(MentoringInvalid):
        assigned(coordinator, line(apprenticeship, person, role=DEPUTY))
    assert len(of(apprenticeship)) == 2


def test_two_at_the_same_time_are_refused(
    apprenticeship: Apprenticeship, coordinator: User, newcomer: User, mentor: User
) -> None:
    with pytest.raises(MentoringConflict, match="has a primary mentor in that time, Maria Alvarez"):
        assigned(coordinator, line(apprenticeship, newcomer))
    with pytest.raises(MentoringConflict, match="is a mentor of Rosa Diaz in that time already"):
        assigned(coordinator, line(apprenticeship, mentor, role=VIEWER))
    twice = line(apprenticeship, newcomer, role=DEPUTY)
    with pytest.raises(MentoringConflict):
        assigned(coordinator, twice, line(apprenticeship, newcomer, TOMORROW, role=VIEWER))
    assert len(of(apprenticeship)) == 2


def test_one_follows_the_other_without_a_gap(
    apprenticeship: Apprenticeship, coordinator: User, newcomer: User, mentor: User
) -> None:
    ended(coordinator, Mentorship.objects.get(mentor=mentor), on=TOMORROW)
    assigned(coordinator, line(apprenticeship, newcomer, TOMORROW))
    primary = [row for row in of(apprenticeship) if row[1] == "primary"]
    assert primary == [
        ("Maria Alvarez", "primary", STARTS_ON, TOMORROW),
        ("Nora New", "primary", TOMORROW, None),
    ]


@pytest.mark.parametrize("who", ["mentor", "deputy", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_may(
    who: str, apprenticeship: Apprenticeship, newcomer: User, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        assigned(by, line(apprenticeship, newcomer, role=VIEWER))
    with pytest.raises(NotPermitted):
        ended(by, *Mentorship.objects.filter(apprenticeship=apprenticeship))


def test_the_same_key_assigns_once(apprenticeship: Apprenticeship, administrator: User, newcomer: User) -> None:
    first = assigned(administrator, line(apprenticeship, newcomer, role=VIEWER), key="once")
    assert assigned(administrator, line(apprenticeship, newcomer, role=VIEWER), key="once") == first
    with pytest.raises(KeyReused):
        assigned(administrator, line(apprenticeship, newcomer, role=DEPUTY), key="once")
    assert (len(of(apprenticeship)), AuditEvent.objects.filter(kind="mentors_assigned").count()) == (3, 1)


def test_many_cost_as_many_statements_as_a_few(terms: Terms, coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    def lines(names: list[str]) -> list[MentorLine]:
        people = [make_person(name, Role.APPRENTICE, sponsor=sponsor) for name in names]
        return [line(make_apprenticeship(person, terms), mentor) for person in people]

    first, few, many = lines(["W", "X"]), lines(["A", "B"]), lines([f"P{number}" for number in range(12)])
    assigned(coordinator, *first)  # what the process remembers afterwards
    numbers = []
    for wanted in (few, many):
        with CaptureQueriesContext(connection) as captured:
            assigned(coordinator, *wanted)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 16
