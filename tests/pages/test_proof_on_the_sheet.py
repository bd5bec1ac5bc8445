"""Where the sponsor asks for it, the password stands beside the button of every page that signs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import IdentityConfirmation, SignatureAcceptance, SigningPolicy, Sponsor, User
from acts.guards import lifted
from apprenticeship.models import Apprenticeship, SignOff
from tests.cast import NOW, PASSWORD, signed, skill_of
from tests.pages.sheets import address, sheet

At = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def book(apprenticeship: Apprenticeship, sponsor: Sponsor) -> Apprenticeship:
    """Rosa's book with a sponsor that asks for a proof good for 15 minutes."""
    return asking(apprenticeship, SigningPolicy.REAUTHENTICATE)


def asking(book: Apprenticeship, policy: SigningPolicy) -> Apprenticeship:
    Sponsor.objects.filter(pk=book.sponsor_id).update(signing_policy=policy)
    return book


def asks(browser: Client, where: str) -> bool:
    return 'name="password"' in browser.get(where).content.decode()


def pages_that_sign(book: Apprenticeship, made: SignOff) -> list[str]:
    skill = skill_of(book, "1.2").pk
    many = f"{reverse('sign_many', args=[book.pk])}?skill={skill}"
    group = f"{reverse('sign_group')}?skill={skill}"
    return [address(book, "1.2"), many, group, reverse("take_back", args=[made.pk])]


def test_every_page_that_signs_asks_only_when_it_is_needed(book: Apprenticeship, mentor: User, at: At) -> None:
    pages = pages_that_sign(book, signed(asking(book, SigningPolicy.SESSION), mentor))
    assert [asks(at(mentor), page) for page in pages] == [False] * 4
    asking(book, SigningPolicy.REAUTHENTICATE)
    assert [asks(at(mentor), page) for page in pages] == [True] * 4
    logged_in = Client()
    logged_in.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert [asks(logged_in, page) for page in pages] == [False] * 4
    asking(book, SigningPolicy.EVERY)
    assert [asks(logged_in, page) for page in pages] == [True] * 4


def test_the_password_beside_the_button_signs_and_is_good_for_a_while(
    book: Apprenticeship, mentor: User, at: At
) -> None:
    browser = at(mentor)
    assert browser.post(address(book), sheet(book, password=PASSWORD)).status_code == 302
    assert SignOff.objects.get().entry.act.authentication == "reauthenticated"
    with time_machine.travel(NOW + timedelta(minutes=14), tick=False):
        assert browser.post(address(book, "1.2"), sheet(book, "1.2")).status_code == 302
    with time_machine.travel(NOW + timedelta(minutes=15), tick=False):
        assert browser.post(address(book, "1.3"), sheet(book, "1.3")).status_code == 400
    assert SignOff.objects.count() == 2


def test_under_every_each_signature_takes_the_password(book: Apprenticeship, mentor: User, at: At) -> None:
    browser = at(mentor)
    asking(book, SigningPolicy.EVERY)
    assert browser.post(address(book), sheet(book, password=PASSWORD)).status_code == 302
    assert browser.post(address(book, "1.2"), sheet(book, "1.2")).status_code == 400
    assert asks(browser, address(book, "1.2"))


@pytest.mark.parametrize(
    ("password", "words"), [("", "Enter your password."), ("not-my-password", "This is not your password.")]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_missing_or_wrong_password_keeps_everything_else(
    book: Apprenticeship, mentor: User, at: At, password: str, words: str, headers: dict[str, str]
) -> None:
    filled = sheet(book, note="Steady hands.", password=password)
    response = at(mentor).post(address(book), filled, headers=headers)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert "What you chose is still here." in page
    assert "Steady hands." in page
    assert filled["key"] in page
    assert "not-my-password" not in page
    assert page.split("<main")[-1].count(" autofocus") == 1  # the field itself
    assert not SignOff.objects.exists()


def test_wrong_passwords_on_the_sheet_count_with_those_of_the_login(book: Apprenticeship, mentor: User, at: At) -> None:
    browser = at(mentor)
    for _try in range(5):
        browser.post(address(book), sheet(book, password="not-my-password"))
    page = browser.post(address(book), sheet(book, note="Steady hands.", password=PASSWORD)).content.decode()
    assert "Too many tries with a wrong password." in page
    assert "Steady hands." in page
    login = Client().post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert "Too many tries with a wrong password." in login.content.decode()
    assert not SignOff.objects.exists()


def test_many_are_signed_with_one_password_and_a_wrong_one_keeps_the_ticks(
    book: Apprenticeship, mentor: User, at: At
) -> None:
    browser, skill = at(mentor), skill_of(book, "1.1")
    where = f"{reverse('sign_many', args=[book.pk])}?skill={skill.pk}"
    filled = {**sheet(book), "line": f"{skill.pk}:", f"level-{skill.scale_id}": sheet(book)["level"]}
    refused = browser.post(where, {**filled, "password": "not-my-password"})
    assert refused.status_code == 400
    assert "This is not your password." in refused.content.decode()
    assert " checked" in refused.content.decode()
    assert browser.post(where, {**filled, "password": PASSWORD}).status_code == 302
    assert SignOff.objects.count() == 1


def test_an_undo_in_its_row_leads_to_where_the_password_is_asked(book: Apprenticeship, mentor: User, at: At) -> None:
    made = signed(asking(book, SigningPolicy.SESSION), mentor)
    asking(book, SigningPolicy.EVERY)
    where, filled = reverse("take_back", args=[made.pk]), {"key": sheet(book)["key"], "kind": "mistake"}
    assert at(mentor).post(where, filled, headers=HTMX)["HX-Redirect"] == where
    assert at(mentor).post(where, filled).status_code == 400
    assert at(mentor).post(where, {**filled, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("missing", "words"),
    [(SignatureAcceptance, "Read and accept it"), (IdentityConfirmation, "Nobody has confirmed yet")],
)
def test_who_may_not_sign_yet_is_told_before_typing_anything(
    apprenticeship: Apprenticeship,
    mentor: User,
    at: At,
    missing: type[SignatureAcceptance | IdentityConfirmation],
    words: str,
) -> None:
    made = signed(apprenticeship, mentor)
    with lifted(connection):
        missing.objects.filter(person=mentor).delete()
    for page in pages_that_sign(apprenticeship, made):
        response = at(mentor).get(page)
        assert response.status_code == 403
        assert words in response.content.decode()
        assert "<form" not in response.content.decode().split("<main")[1]
    in_place = at(mentor).get(address(apprenticeship), headers=HTMX)
    assert in_place.status_code == 409
    assert words in in_place.content.decode()
    assert "<html" not in in_place.content.decode()
    assert at(mentor).post(address(apprenticeship, "1.2"), sheet(apprenticeship, "1.2")).status_code == 403
    assert SignOff.objects.count() == 1
