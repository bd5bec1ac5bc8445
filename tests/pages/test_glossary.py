"""The glossary explains the field's words, can be searched, and is one tap away."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.glossary import TERMS, find
from accounts.states import State
from tests.pages.words import words_of


def test_every_term_has_its_own_anchor() -> None:
    assert len({term.anchor for term in TERMS}) == len(TERMS) > 30


def test_the_states_that_people_see_are_explained() -> None:
    words = {str(term.word) for term in TERMS}
    assert {str(state.label) for state in State} - words == {"Not started"}


@pytest.mark.parametrize("query", ["journeyman", "JOURNEYMAN", "trains an apprentice", "  mentor  assessor "])
def test_a_term_is_found_by_any_of_its_words(query: str) -> None:
    assert "mentor" in [term.anchor for term in find(query)]


def test_accents_do_not_matter_in_spanish() -> None:
    with override("es"):
        assert find("credito") == find("crédito") != []


def test_terms_stand_in_the_order_of_the_readers_alphabet() -> None:
    with override("es"):
        words = [str(term.word) for term in find("")]
    assert words[0].startswith("A")
    assert words.index("Habilidad") < words.index("Mentor") < words.index("Patrocinador")


def test_the_search_works_without_javascript(client: Client, db: None) -> None:
    page = client.get("/glossary/", {"q": "journeyman"}).content.decode()
    assert re.findall(r'<div id="([\w-]+)"><dt>', page) == ["mentor"]


def test_a_search_without_result_says_what_to_do(client: Client, db: None) -> None:
    assert "Nothing here mentions “<zzz>”. Try a shorter word" in words_of(client.get("/glossary/", {"q": "<zzz>"}))


def test_every_page_leads_to_the_glossary(client: Client, db: None) -> None:
    assert 'href="/glossary/"' in client.get("/accounts/login/").content.decode()
