"""One skill signed for several apprentices after a demonstration with a group: one act across their books."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Sponsor, User
from acts.models import Act
from apprenticeship.models import Apprenticeship, RecordEntry, SignOff, Terms
from competencies.frozen import content_of
from tests.cast import TODAY, make_apprenticeship, make_mentorship, make_person, signed, skill_of
from tests.pages.many import filled, group_address, tick

At = Callable[[User], Client]


def more_books(number: int, mentor: User, terms: Terms) -> list[Apprenticeship]:
    """Apprenticeships of Ann1, Ann2 … whom `mentor` mentors too."""
    people = [make_person(f"Ann{i} Apprentice", Role.APPRENTICE, sponsor=terms.program.sponsor) for i in range(number)]
    books = [make_apprenticeship(person, terms) for person in people]
    for book in books:
        make_mentorship(book, mentor)
    return books


@pytest.fixture
def group(apprenticeship: Apprenticeship, mentor: User, terms: Terms) -> list[Apprenticeship]:
    """Rosa and two more whom Maria mentors."""
    return [apprenticeship, *more_books(2, mentor, terms)]


def test_first_the_skill_is_chosen_and_found_by_a_word(group: list[Apprenticeship], mentor: User, at: At) -> None:
    everything = at(mentor).get("/group-sign-off/").content.decode()
    assert everything.count("?skill=") == 49
    found = at(mentor).get("/group-sign-off/?q=PARTICLE+size").content.decode()
    assert found.count("?skill=") == 3
    assert "Try a shorter word" in at(mentor).get("/group-sign-off/?q=%00zebra").content.decode()


def test_only_skills_of_ones_own_tracks_are_offered(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    page = at(mentor).get("/group-sign-off/").content.decode()
    assert page.count("?skill=") == 6 + 5 + 3 + 3 + 1
    assert at(mentor).get(group_address(skill_of(apprenticeship, "2.1"))).status_code == 404
    assert at(mentor).get(group_address(skill_of(apprenticeship, "8.1"))).status_code == 200


def test_nobody_is_ticked_and_no_level_is_chosen(group: list[Apprenticeship], mentor: User, at: At) -> None:
    signed(group[0], mentor)
    page = at(mentor).get(group_address(skill_of(group[0], "1.1"))).content.decode()
    assert page.count('name="line"') == 3
    assert page.count(" checked") == page.count(' checked><span class="name">As for all') == 3
    assert "Stands now: Proficient, signed by Maria Alvarez" in page


def test_one_act_signs_in_every_ticked_book(group: list[Apprenticeship], mentor: User, at: At) -> None:
    skill = skill_of(group[0], "1.1")
    answer = at(mentor).post(
        group_address(skill), filled([skill], [tick(book) for book in group[:2]], note="Together.")
    )
    act = Act.objects.get(kind="sign_off")
    assert answer["Location"] == f"/signed/{act.pk}/"
    assert set(RecordEntry.objects.filter(act=act).values_list("apprenticeship", flat=True)) == {
        book.pk for book in group[:2]
    }


def test_a_refused_apprentice_is_named_and_the_others_are_offered(
    group: list[Apprenticeship], mentor: User, deputy: User, at: At
) -> None:
    skill = skill_of(group[0], "1.1")
    signed(group[0], deputy)
    Apprenticeship.objects.filter(pk=group[1].pk).update(starts_on=TODAY + timedelta(days=1))
    ticks = [tick(book) for book in group]
    page = at(mentor).post(group_address(skill), filled([skill], ticks)).content.decode()
    assert page.count("Dev Patel signed it: Proficient.") == 2
    assert page.count("The date is before the apprenticeship began.") == 2
    assert "Sign the other 1" in page
    assert SignOff.objects.count() == 1
    without = f"{group[0].pk} {group[1].pk}"
    at(mentor).post(group_address(skill), filled([skill], ticks, without=without))
    assert SignOff.objects.get(signer=mentor).apprenticeship == group[2]


def test_apprentices_of_other_mentors_are_not_seen_nor_signed_for(
    group: list[Apprenticeship], mentor: User, deputy: User, terms: Terms, at: At
) -> None:
    skill, (theirs,) = skill_of(group[0], "1.1"), more_books_of_another(deputy, terms)
    assert "Zoe Hidden" not in at(mentor).get(group_address(skill)).content.decode()
    answer = at(mentor).post(group_address(skill), filled([skill], [tick(group[0]), tick(theirs)]))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "One line that you had ticked is not yours to sign now" in page
    assert "Zoe Hidden" not in page
    assert str(theirs.pk) not in page
    assert not SignOff.objects.exists()


def more_books_of_another(mentor: User, terms: Terms) -> list[Apprenticeship]:
    book = make_apprenticeship(make_person("Zoe Hidden", Role.APPRENTICE, sponsor=terms.program.sponsor), terms)
    make_mentorship(book, mentor)
    return [book]


def test_nobody_stands_on_their_own_sheet(group: list[Apprenticeship], mentor: User, terms: Terms, at: At) -> None:
    own = make_apprenticeship(mentor, terms)
    make_mentorship(own, mentor)
    skill = skill_of(group[0], "1.1")
    assert str(own.pk) not in at(mentor).get(group_address(skill)).content.decode()
    assert at(mentor).post(group_address(skill), filled([skill], [tick(own)])).status_code == 400
    assert not SignOff.objects.exists()


def test_an_ended_mentorship_signs_for_nobody(group: list[Apprenticeship], mentor: User, at: At) -> None:
    skill = skill_of(group[0], "1.1")
    group[0].mentorships.filter(mentor=mentor).update(until=TODAY)
    assert "Rosa Diaz" not in at(mentor).get(group_address(skill)).content.decode()
    assert at(mentor).post(group_address(skill), filled([skill], [tick(group[0])])).status_code == 400


def test_a_skill_that_nobody_of_theirs_learns_is_not_there(
    group: list[Apprenticeship], mentor: User, sponsor: Sponsor, at: At
) -> None:
    assert at(mentor).get(f"/group-sign-off/?skill={sponsor.pk}").status_code == 404
    assert at(mentor).get("/group-sign-off/?skill=none").status_code == 404


def test_a_mentor_of_nobody_is_told_what_comes_next(mentor: User, at: At) -> None:
    assert "No apprentices yet" in at(mentor).get("/group-sign-off/").content.decode()


def test_more_than_five_hundred_are_told_to_be_split(
    group: list[Apprenticeship], mentor: User, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apprenticeship.bulk_forms.MOST_ENTRIES_IN_ONE_ACT", 2)
    skill = skill_of(group[0], "1.1")
    answer = at(mentor).post(group_address(skill), filled([skill], [tick(book) for book in group]))
    assert answer.status_code == 400
    assert "At most 2 can be signed at once. Untick some, and sign those afterwards." in answer.content.decode()
    assert not SignOff.objects.exists()


def test_twenty_apprentices_cost_no_more_queries_than_two(
    apprenticeship: Apprenticeship, mentor: User, terms: Terms, at: At
) -> None:
    books = more_books(19, mentor, terms)
    content_of(terms.standard_version_id)  # read once in a process
    costs = []
    for skill, ticked in (
        (skill_of(books[0], "1.1"), books[:2]),
        (skill_of(books[0], "1.3"), [apprenticeship, *books]),
    ):
        sent, browser = filled([skill], [tick(book) for book in ticked]), at(mentor)
        with CaptureQueriesContext(connection) as showing:
            browser.get(group_address(skill))
        with CaptureQueriesContext(connection) as signing:
            assert browser.post(group_address(skill), sent).status_code == 302
        costs.append((len(showing), len(signing)))
    assert costs[1][0] <= costs[0][0] <= 12
    assert costs[1][1] <= costs[0][1] <= 36
