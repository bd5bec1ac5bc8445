"""A form that a page sends by itself is told where to go instead of being led there."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff
from tests.pages.sheets import address, sheet
from tests.requests.test_request_pages import At

pytestmark = pytest.mark.django_db
KEPT = {"X-Kept-Form": "yes"}


def test_the_redirect_is_told_as_an_address_and_the_message_waits_for_the_next_page(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    told = at(mentor).post(address(apprenticeship), sheet(apprenticeship), headers=KEPT)
    assert (told.status_code, told.headers.get("Location")) == (204, None)
    assert told["X-Go-To"].startswith(f"/records/{apprenticeship.pk}/?signed={SignOff.objects.get().pk}")


def test_who_is_logged_out_meanwhile_is_told_to_log_in_first(apprenticeship: Apprenticeship) -> None:
    told = Client().post(address(apprenticeship), {}, headers=KEPT)
    assert told.status_code == 401
    assert told["X-Go-To"].startswith(f"{reverse('account_login')}?next=")


def test_pages_carry_the_owner_of_what_is_kept_and_only_who_is_logged_in(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    assert f'data-owner="{mentor.pk}"' in at(mentor).get("/mentor/").content.decode()
    assert 'id="unsent"' not in Client().get(reverse("account_login")).content.decode()
