"""What was signed in one act is shown to its signer, each signature with its Undo."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.test import Client

from accounts.models import User
from acts.models import Act
from apprenticeship.models import Apprenticeship, Revocation, SignOff
from tests.cast import NOW, signed, skill_of
from tests.pages.many import address, sheet

At = Callable[[User], Client]


def sign_two(book: Apprenticeship, browser: Client) -> str:
    """Sign 1.1 and 1.3 in one act; returns where that is shown."""
    return browser.post(address(book, "1.1", "1.3"), sheet(book, "1.1", "1.3"))["Location"]


def test_what_was_signed_is_named_with_an_undo_each(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    page = at(mentor).get(sign_two(apprenticeship, at(mentor))).content.decode()
    assert "2 signatures stand" in page
    assert "In the record of Rosa Diaz" in page
    assert all(skill_of(apprenticeship, code).text in page for code in ("1.1", "1.3"))
    assert page.count("/take-back/") == 2


def test_one_is_undone_and_the_other_stands(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    browser = at(mentor)
    where = sign_two(apprenticeship, browser)
    first = SignOff.objects.get(skill__code="1.1")
    undone = browser.post(f"/sign-offs/{first.pk}/take-back/", {"key": first.pk, "kind": "mistake", "back": "together"})
    assert undone["Location"] == where
    page = browser.get(where).content.decode()
    assert "1 signature stands" in page
    assert "Entered by mistake" in page
    assert page.count("/take-back/") == 1
    assert Revocation.objects.get().sign_off == first


def test_after_the_undo_time_nothing_offers_it(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    where = sign_two(apprenticeship, at(mentor))
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        assert "/take-back/" not in at(mentor).get(where).content.decode()


def test_what_was_signed_again_since_is_said_to_stand_no_more(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At
) -> None:
    where = sign_two(apprenticeship, at(mentor))
    signed(apprenticeship, deputy, "1.1", replaces=SignOff.objects.get(skill__code="1.1"))
    page = at(mentor).get(where).content.decode()
    assert "Stands no more" in page
    assert "1 signature stands" in page
    assert page.count("/take-back/") == 1


def test_for_others_it_is_not_there(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    where = sign_two(apprenticeship, at(mentor))
    assert at(deputy).get(where).status_code == 404
    assert at(mentor).get(f"/signed/{Act.objects.get(kind='sign_off').actor_id}/").status_code == 404


def undo_all(browser: Client, where: str, *made: SignOff, key: str = "") -> str:
    """Press "Undo all" with these signatures; returns the page that follows."""
    form = {"key": key or str(uuid.uuid4()), "sign_off": [str(sign_off.pk) for sign_off in made]}
    return browser.post(f"{where}undo/", form, follow=True).content.decode()


def test_all_are_undone_together(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    browser = at(mentor)
    where = sign_two(apprenticeship, browser)
    assert "Undo all 2" in browser.get(where).content.decode()
    page = undo_all(browser, where, *SignOff.objects.all())
    assert "All 2 sign-offs were undone." in page
    assert "0 signatures stand" in page
    assert "Undo all" not in page


def test_all_are_undone_or_none(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    browser = at(mentor)
    where = sign_two(apprenticeship, browser)
    both = list(SignOff.objects.all())
    signed(apprenticeship, deputy, "1.1", replaces=SignOff.objects.get(skill__code="1.1"))
    assert "Some of these stand no more, so nothing was undone." in undo_all(browser, where, *both)
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        late = at(mentor)
        assert "The time to undo has passed." in undo_all(late, where, SignOff.objects.get(skill__code="1.3"))
    assert "did not arrive whole" in undo_all(browser, where)
    assert not Revocation.objects.exists()


def test_the_record_offers_it_right_after(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    browser = at(mentor)
    where = sign_two(apprenticeship, browser)
    record = f"/records/{apprenticeship.pk}/?together={where.split('/')[-2]}"
    assert record in browser.get(where).content.decode()
    assert "Undo all 2" in browser.get(record).content.decode()
    assert "Undo all" not in at(deputy).get(record).content.decode()
    assert "Undo all" not in browser.get(f"/records/{apprenticeship.pk}/?together=x").content.decode()
    assert at(deputy).post(f"{where}undo/").status_code == 404
