"""The sheet on which a mentor signs one skill."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff, SkillStanding
from tests.cast import TODAY, level_of, signed, skill_of
from tests.pages.sheets import address, sheet

At = Callable[[User], Client]


def test_the_sheet_shows_the_words_the_levels_and_the_signer(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    page = at(mentor).get(address(apprenticeship)).content.decode()
    skill = skill_of(apprenticeship, "1.1")
    assert skill.text in page
    assert all(level.sentence in page for level in skill.scale.levels.all())
    assert "Sign as Maria Alvarez, Mentor" in page


def test_nothing_is_chosen_in_advance(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    assert " checked" not in at(mentor).get(address(apprenticeship)).content.decode()


def test_signing_leads_back_to_the_skill_in_the_record(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    response = at(mentor).post(address(apprenticeship), sheet(apprenticeship, note="Steady hands."))
    made = SignOff.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/records/{apprenticeship.pk}/?signed={made.pk}#skill-{made.skill_id}"
    assert made.note
    assert (made.observed_on, made.method, made.note.text) == (TODAY, "observed", "Steady hands.")


def test_a_double_tap_signs_once_and_leads_to_the_same_place(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    browser, filled = at(mentor), sheet(apprenticeship)
    answers = [browser.post(address(apprenticeship), filled)["Location"] for _tap in range(2)]
    assert answers[0] == answers[1]
    assert SignOff.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("level", "", "Choose the level that was shown."),
        ("method", "", "Choose how you came to your judgment."),
        ("day", "", "Choose the day on which it was shown to you."),
        ("day", "other", "Enter the date on which it was shown to you."),
        ("day", "2031-01-01", "The date is in the future."),
        ("day", "2001-01-01", "The date is before the apprenticeship began."),
        ("day", "yesterday", "Choose the day on which it was shown to you."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    apprenticeship: Apprenticeship, mentor: User, at: At, field: str, value: str, words: str
) -> None:
    filled = sheet(apprenticeship, note="Steady hands.", **{field: value})
    response = at(mentor).post(address(apprenticeship), filled)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert "Steady hands." in page
    assert not SignOff.objects.exists()


def test_another_day_is_typed_in(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    at(mentor).post(address(apprenticeship), sheet(apprenticeship, day="other", observed_on="2026-02-27"))
    assert str(SignOff.objects.get().observed_on) == "2026-02-27"


def test_a_stale_page_is_told_who_signed_and_may_sign_over_it(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At
) -> None:
    theirs = signed(apprenticeship, deputy)
    response = at(mentor).post(address(apprenticeship), sheet(apprenticeship, note="Mine."))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Dev Patel has signed this skill: Proficient" in page
    assert "Sign over it as Maria Alvarez, Mentor" in page
    assert "Mine." in page
    over = sheet(apprenticeship, replaces=str(theirs.pk))
    assert at(mentor).post(address(apprenticeship), over).status_code == 302
    assert SkillStanding.objects.get().sign_off_id != theirs.pk


def test_a_used_key_with_other_words_signs_nothing_and_shows_what_stands(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    browser, filled = at(mentor), sheet(apprenticeship)
    browser.post(address(apprenticeship), filled)
    response = browser.post(address(apprenticeship), {**filled, "method": "discussion"})
    assert response.status_code == 422
    assert "You have signed this skill already: Proficient" in response.content.decode()
    assert filled["key"] not in response.content.decode()
    assert SignOff.objects.count() == 1


def test_a_mentor_of_another_track_is_refused_the_sheet(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    assert at(mentor).get(address(apprenticeship, "2.1")).status_code == 403
    assert at(mentor).get(address(apprenticeship, "1.1")).status_code == 200
    assert at(mentor).post(address(apprenticeship, "2.1"), sheet(apprenticeship, "2.1")).status_code == 403


@pytest.mark.parametrize("who", ["apprentice", "coordinator", "auditor"])
def test_others_who_read_the_record_are_refused_the_sheet(
    apprenticeship: Apprenticeship, request: pytest.FixtureRequest, at: At, who: str
) -> None:
    assert at(request.getfixturevalue(who)).get(address(apprenticeship)).status_code == 403


def test_a_skill_of_no_standard_of_theirs_is_not_there(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    assert at(mentor).get(f"/records/{apprenticeship.pk}/skills/{uuid.uuid4()}/sign-off/").status_code == 404


def test_in_place_the_answer_is_the_row_that_changed(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    response = at(mentor).post(
        address(apprenticeship), sheet(apprenticeship), headers={"HX-Request": "true"}, follow=True
    )
    skill = skill_of(apprenticeship, "1.1")
    assert response.redirect_chain[0][0].startswith(f"/records/{apprenticeship.pk}/skills/{skill.pk}/row/?signed=")
    # The test client does not send the header again after a redirect, as a browser does.
    row = at(mentor).get(response.redirect_chain[0][0], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in row
    assert "1 of 49" in row
    assert "Undo" in row


def test_in_place_a_refusal_stays_in_the_sheet(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    filled = sheet(apprenticeship, level="")
    response = at(mentor).post(address(apprenticeship), filled, headers={"HX-Request": "true"})
    assert response.status_code == 400
    assert response["HX-Retarget"] == f"#sheet-{skill_of(apprenticeship, '1.1').pk}"
    assert "<html" not in response.content.decode()


def test_below_the_threshold_the_meaning_says_so(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    level = level_of(skill_of(apprenticeship, "1.1"), "with-coaching")
    at(mentor).post(address(apprenticeship), sheet(apprenticeship, level=str(level.pk)))
    assert "still being learned" in SignOff.objects.get().entry.canonical
