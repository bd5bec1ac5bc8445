"""The apprentice reads what was signed, agrees or disagrees; those who run the program answer."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Sponsor, User
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer, SignOff
from apprenticeship.takingback import take_back
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.cast import NOW, make_apprenticeship, make_terms, signed, viewer_for
from tests.pages.words import words_of

At = Callable[[User], Client]


def sheet(book: Apprenticeship) -> str:
    return f"/records/{book.pk}/agree/"


def filled(*sign_offs: SignOff) -> dict[str, object]:
    return {"key": str(uuid.uuid4()), "sign_off": [str(sign_off.pk) for sign_off in sign_offs]}


@pytest.fixture
def two(apprenticeship: Apprenticeship, mentor: User) -> list[SignOff]:
    demands_ok(apprenticeship, "1.1", "1.2")
    return [signed(apprenticeship, mentor, code, note="Neat work.") for code in ("1.1", "1.2")]


def test_the_record_says_what_needs_an_ok_and_one_tap_leads_to_it(
    two: list[SignOff], apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    browser = at(apprentice)
    home = browser.get("/my-record/")
    assert sheet(apprenticeship) in home.content.decode()
    assert "Needs your OK 2" in words_of(home)
    assert "0 of 49" in words_of(home)
    page = words_of(browser.get(sheet(apprenticeship)))
    for said in ("Neat work.", "Signed by Maria Alvarez, Mentor", "I watched the work", two[0].level.sentence):
        assert said in page
    assert "I have read this sign-off of my work, and I agree with it." in page


def test_all_are_agreed_with_in_one_press(
    two: list[SignOff], apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    browser, form = at(apprentice), filled(*two)
    answer = browser.post(sheet(apprenticeship), form, follow=True)
    assert "You agreed with 2 sign-offs." in answer.content.decode()
    assert "2 of 49" in words_of(answer)
    assert browser.post(sheet(apprenticeship), form).status_code == 302
    assert CounterSignature.objects.count() == 2
    assert "Nothing needs your OK" in browser.get(sheet(apprenticeship)).content.decode()


def test_nothing_ticked_is_named(two: list[SignOff], apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    answer = at(apprentice).post(sheet(apprenticeship), filled())
    assert (answer.status_code, "Choose at least one sign-off." in answer.content.decode()) == (400, True)
    answer = at(apprentice).post(sheet(apprenticeship), {"key": str(uuid.uuid4()), "sign_off": "nonsense"})
    assert answer.status_code == 400
    assert not CounterSignature.objects.exists()


def test_who_agrees_with_what_was_taken_back_is_told_and_sees_what_is_left(
    two: list[SignOff], apprenticeship: Apprenticeship, mentor: User, apprentice: User, at: At
) -> None:
    take_back(viewer=viewer_for(mentor), key="t", sign_off=two[0], kind="mistake")
    answer = at(apprentice).post(sheet(apprenticeship), filled(*two))
    page = answer.content.decode()
    assert (answer.status_code, "Something changed meanwhile" in page) == (409, True)
    assert str(two[1].pk) in page
    assert str(two[0].pk) not in page
    assert not CounterSignature.objects.exists()


def test_any_sign_off_that_stands_may_be_agreed_with(
    apprenticeship: Apprenticeship, mentor: User, apprentice: User, at: At
) -> None:
    made = signed(apprenticeship, mentor)
    browser = at(apprentice)
    story = f"/records/{apprenticeship.pk}/skills/{made.skill_id}/"
    assert f"?sign_off={made.pk}" in browser.get(story).content.decode()
    assert "Do you agree?" in browser.get(f"{sheet(apprenticeship)}?sign_off={made.pk}").content.decode()
    browser.post(f"{sheet(apprenticeship)}?sign_off={made.pk}", filled(made))
    page = words_of(browser.get(story))
    assert "You agreed" in page
    assert "The apprentice agrees with entry 1" in page


def test_a_disagreement_says_why_and_names_the_day_of_the_answer(two: list[SignOff], apprentice: User, at: At) -> None:
    browser, address = at(apprentice), f"/sign-offs/{two[0].pk}/disagree/"
    asked = words_of(browser.get(address))
    assert "Your coordinator answers by Mar 16, 2026" in asked
    assert "Maria Alvarez, your other mentors and those who run the program can read it; it is not printed." in asked
    refused = browser.post(address, {"key": str(uuid.uuid4()), "reason": " "})
    assert (refused.status_code, "Say why you disagree" in refused.content.decode()) == (400, True)
    done = browser.post(address, {"key": str(uuid.uuid4()), "reason": "Not my work."}, follow=True)
    page = words_of(done)
    assert "You disagree" in page
    assert "Not my work." in page
    assert "You have disagreed with it already" in browser.get(address).content.decode()
    assert browser.post(address, {"key": str(uuid.uuid4()), "reason": "Again."}).status_code == 409


def test_what_one_disagrees_with_is_not_offered_again(
    two: list[SignOff], apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    disagreed(two[0])
    page = at(apprentice).get(sheet(apprenticeship)).content.decode()
    assert str(two[0].pk) not in page
    home = words_of(at(apprentice).get("/my-record/"))
    assert "Your coordinator answers by Mar 16, 2026." in home


def test_others_read_that_an_ok_is_missing(
    two: list[SignOff], apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    disagreed(two[1])
    for reader in (mentor, auditor):
        page = words_of(at(reader).get(f"/records/{apprenticeship.pk}/?show=waiting"))
        assert "Waiting for the apprentice’s OK" in page
        assert "The apprentice disagrees; answer due by Mar 16, 2026" in page
        assert "2 skills shown" in page
    story = f"/records/{apprenticeship.pk}/skills/{two[1].skill_id}/"
    assert "I was not there that day." in at(mentor).get(story).content.decode()
    assert "I was not there that day." not in at(auditor).get(story).content.decode()


def test_coordinators_find_what_is_disagreed_with_on_their_first_page(
    two: list[SignOff], coordinator: User, at: At
) -> None:
    late, today = disagreed(two[0], at=NOW - timedelta(days=16)), disagreed(two[1], at=NOW - timedelta(days=14))
    for address in ("/cohorts/", "/disagreements/"):
        page = words_of(at(coordinator).get(address))
        assert "overdue for 2 days" in page
        assert "answer due today" in page
    answered(late, coordinator)
    answered(today, coordinator)
    assert "No disagreement waits" in at(coordinator).get("/disagreements/").content.decode()
    assert "Needs you today" not in at(coordinator).get("/cohorts/").content.decode()


def test_an_auditor_sees_no_disagreement_to_answer(two: list[SignOff], auditor: User, at: At) -> None:
    disagreed(two[0])
    assert "Needs you today" not in at(auditor).get("/cohorts/").content.decode()


def test_the_answer_reaches_the_apprentice_and_the_signer(
    two: list[SignOff], coordinator: User, mentor: User, apprentice: User, at: At
) -> None:
    word = disagreed(two[0])
    address = f"/disagreements/{word.pk}/answer/"
    assert "I was not there that day." in at(coordinator).get(address).content.decode()
    refused = at(coordinator).post(address, {"key": str(uuid.uuid4()), "outcome": "", "words": "Kept words."})
    assert (refused.status_code, "Kept words." in refused.content.decode()) == (400, True)
    form = {"key": str(uuid.uuid4()), "outcome": "sign_again", "words": "Look at the log."}
    done = at(coordinator).post(address, form, follow=True)
    assert "Answered." in done.content.decode()
    assert "You are asked to sign again" in at(mentor).get("/mentor/").content.decode()
    story = f"/records/{two[0].apprenticeship_id}/skills/{two[0].skill_id}/"
    page = words_of(at(apprentice).get(story))
    assert "Look at the log." in page
    assert "The mentor is asked to sign again" in page


def test_a_late_answer_is_told_that_none_is_needed(two: list[SignOff], coordinator: User, at: At) -> None:
    word = disagreed(two[0])
    agreed(two[0])
    address = f"/disagreements/{word.pk}/answer/"
    assert "This needs no answer any more" in at(coordinator).get(address).content.decode()
    form = {"key": str(uuid.uuid4()), "outcome": "stands", "words": "It stands."}
    assert at(coordinator).post(address, form).status_code == 409
    assert not DisagreementAnswer.objects.exists()


def test_who_has_several_records_sees_in_which_an_ok_is_wanted(
    two: list[SignOff], apprenticeship: Apprenticeship, apprentice: User, sponsor: Sponsor, at: At
) -> None:
    other = make_terms(sponsor, apprenticeship.terms.standard_version, "Evening program")
    make_apprenticeship(apprentice, other)
    assert words_of(at(apprentice).get("/my-record/")).count("Needs your OK") == 1
