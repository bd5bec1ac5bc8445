"""Pages speak English or Spanish, as the person or the browser asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import engines
from django.test import Client
from django.utils.translation import override

from accounts.models import User


def heading(client: Client, accept: str = "") -> str:
    page = client.get("/glossary/", headers={"Accept-Language": accept} if accept else {}).content.decode()
    return page.split("<h1>")[1].split("</h1>")[0]


def choose(client: Client, language: str, back: str = "/glossary/") -> str:
    return client.post("/language/", {"language": language, "next": back}).headers.get("Location", "")


def test_a_page_speaks_the_language_of_the_browser(client: Client, db: None) -> None:
    assert heading(client, "es-MX,es;q=0.9") == "Glosario"
    assert heading(client, "de") == "Glossary"


def test_a_visitor_keeps_the_chosen_language(client: Client, db: None) -> None:
    assert choose(client, "es") == "/glossary/"
    assert heading(client) == "Glosario"


def test_a_person_keeps_the_chosen_language_on_every_device(client: Client, mentor: User) -> None:
    client.force_login(mentor)
    choose(client, "es")
    elsewhere = Client()
    elsewhere.force_login(mentor)
    assert heading(elsewhere) == "Glosario"


def test_the_person_comes_before_the_browser(client: Client, mentor: User) -> None:
    client.force_login(mentor)
    choose(client, "es")
    assert heading(client, "en") == "Glosario"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_choosing_never_leads_off_the_site(client: Client, db: None, elsewhere: str) -> None:
    assert choose(client, "es", elsewhere) == "/"


def test_a_language_that_is_not_offered_is_refused(client: Client, mentor: User) -> None:
    client.force_login(mentor)
    assert client.post("/language/", {"language": "xx"}).status_code == 400
    mentor.refresh_from_db()
    assert mentor.language == ""


def test_the_page_names_its_language_and_offers_the_other(client: Client, db: None) -> None:
    page = client.get("/glossary/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es">' in page
    assert ">English</button>" in page


@pytest.mark.parametrize(("language", "written"), [("en", "Mar 3, 2026 · 28.5"), ("es", "3 mar 2026 · 28.5")])
def test_figures_read_the_same_in_both_languages(language: str, written: str) -> None:
    with override(language):
        drawn = engines["django"].from_string("{% load look %}{{ day|day }} · {{ hours }}")
        assert drawn.render({"day": date(2026, 3, 3), "hours": Decimal("28.5")}) == written
