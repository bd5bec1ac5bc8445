"""Refusals and faults say what happened, what was kept and what to do; in both languages."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path
from django.utils.translation import override

from accounts.access import NotPermitted, Permission
from acts.acting import KeyReused
from config.urls import urlpatterns as site
from tests.pages.words import words_of

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def not_permitted(request: HttpRequest) -> HttpResponse:
    raise NotPermitted(Permission.SIGN_OFF)


def reused(request: HttpRequest) -> HttpResponse:
    raise KeyReused


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [*site, path("not-permitted/", not_permitted), path("reused/", reused), path("broken/", broken)]

SPANISH = {
    "/nowhere/": (404, "Aquí no hay nada que ver"),
    "/not-permitted/": (403, "Su función no permite esto"),
    "/reused/": (422, "Este formulario ya se envió"),
    "/broken/": (500, "Algo falló de nuestro lado"),
}


@pytest.mark.parametrize(("address", "expected"), SPANISH.items())
def test_an_error_speaks_spanish(address: str, expected: tuple[int, str]) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get(address, headers={"Accept-Language": "es"})
    assert (answer.status_code, expected[1] in words_of(answer)) == (expected[0], True)


@pytest.mark.parametrize("address", SPANISH)
def test_an_error_leads_back_to_the_first_page(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert "To the first page" in words_of(answer)


def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "es"}, headers={"Accept-Language": "es"})
    assert (answer.status_code, "Este formulario ya no es válido" in words_of(answer)) == (403, True)


def test_a_request_that_cannot_be_read_is_refused_in_words() -> None:
    answer = Client().post("/language/", {"language": "xx"}, headers={"Accept-Language": "es"})
    assert (answer.status_code, "No se pudo leer esta solicitud" in words_of(answer)) == (400, True)


@pytest.mark.parametrize("template", ["500.html", "400.html"])
def test_the_page_of_a_fault_needs_nothing_of_the_request(template: str) -> None:
    with override("es"):
        assert "A la página inicial" in render_to_string(template)
