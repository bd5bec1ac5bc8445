"""The public library: every published standard, one standard whole, and its file."""

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Sponsor, User
from competencies.builtin import builtin_path
from competencies.document import StandardDocument, as_json, from_json
from competencies.models import StandardVersion
from competencies.publishing import import_document, publish
from competencies.reading import read_file
from tests.competencies.test_publishing import OPERATOR

pytestmark = pytest.mark.django_db
SLUG = "outsourcing-compounding-pharmacy-technician"


def builtin() -> StandardDocument:
    return read_file(builtin_path())[0]


def make(document: StandardDocument, **more: Any) -> StandardVersion:
    return publish(viewer=OPERATOR, version=import_document(viewer=OPERATOR, document=document, **more).version)


def body(client: Client, address: str) -> str:
    """The page's text as a reader sees it: without tags, entities and needless spaces."""
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


# ---------------------------------------------------------------- the list


def test_an_empty_library_says_what_to_do_next(client: Client) -> None:
    assert "import_standard FILE --publish" in body(client, "/standards/")


def test_the_list_shows_each_standard_in_numbers(client: Client, published_standard: StandardVersion) -> None:
    text = body(client, "/standards/")
    assert published_standard.title in text
    assert "12 skill sets · 49 skills · 44 class hours" in text


def test_a_draft_is_nowhere_in_the_library(client: Client) -> None:
    import_document(viewer=OPERATOR, document=builtin())
    assert "Outsourcing" not in body(client, "/standards/")
    assert client.get(f"/standards/{SLUG}/").status_code == 404
    assert client.get(f"/standards/{SLUG}.json").status_code == 404


@pytest.mark.parametrize("query", ["pharmacy", "laboratory TECHNICIAN", "particle", "york state labor"])
def test_a_standard_is_found_by_title_publisher_set_or_role(
    client: Client, published_standard: StandardVersion, query: str
) -> None:
    assert published_standard.title in body(client, f"/standards/?q={query}")


def test_what_is_not_found_offers_the_way_back(client: Client, published_standard: StandardVersion) -> None:
    text = body(client, "/standards/?q=welding")
    assert "No published standard mentions “welding”" in text
    assert published_standard.title not in text


def test_the_list_goes_on_over_pages(client: Client) -> None:
    for number in range(51):
        make(
            replace(builtin(), slug=f"trade-{number}", title=f"Trade {number:02}", skill_sets=builtin().skill_sets[:1])
        )
    assert "page 1 of 2" in body(client, "/standards/?q=trade")
    assert "Trade 50" in body(client, "/standards/?q=trade&page=2")


@pytest.mark.parametrize("others", [0, 12])
def test_the_list_costs_the_same_queries_at_any_size(
    client: Client, published_standard: StandardVersion, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(others):
        make(replace(builtin(), slug=f"trade-{number}", title=f"Trade {number}"))
    with django_assert_num_queries(2):
        client.get("/standards/")


# ---------------------------------------------------------------- one standard


@pytest.fixture
def page(client: Client, published_standard: StandardVersion) -> str:
    return body(client, f"/standards/{SLUG}/")


def test_the_page_shows_every_skill_word_for_word_in_order(page: str) -> None:
    positions = [page.find(f"{skill.code} {skill.text}") for skill in builtin().all_skills()]
    assert len(positions) == 49
    assert -1 not in positions
    assert positions == sorted(positions)


def test_the_page_shows_blanks_as_not_given(page: str) -> None:
    for term in ("O*NET code", "RAPIDS code", "Registration agency", "On-the-job hours", "Hours of instruction"):
        assert f"{term} not given" in page
    assert "Published by New York State Department of Labor" in page
    assert "Dates Jul 16, 2021; Jul 16, 2021" in page


def test_the_page_groups_the_sets_by_role(page: str) -> None:
    assert "Every role 1. Workplace and Safety Orientation Claims Processing Technician 2. Data Entry" in page
    assert "Pharmacy Medical Equipment Technician 12. Durable Medical Equipment" in page


def test_the_page_shows_the_topics_with_their_numbers(page: str) -> None:
    assert "44 hours, 8 topics" in page
    assert "First Aid/CPR (minimum 6.5 hrs.) at least 6.5 h" in page
    assert "Lockout/Tagout (where appropriate) only where it applies" in page
    assert "once each calendar year · added Answers Section 201-g of the Labor Law" in page


def test_the_page_marks_what_was_added(page: str) -> None:
    assert "Take any relevant cultural sensitivity/awareness training. Training · added" in page
    assert "How skills are rated added" in page
    assert "Added to the printed page" in page


def test_a_standard_that_brings_its_own_kinds_and_scales_has_no_such_marks(client: Client) -> None:
    make(replace(builtin(), additions=()))
    assert "added" not in body(client, f"/standards/{SLUG}/")


def test_the_page_shows_each_level_with_its_sentence(page: str) -> None:
    assert "Proficient Does the whole task correctly and consistently, without help. counts from here" in page
    for scale in builtin().scales:
        for level in scale.levels:
            assert level.sentence in page


def test_what_a_sign_off_demands_stands_beside_the_skill(client: Client) -> None:
    document = builtin()
    first = replace(
        document.skill_sets[0].skills[0],
        required=False,
        needs_evidence=True,
        needs_practical_test=True,
        procedure_number="SOP-7",
        procedure_version="3",
        due_again_months=12,
    )
    part = replace(document.skill_sets[0], skills=(first,))
    course = replace(
        document.courses[0],
        topics=(replace(document.courses[0].topics[0], recurrence="within_months", recurrence_months=6),),
    )
    make(replace(document, skill_sets=(part,), courses=(course,), additions=()))
    text = body(client, f"/standards/{SLUG}/")
    assert "optional, evidence, hands-on test, procedure SOP-7 3, due again after 12 months" in text
    assert "within 6 months" in text


def test_an_older_version_stays_readable_and_says_that_it_is_older(
    client: Client, published_standard: StandardVersion
) -> None:
    make(replace(builtin(), title="Another Title"))
    assert "Another Title" in body(client, f"/standards/{SLUG}/")
    older = body(client, f"/standards/{SLUG}/?version=1")
    assert "Outsourcing (Compounding)" in older
    assert "A newer version is published" in older


@pytest.mark.parametrize("query", ["?version=2", "?version=0", "?version=x", "?version=9999999", "?owner=nobody"])
def test_a_version_that_is_not_there_is_not_found(
    client: Client, published_standard: StandardVersion, query: str
) -> None:
    assert client.get(f"/standards/{SLUG}/{query}").status_code == 404


def test_the_words_of_a_standard_are_shown_as_text_and_never_run(client: Client) -> None:
    nasty = "<b>\"&'{{ 7*7 }}{% now %}</b>"
    make(replace(builtin(), title=nasty, source=nasty))
    for address in ("/standards/", f"/standards/{SLUG}/"):
        content = client.get(address).content.decode()
        assert "<b>" not in content
        assert nasty in html.unescape(content)


@pytest.mark.parametrize("copies", [1, 4])
def test_one_standard_costs_the_same_queries_at_any_size(
    client: Client, copies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    document = builtin()
    sets = tuple(
        replace(
            part,
            skills=tuple(
                replace(
                    skill,
                    code=f"{copy}-{skill.code}",
                    steps=tuple(replace(step, code=f"{copy}-{step.code}") for step in skill.steps),
                )
                for skill in part.skills
            ),
        )
        for copy in range(copies)
        for part in document.skill_sets
    )
    make(replace(document, skill_sets=sets, courses=document.courses * copies))
    with django_assert_num_queries(9):
        client.get(f"/standards/{SLUG}/")


# ---------------------------------------------------------------- the file


def test_the_file_of_a_standard_is_its_document(client: Client, published_standard: StandardVersion) -> None:
    response = client.get(f"/standards/{SLUG}.json")
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'attachment; filename="{SLUG}-1.json"'
    assert from_json(response.content.decode()) == builtin()
    assert json.loads(response.content) == as_json(builtin())


# ---------------------------------------------------------------- a sponsor's own standards


def test_a_sponsors_own_standard_is_seen_by_its_people_alone(
    client: Client, sponsor: Sponsor, mentor: User, outsider: User
) -> None:
    make(replace(builtin(), slug="own-trade", title="Own Trade"), owner=sponsor)
    for person, seen in ((None, False), (outsider, False), (mentor, True)):
        client.logout()
        if person:
            client.force_login(person)
        assert ("Own Trade" in body(client, "/standards/")) == seen
        for address in ("/standards/own-trade/", "/standards/own-trade/?owner=empire", "/standards/own-trade.json"):
            assert client.get(address).status_code == (200 if seen else 404)


def test_two_standards_of_one_slug_are_told_apart_by_their_owner(
    client: Client, sponsor: Sponsor, mentor: User, published_standard: StandardVersion
) -> None:
    make(replace(builtin(), title="Our Own Technician"), owner=sponsor)
    client.force_login(mentor)
    assert f"/standards/{SLUG}/?owner=empire" in client.get("/standards/").content.decode()
    assert "Our Own Technician" not in body(client, f"/standards/{SLUG}/")
    assert "Our Own Technician" in body(client, f"/standards/{SLUG}/?owner=empire")
