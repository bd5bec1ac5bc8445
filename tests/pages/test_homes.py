"""Where each person lands, and what they find there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Terms
from tests.cast import LONG_AGO, NOW, make_apprenticeship, make_mentorship, make_person, signed

At = Callable[[User], Client]


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("mentor", "/mentor/"),
        ("coordinator", "/cohorts/"),
        ("administrator", "/cohorts/"),
        ("instructor", "/classes/"),
        ("apprentice", "/my-record/"),
        ("auditor", "/audit/"),
    ],
)
def test_everybody_lands_on_the_page_of_their_role(
    request: pytest.FixtureRequest, at: At, who: str, where: str
) -> None:
    response = at(request.getfixturevalue(who)).get("/", follow=True)
    assert response.redirect_chain == [(where, 302)]
    assert response.status_code == 200


def test_a_visitor_reads_what_this_is_and_may_log_in(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert "The permanent training record" in page
    assert "/accounts/login/" in page
    assert "/standards/" in page


def test_somebody_without_a_role_is_told_what_to_do(sponsor: Sponsor, at: At) -> None:
    page = at(make_person("Nora New", sponsor=sponsor)).get("/").content.decode()
    assert "Welcome, Nora" in page
    assert "You have no role here yet" in page


def test_who_changes_roles_lands_elsewhere(mentor: User, sponsor: Sponsor, at: At) -> None:
    other = Membership.objects.create(user=mentor, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    browser = at(mentor)
    assert browser.get("/")["Location"] == "/mentor/"
    browser.post("/role/", {"membership": str(other.pk)})
    assert browser.get("/")["Location"] == "/cohorts/"


def test_a_mentor_sees_how_far_each_apprentice_is(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    signed(apprenticeship, mentor)
    page = at(mentor).get("/mentor/").content.decode()
    assert "Good morning, Maria" in page
    assert "Rosa Diaz" in page
    assert "1 of 49" in page
    assert "today 10:00" in page


def test_a_mentor_sees_who_was_left_waiting(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    signed(apprenticeship, mentor, at=NOW - timedelta(days=34), observed_on=(NOW - timedelta(days=34)).date())
    assert "nothing signed for 34 days" in at(mentor).get("/mentor/").content.decode()


def test_a_mentor_of_nobody_is_told_how_that_changes(mentor: User, at: At) -> None:
    assert "No apprentices yet" in at(mentor).get("/mentor/").content.decode()


def test_a_mentor_does_not_find_their_own_book_among_the_apprentices(terms: Terms, mentor: User, at: At) -> None:
    own = make_apprenticeship(mentor, terms)
    make_mentorship(own, mentor)
    assert "No apprentices yet" in at(mentor).get("/mentor/").content.decode()


def test_many_apprentices_can_be_searched(terms: Terms, sponsor: Sponsor, mentor: User, at: At) -> None:
    crew(9, terms, sponsor, mentor)
    browser = at(mentor)
    assert 'type="search"' in browser.get("/mentor/").content.decode()
    found = browser.get("/mentor/", {"q": "number3"}).content.decode()
    assert "Number3 Crew" in found
    assert "Number4 Crew" not in found
    assert "Nobody found" in browser.get("/mentor/", {"q": "zebra"}).content.decode()


def test_the_mentors_page_takes_as_many_queries_for_nine_as_for_one(
    terms: Terms, sponsor: Sponsor, mentor: User, at: At
) -> None:
    browser = at(mentor)
    crew(1, terms, sponsor, mentor)
    with CaptureQueriesContext(connection) as one:
        browser.get("/mentor/")
    crew(9, terms, sponsor, mentor)
    with CaptureQueriesContext(connection) as nine:
        browser.get("/mentor/")
    assert len(one) == len(nine)


def crew(size: int, terms: Terms, sponsor: Sponsor, mentor: User) -> None:
    """Apprentices called Number0, Number1 … up to `size`, all of this mentor."""
    for number in range(User.objects.filter(name__endswith=" Crew").count(), size):
        book = make_apprenticeship(make_person(f"Number{number} Crew", Role.APPRENTICE, sponsor=sponsor), terms)
        make_mentorship(book, mentor)


def test_an_apprentice_lands_in_their_own_record(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    page = at(apprentice).get("/my-record/").content.decode()
    assert "Good morning, Rosa" in page
    assert page.count('<li class="skill') == 49


def test_an_apprentice_without_a_book_is_told_when_it_begins(apprentice: User, at: At) -> None:
    assert "No record yet" in at(apprentice).get("/my-record/").content.decode()


def test_an_apprentice_with_two_books_chooses(
    apprenticeship: Apprenticeship, apprentice: User, terms: Terms, at: At
) -> None:
    newer = Terms.objects.create(
        program=terms.program, number=2, standard_version=terms.standard_version, adopted_on=terms.adopted_on
    )
    second = make_apprenticeship(apprentice, newer)
    page = at(apprentice).get("/my-record/").content.decode()
    assert f"/records/{apprenticeship.pk}/" in page
    assert f"/records/{second.pk}/" in page


def test_an_auditor_finds_every_record_and_nothing_to_press(
    apprenticeship: Apprenticeship, auditor: User, at: At
) -> None:
    page = at(auditor).get("/audit/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert f"/records/{apprenticeship.pk}/" in main
    assert f"/cohorts/{apprenticeship.cohort_id}/" in main
    assert 'method="post"' not in main


def test_a_coordinator_of_another_sponsor_sees_none_of_it(
    apprenticeship: Apprenticeship, outsider: User, at: At
) -> None:
    assert "Rosa Diaz" not in at(outsider).get("/audit/").content.decode()
    assert "Winter 2026" not in at(outsider).get("/cohorts/").content.decode()


def test_a_coordinator_sees_cohorts_who_is_stuck_and_who_is_in_none(
    apprenticeship: Apprenticeship, coordinator: User, terms: Terms, sponsor: Sponsor, at: At
) -> None:
    make_apprenticeship(make_person("Lena Loose", Role.APPRENTICE, sponsor=sponsor), terms)
    page = at(coordinator).get("/cohorts/").content.decode()
    assert "Winter 2026" in page
    assert "In no cohort" in page
    assert "Lena Loose" in page
    assert "0 of 44 hours of classes" in page
    assert "Nothing signed for four weeks" in page


def test_what_needs_somebody_today_is_counted_with_the_way_to_it(
    apprenticeship: Apprenticeship, coordinator: User, auditor: User, at: At
) -> None:
    desk, sponsor = at(coordinator), apprenticeship.sponsor
    alone = make_apprenticeship(make_person("Ana", Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms)
    page = desk.get("/cohorts/").content.decode()
    assert "1 apprentice has nobody who may sign" in page
    assert 'href="/mentors/assign/"' in page
    make_mentorship(alone, make_person("Dora", Role.MENTOR, sponsor=sponsor))
    assert "nobody who may sign" not in desk.get("/cohorts/").content.decode()
    assert "Needs you today" not in at(auditor).get("/cohorts/").content.decode()
