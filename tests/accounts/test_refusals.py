"""What the domain refuses becomes a page with its own status, and never a failure."""

import types

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from accounts.access import NotPermitted, Permission
from accounts.pages import public
from acts.acting import KeyReused, KeyUnusable


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refusal", "status"), [(NotPermitted(Permission.SIGN_OFF), 403), (KeyReused(), 422), (KeyUnusable(), 400)]
)
def test_a_refusal_of_the_domain_has_a_page_of_its_own(
    refusal: Exception, status: int, settings: Settings, client: Client
) -> None:
    @public
    def refusing(request: HttpRequest) -> HttpResponse:
        raise refusal

    module = types.ModuleType("addresses_of_a_test")
    vars(module)["urlpatterns"] = [path("refusing/", refusing), path("", include("config.urls"))]
    settings.ROOT_URLCONF = module
    answer = client.get("/refusing/")
    assert answer.status_code == status
    assert "<h1" in answer.content.decode()
