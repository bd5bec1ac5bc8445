"""One apprentice's record, as everybody reads it."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff
from tests.cast import signed, skill_of

At = Callable[[User], Client]


def record_of(book: Apprenticeship) -> str:
    return f"/records/{book.pk}/"


@pytest.mark.parametrize("who", ["mentor", "deputy", "coordinator", "administrator", "apprentice", "auditor"])
def test_everybody_around_the_apprentice_reads_all_49_skills(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, at: At, who: str
) -> None:
    page = at(request.getfixturevalue(who)).get(record_of(apprenticeship)).content.decode()
    assert page.count('<li class="skill') == 49
    assert page.count('<li class="skill step') == 7
    assert "0 of 49" in page


@pytest.mark.parametrize("who", ["outsider", "instructor"])
def test_for_others_it_is_not_there(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, at: At, who: str
) -> None:
    assert at(request.getfixturevalue(who)).get(record_of(apprenticeship)).status_code == 404


def test_a_signature_stands_with_who_which_level_and_the_new_count(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    made = signed(apprenticeship, mentor, "8.1")
    page = at(coordinator).get(record_of(apprenticeship)).content.decode()
    assert f'<span class="level">{made.level.label}</span> · Maria Alvarez, Mentor' in page
    assert "1 of 49" in page


def test_only_a_mentor_is_offered_to_sign(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, apprentice: User, auditor: User, at: At
) -> None:
    offered = {
        person.name: at(person).get(record_of(apprenticeship)).content.decode().count('/sign-off/" hx-get')
        for person in (mentor, coordinator, apprentice, auditor)
    }
    assert {name for name, count in offered.items() if count} == {"Maria Alvarez"}
    assert offered["Maria Alvarez"] == 49


def test_a_mentor_of_one_track_is_offered_its_sets_and_those_for_everybody(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    page = at(mentor).get(record_of(apprenticeship)).content.decode()
    assert f"{skill_of(apprenticeship, '1.1').pk}/sign-off/" in page
    assert f"{skill_of(apprenticeship, '8.1').pk}/sign-off/" in page
    assert f"{skill_of(apprenticeship, '2.1').pk}/sign-off/" not in page


def test_the_filter_shows_what_is_in_training(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    signed(apprenticeship, mentor, "1.1")
    signed(apprenticeship, mentor, "8.1", level="with-coaching")
    page = at(mentor).get(record_of(apprenticeship), {"show": "in_training"}).content.decode()
    assert page.count('<li class="skill') == 1
    assert skill_of(apprenticeship, "8.1").text[:30] in page


def test_the_search_finds_words_and_keeps_the_parent_of_a_step(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    step = skill_of(apprenticeship, "4.1").steps.order_by("order").first()
    assert step
    page = at(mentor).get(record_of(apprenticeship), {"q": step.text.lower()}).content.decode()
    assert 'class="skill step"' in page
    assert 'class="skill context"' in page


def test_a_search_without_a_find_says_so_and_leads_back(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    page = at(mentor).get(record_of(apprenticeship), {"q": "submarine"}).content.decode()
    assert "“submarine”" in page
    assert "Show all skills" in page


def test_an_unknown_filter_shows_everything(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    page = at(mentor).get(record_of(apprenticeship), {"show": "nonsense", "signed": "nonsense"}).content.decode()
    assert page.count('<li class="skill') == 49


def test_the_number_of_queries_does_not_grow_with_the_book(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    browser = at(mentor)
    signed(apprenticeship, mentor, "1.1")
    few = queries_of(browser, apprenticeship)
    for code in ("1.2", "1.3", "2.1", "3.1", "4.2", "8.1", "9.1", "12.4"):
        signed(apprenticeship, mentor, code)
    assert queries_of(browser, apprenticeship) == few


def queries_of(browser: Client, book: Apprenticeship) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(record_of(book))
    return len(queries)


def test_right_after_signing_the_signer_can_undo(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    made = signed(apprenticeship, mentor)
    address = f"{record_of(apprenticeship)}?signed={made.pk}"
    assert f"/sign-offs/{made.pk}/take-back/" in at(mentor).get(address).content.decode()


def test_nobody_else_is_offered_the_undo(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    made = signed(apprenticeship, mentor)
    address = f"{record_of(apprenticeship)}?signed={made.pk}"
    assert f"/sign-offs/{made.pk}/take-back/" not in at(deputy).get(address).content.decode()


def test_the_apprentice_is_greeted_and_sees_what_is_next(
    apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    page = at(apprentice).get(record_of(apprenticeship)).content.decode()
    assert "Good morning, Rosa" in page
    assert "Next up" in page


def test_a_row_asked_for_without_htmx_leads_to_the_record(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    skill = skill_of(apprenticeship, "1.1")
    response = at(mentor).get(f"/records/{apprenticeship.pk}/skills/{skill.pk}/row/")
    assert response["Location"] == f"/records/{apprenticeship.pk}/#skill-{skill.pk}"


def test_reading_writes_nothing_into_the_book(apprenticeship: Apprenticeship, auditor: User, at: At) -> None:
    at(auditor).get(record_of(apprenticeship))
    assert not SignOff.objects.exists()


def test_every_filter_leads_to_the_skills_it_shows(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    page = at(mentor).get(f"/records/{apprenticeship.pk}/?q=label").content.decode()
    links = re.findall(r'class="chip" href="([^"]*)"', page)
    assert len(links) > 1
    assert all(link.endswith("q=label#skills") for link in links)
    assert f'action="/records/{apprenticeship.pk}/#skills"' in page
