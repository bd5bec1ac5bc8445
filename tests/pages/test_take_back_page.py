"""Taking a sign-off back from a page, and reading the whole story of a skill afterwards."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from apprenticeship.models import Apprenticeship, Revocation, SignOff, TakeBackRequest
from apprenticeship.take_back_asking import ask_take_back
from tests.cast import NOW, signed, viewer_for

At = Callable[[User], Client]


def address(sign_off: SignOff) -> str:
    return f"/sign-offs/{sign_off.pk}/take-back/"


def story(sign_off: SignOff) -> str:
    return f"/records/{sign_off.apprenticeship_id}/skills/{sign_off.skill_id}/"


def answer(kind: str = "mistake", reason: str = "") -> dict[str, str]:
    return {"key": str(uuid.uuid4()), "kind": kind, "reason": reason}


@pytest.fixture
def fresh_sign_off(apprenticeship: Apprenticeship, mentor: User) -> SignOff:
    assert timezone.now() == NOW
    return signed(apprenticeship, mentor)


def test_a_mistake_is_undone_by_its_signer(fresh_sign_off: SignOff, mentor: User, at: At) -> None:
    response = at(mentor).post(address(fresh_sign_off), answer(), follow=True)
    assert "Taken back as entered by mistake." in response.content.decode()
    assert "0 of 49" in response.content.decode()


def test_a_double_tap_takes_back_once(fresh_sign_off: SignOff, mentor: User, at: At) -> None:
    browser, filled = at(mentor), answer()
    assert [browser.post(address(fresh_sign_off), filled).status_code for _tap in range(2)] == [302, 302]
    assert Revocation.objects.count() == 1


def test_no_longer_stands_needs_a_reason_and_keeps_the_choice(
    fresh_sign_off: SignOff, coordinator: User, at: At
) -> None:
    response = at(coordinator).post(address(fresh_sign_off), answer("no_longer_stands"))
    assert response.status_code == 400
    assert "Say why it no longer stands" in response.content.decode()
    assert not Revocation.objects.exists()


def test_a_coordinator_is_not_offered_the_mistake_of_another(
    fresh_sign_off: SignOff, coordinator: User, at: At
) -> None:
    page = at(coordinator).get(address(fresh_sign_off)).content.decode()
    assert 'value="mistake"' not in page
    assert at(coordinator).post(address(fresh_sign_off), answer()).status_code == 403


def test_when_the_undo_time_is_over_the_other_way_is_open(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    old = signed(apprenticeship, mentor, at=NOW - timedelta(minutes=31))
    response = at(mentor).post(address(old), answer())
    assert response.status_code == 409
    assert "The time for this has passed" in response.content.decode()
    assert 'value="no_longer_stands"' in response.content.decode()


def test_what_stands_no_more_cannot_be_taken_back_again(fresh_sign_off: SignOff, mentor: User, at: At) -> None:
    at(mentor).post(address(fresh_sign_off), answer())
    response = at(mentor).post(address(fresh_sign_off), answer())
    assert response.status_code == 409
    assert "This sign-off stands no more" in response.content.decode()


def test_a_refused_undo_in_a_row_leads_to_the_page_that_explains(fresh_sign_off: SignOff, mentor: User, at: At) -> None:
    at(mentor).post(address(fresh_sign_off), answer())
    response = at(mentor).post(address(fresh_sign_off), answer(), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == address(fresh_sign_off)


def test_the_story_keeps_the_mistake_to_be_seen(fresh_sign_off: SignOff, mentor: User, at: At) -> None:
    at(mentor).post(address(fresh_sign_off), answer())
    page = at(mentor).get(story(fresh_sign_off)).content.decode()
    assert "Entry 1 was entered by mistake" in page
    assert 'class="event mistaken"' in page
    assert "March 2, 2026, 10:00 EST" in page


def test_the_reason_is_read_by_those_it_concerns_and_not_by_the_auditor(
    fresh_sign_off: SignOff, coordinator: User, apprentice: User, auditor: User, at: At
) -> None:
    at(coordinator).post(address(fresh_sign_off), answer("no_longer_stands", "Skipped the second count."))
    assert "Skipped the second count." in at(apprentice).get(story(fresh_sign_off)).content.decode()
    seen = at(auditor).get(story(fresh_sign_off)).content.decode()
    assert "Skipped the second count." not in seen
    assert "sealed; your role does not read it" in seen


def test_the_story_says_what_replaced_what(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    first = signed(apprenticeship, mentor, "8.1", level="with-coaching")
    signed(apprenticeship, deputy, "8.1", replaces=first)
    page = at(mentor).get(story(first)).content.decode()
    assert "replaced by entry 2 of Dev Patel" in page
    assert page.index("Dev Patel") < page.index("With coaching")


def test_an_auditor_is_offered_nothing_to_press(fresh_sign_off: SignOff, auditor: User, at: At) -> None:
    page = at(auditor).get(story(fresh_sign_off)).content.decode()
    assert "take-back" not in page
    assert "sign-off/" not in page
    assert at(auditor).get(address(fresh_sign_off)).status_code == 403


def test_another_mentor_reads_whom_to_ask_before_typing_anything(
    fresh_sign_off: SignOff, deputy: User, coordinator: User, at: At
) -> None:
    page = at(deputy).get(address(fresh_sign_off)).content.decode()
    assert "so Maria Alvarez or a coordinator may take it back, and you may not" in page
    assert "You can ask: Carol Jones." in page
    assert 'name="kind"' not in page


def test_signers_read_until_when_they_may_and_then_that_it_is_over(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    recent = signed(apprenticeship, mentor)
    assert "You signed this yourself, so you may say until" in at(mentor).get(address(recent)).content.decode()
    old = signed(
        apprenticeship, mentor, "1.2", at=NOW - timedelta(days=31), observed_on=NOW.date() - timedelta(days=31)
    )
    page = at(mentor).get(address(old)).content.decode()
    assert "your time to take it back ended on" in page
    assert 'name="kind"' not in page


def test_what_was_typed_too_late_is_kept_for_asking(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    old = signed(apprenticeship, mentor, at=NOW - timedelta(days=31), observed_on=NOW.date() - timedelta(days=31))
    response = at(mentor).post(address(old), answer("no_longer_stands", "It was another order."))
    assert response.status_code == 409
    assert "You may not take this back yourself." in response.content.decode()
    assert "It was another order.</textarea>" in response.content.decode()


def test_a_mentor_asks_and_the_coordinator_takes_it_back_in_the_same_act(
    fresh_sign_off: SignOff, deputy: User, coordinator: User, at: At
) -> None:
    asking = f"/sign-offs/{fresh_sign_off.pk}/ask-take-back/"
    page = at(deputy).post(asking, {"key": str(uuid.uuid4()), "reason": "Another order."}, follow=True).content.decode()
    assert "A coordinator has not answered yet." in page
    asked = TakeBackRequest.objects.get()
    decided = at(coordinator).get(f"/take-backs/{asked.pk}/").content.decode()
    assert "Another order.</textarea>" in decided
    at(coordinator).post(address(fresh_sign_off), answer("no_longer_stands", "Another order."))
    assert "Carol Jones took it back." in at(deputy).get(f"/take-backs/{asked.pk}/").content.decode()


def test_the_coordinator_declines_with_an_answer_that_the_mentor_reads(
    fresh_sign_off: SignOff, deputy: User, coordinator: User, at: At
) -> None:
    asked = ask_take_back(viewer=viewer_for(deputy), key="a", sign_off=fresh_sign_off, reason="Another order.")
    decline = f"/take-backs/{asked.pk}/decline/"
    empty = at(coordinator).post(decline, {"key": str(uuid.uuid4()), "answer": ""})
    assert (empty.status_code, "Say why it stays as it is" in empty.content.decode()) == (400, True)
    at(coordinator).post(decline, {"key": str(uuid.uuid4()), "answer": "I watched it myself."})
    page = at(deputy).get(f"/take-backs/{asked.pk}/").content.decode()
    assert "I watched it myself." in page
    assert "The sign-off stands as before." in page


def test_what_was_asked_is_read_by_those_who_decide_and_mentor_alone(
    fresh_sign_off: SignOff, deputy: User, apprentice: User, auditor: User, at: At
) -> None:
    asked = ask_take_back(viewer=viewer_for(deputy), key="a", sign_off=fresh_sign_off, reason="Another order.")
    for reader in (apprentice, auditor):
        assert at(reader).get(f"/take-backs/{asked.pk}/").status_code == 403
