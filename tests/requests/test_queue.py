"""What waits for whom: the mentor's queue and the coordinator's overview."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Terms
from reports.queue import Waiting, queue_of, waiting_in
from tests.cast import NOW, TODAY, asked, make_apprenticeship, make_mentorship, make_person, signed, viewer_for

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def codes(waiting: tuple[Waiting, ...]) -> list[list[str]]:
    return [[row.skill.code for row in each.skills] for each in waiting]


@pytest.fixture
def twin(sponsor: Sponsor, terms: Terms, mentor: User) -> Apprenticeship:
    """Another apprentice of the same mentor, without a deputy."""
    book = make_apprenticeship(make_person("Tom Twin", Role.APPRENTICE, sponsor=sponsor), terms)
    make_mentorship(book, mentor)
    return book


def test_a_mentor_sees_what_waits_the_oldest_first(
    apprenticeship: Apprenticeship, twin: Apprenticeship, mentor: User, deputy: User
) -> None:
    asked(twin, "2.1", at=NOW - timedelta(days=3))
    asked(apprenticeship, "1.2", "1.1", at=NOW - timedelta(hours=5))
    queue = queue_of(viewer_for(mentor))
    assert codes(queue) == [["2.1"], ["1.1", "1.2"]]
    assert [w.apprenticeship.apprentice.name for w in queue] == ["Tom Twin", "Rosa Diaz"]
    assert queue[1].sets == "Workplace and Safety Orientation"
    assert codes(queue_of(viewer_for(deputy))) == [["1.1", "1.2"]]


def test_only_the_skills_of_ones_own_role_track_are_in_the_queue(apprenticeship: Apprenticeship, mentor: User) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    asked(apprenticeship, "1.1", "2.1")
    assert codes(queue_of(viewer_for(mentor))) == [["1.1"]]


def test_what_was_answered_leaves_the_queue_of_all(apprenticeship: Apprenticeship, mentor: User, deputy: User) -> None:
    asked(apprenticeship, "1.1", "1.2")
    signed(apprenticeship, deputy, "1.1")
    assert codes(queue_of(viewer_for(mentor))) == codes(queue_of(viewer_for(deputy))) == [["1.2"]]


@pytest.mark.parametrize("who", ["apprentice", "auditor", "instructor", "outsider", "administrator", "coordinator"])
def test_who_does_not_sign_has_no_queue(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str
) -> None:
    asked(apprenticeship)
    assert queue_of(viewer_for(request.getfixturevalue(who))) == ()


def test_a_mentorship_that_has_ended_ends_the_queue(apprenticeship: Apprenticeship, mentor: User) -> None:
    asked(apprenticeship)
    apprenticeship.mentorships.filter(mentor=mentor).update(until=TODAY)
    assert queue_of(viewer_for(mentor)) == ()


def test_nobody_finds_their_own_asking_in_their_queue(apprenticeship: Apprenticeship, apprentice: User) -> None:
    for role in (Role.MENTOR, Role.COORDINATOR):
        Membership.objects.create(user=apprentice, sponsor=apprenticeship.sponsor, role=role, since=TODAY)
    asked(apprenticeship)
    assert queue_of(viewer_for(apprentice)) == waiting_in(viewer_for(apprentice)) == ()


def test_a_coordinator_sees_everything_that_waits_and_who_has_it(
    apprenticeship: Apprenticeship, twin: Apprenticeship, coordinator: User, administrator: User
) -> None:
    asked(apprenticeship)
    asked(twin, at=LATER)
    for person in (coordinator, administrator):
        waiting = waiting_in(viewer_for(person, LATER))
        assert [w.signers for w in waiting] == [("Maria Alvarez", "Dev Patel"), ("Maria Alvarez",)]


@pytest.mark.parametrize("who", ["mentor", "auditor", "outsider", "instructor"])
def test_the_overview_is_for_those_who_run_the_program(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, who: str
) -> None:
    asked(apprenticeship)
    assert waiting_in(viewer_for(request.getfixturevalue(who))) == ()


def test_what_nobody_may_sign_names_nobody(apprenticeship: Apprenticeship, coordinator: User) -> None:
    apprenticeship.mentorships.update(role_tracks=["Laboratory Technician"])
    asked(apprenticeship, "1.1", "2.1")
    assert [w.signers for w in waiting_in(viewer_for(coordinator))] == [()]


def test_more_requests_cost_no_more_queries(
    apprenticeship: Apprenticeship, sponsor: Sponsor, terms: Terms, mentor: User, coordinator: User
) -> None:
    asked(apprenticeship, "1.1", "2.1")
    counts = []
    for number in (1, 8):
        for i in range(number - 1):
            book = make_apprenticeship(make_person(f"Number{i} Person", Role.APPRENTICE, sponsor=sponsor), terms)
            make_mentorship(book, mentor)
            asked(book, "1.1", "2.1", "3.1")
        for read, person in ((queue_of, mentor), (waiting_in, coordinator)):
            viewer = viewer_for(person)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert len(read(viewer)) == number
            counts.append(len(queries))
    assert counts == [4, 4, 4, 4]
