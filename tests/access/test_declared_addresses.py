"""An address that does not say who may open it stops the site from starting."""

import types

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from accounts.access import Permission
from accounts.checks import declaration_of, every_view_declares
from accounts.models import Role, User
from accounts.pages import PUBLIC, SIGNED_IN, View, page, public, signed_in


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"open")


def use_addresses(settings: Settings, **views: View) -> None:
    """Give the site these addresses besides its own."""
    own = [path(f"{name}/", opened) for name, opened in views.items()]
    module = types.ModuleType("addresses_of_a_test")
    vars(module)["urlpatterns"] = [*own, path("", include("config.urls"))]
    settings.ROOT_URLCONF = module


def test_every_address_of_the_site_says_who_may_open_it() -> None:
    assert every_view_declares() == []


def test_an_address_that_says_nothing_is_named(settings: Settings) -> None:
    use_addresses(settings, open=public(view), secret=view)
    found = every_view_declares()
    assert [(message.id, message.msg) for message in found] == [
        ("journeybook.E003", "The address /secret/ does not say who may open it.")
    ]
    with pytest.raises(SystemCheckError, match=r"journeybook\.E003"):
        call_command("check")


def test_a_declaration_is_read_from_each_kind_of_view() -> None:
    declared = [public(view), signed_in(view), page(Permission.READ_COHORT)(view), view]
    assert [declaration_of(path("x/", opened)) for opened in declared] == [PUBLIC, SIGNED_IN, "read_cohort", None]


def test_a_page_without_a_row_opens_to_whoever_holds_the_permission_somewhere(
    settings: Settings, coordinator: User, mentor: User, client: Client
) -> None:
    use_addresses(settings, cohorts=page(Permission.READ_COHORT)(view), mine=signed_in(view), all=public(view))
    answers = {}
    for person in (None, mentor, coordinator):
        client.logout()
        if person:
            client.force_login(person)
        answers[str(person)] = [client.get(f"/{name}/").status_code for name in ("cohorts", "mine", "all")]
    assert answers["None"] == [302, 302, 200]
    assert answers["Carol Jones"] == [200, 200, 200]
    assert Role.MENTOR in {membership.role for membership in mentor.memberships.all()}
    assert answers["Maria Alvarez"] == [403, 200, 200]
