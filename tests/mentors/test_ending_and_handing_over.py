"""Mentorships end and are handed over; who is left with nobody to sign is told to the coordinators."""

from datetime import timedelta

import pytest

from accounts.models import Notice, Role, Sponsor, User
from accounts.notices import kind_of
from acts.models import AuditEvent
from apprenticeship.mentoring import MentoringConflict, MentoringInvalid
from apprenticeship.mentors_shown import without_mentor
from apprenticeship.models import Apprenticeship, Mentorship, Terms
from tests.cast import (
    NOW,
    STARTS_ON,
    TODAY,
    asked,
    make_apprenticeship,
    make_mentorship,
    make_person,
    signed,
    viewer_for,
)
from tests.mentors.assigning import DEPUTY, assigned, ended, handed, line, of
from tests.telling.delivering import notices, told

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def newcomer(sponsor: Sponsor) -> User:
    return make_person("Nora New", Role.MENTOR, sponsor=sponsor)


def held(book: Apprenticeship, person: User) -> Mentorship:
    return Mentorship.objects.get(apprenticeship=book, mentor=person)


def test_from_its_last_day_on_nobody_signs_by_it(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    ended(coordinator, held(apprenticeship, mentor), on=TOMORROW)
    signed(apprenticeship, mentor)
    with pytest.raises(Exception, match="not permitted"):
        signed(apprenticeship, mentor, "1.2", at=NOW + timedelta(days=1))


def test_one_that_has_not_begun_is_never_held(
    apprenticeship: Apprenticeship, coordinator: User, newcomer: User
) -> None:
    (coming,) = assigned(coordinator, line(apprenticeship, newcomer, TOMORROW, role=DEPUTY))
    ended(coordinator, coming)
    assert of(apprenticeship)[-1] == ("Nora New", "deputy", TOMORROW, TOMORROW)
    assigned(coordinator, line(apprenticeship, newcomer, TOMORROW, role=DEPUTY))


def test_an_end_in_the_past_and_a_second_end_are_refused(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    with pytest.raises(MentoringInvalid, match="The day is over"):
        ended(coordinator, held(apprenticeship, mentor), on=TODAY - timedelta(days=1))
    ended(coordinator, held(apprenticeship, mentor))
    with pytest.raises(MentoringConflict, match="until Mar"):
        ended(coordinator, held(apprenticeship, mentor), on=TOMORROW)


def test_handing_over_keeps_role_and_end_and_raises_a_deputy(
    apprenticeship: Apprenticeship, terms: Terms, coordinator: User, mentor: User, deputy: User, sponsor: Sponsor
) -> None:
    other = make_apprenticeship(make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor), terms)
    last = TODAY + timedelta(days=90)
    make_mentorship(other, mentor, role=DEPUTY, until=last)
    handed(coordinator, deputy, *Mentorship.objects.filter(mentor=mentor), on=TOMORROW)
    assert of(other) == [("Maria Alvarez", "deputy", STARTS_ON, TOMORROW), ("Dev Patel", "deputy", TOMORROW, last)]
    assert of(apprenticeship) == [
        ("Dev Patel", "deputy", STARTS_ON, TOMORROW),
        ("Maria Alvarez", "primary", STARTS_ON, TOMORROW),
        ("Dev Patel", "primary", TOMORROW, None),
    ]
    assert {"mentors_assigned", "mentorships_handed_over"} <= set(AuditEvent.objects.values_list("kind", flat=True))


def test_a_primary_mentor_who_takes_over_a_deputy_stays_primary(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User, deputy: User
) -> None:
    handed(coordinator, mentor, held(apprenticeship, deputy))
    assert of(apprenticeship) == [
        ("Dev Patel", "deputy", STARTS_ON, TODAY),
        ("Maria Alvarez", "primary", STARTS_ON, None),
    ]


def test_nobody_hands_over_to_the_apprentice_to_oneself_or_to_who_is_no_mentor(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User, instructor: User
) -> None:
    for to in (apprenticeship.apprentice, mentor, instructor):
        with pytest.raises(MentoringInvalid):
            handed(coordinator, to, held(apprenticeship, mentor))
    assert [row[3] for row in of(apprenticeship)] == [None, None]


def test_what_waits_is_with_whoever_took_over(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User, newcomer: User
) -> None:
    handed(coordinator, newcomer, held(apprenticeship, mentor))
    asked(apprenticeship)
    told()
    assert sorted(notices(newcomer)) == ["asked", "mentoring_begun"]
    assert (notices(mentor), notices(apprenticeship.apprentice)) == (["mentoring_ended"], ["mentors_changed"])
    said = Notice.objects.get(kind="mentors_changed")
    words = "Maria Alvarez, Primary mentor, until Mar 2, 2026; Nora New, Primary mentor, from Mar 2, 2026"
    assert kind_of(said.kind).detail(said.data) == words


def test_the_coordinators_are_told_of_those_left_alone_until_somebody_comes(
    apprenticeship: Apprenticeship, administrator: User, coordinator: User, mentor: User, deputy: User, newcomer: User
) -> None:
    ended(administrator, held(apprenticeship, mentor))
    told()
    assert notices(coordinator) == []
    ended(administrator, held(apprenticeship, deputy))
    told()
    assert notices(coordinator) == ["no_mentor"]
    assert list(without_mentor(viewer_for(coordinator))) == [apprenticeship]
    assigned(administrator, line(apprenticeship, newcomer))
    told()
    assert (notices(coordinator), without_mentor(viewer_for(coordinator)).count()) == ([], 0)
