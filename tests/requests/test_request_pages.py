"""The pages of asking and answering, as each person meets them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.answering import send_back
from apprenticeship.models import Apprenticeship, AskState, RequestedSkill, SignOff
from tests.cast import NOW, TODAY, asked, level_of, signed, skill_of, viewer_for
from tests.pages.sheets import address as sign_address
from tests.pages.sheets import sheet

At = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def ask_address(book: Apprenticeship, code: str = "") -> str:
    query = f"?skill={skill_of(book, code).pk}" if code else ""
    return reverse("ask", args=[book.pk]) + query


def filled(book: Apprenticeship, *codes: str, **changed: Any) -> dict[str, Any]:
    skills = [str(skill_of(book, code).pk) for code in codes or ("1.1",)]
    return {"key": str(uuid.uuid4()), "skills": skills, "day": TODAY.isoformat(), **changed}


def returned(book: Apprenticeship, mentor: User, code: str = "1.1") -> RequestedSkill:
    (row,) = asked(book, code)
    row = RequestedSkill.objects.select_related("apprenticeship__sponsor", "skill__skill_set").get(pk=row.pk)
    (row,) = send_back(viewer=viewer_for(mentor), key=f"b {code}", asked=[row], comment="Show me the log.")
    return row


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_one_skill_is_asked_for_with_a_tap_because_today_is_offered(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    browser = at(apprentice)
    page = page_of(browser, ask_address(apprenticeship, "1.1"))
    assert skill_of(apprenticeship, "1.1").text in page
    assert f'value="{TODAY.isoformat()}" checked' in page
    level = level_of(skill_of(apprenticeship, "1.1"))
    answer = browser.post(
        ask_address(apprenticeship, "1.1"),
        filled(apprenticeship, done_with=str(mentor.pk), level=str(level.pk), comment="Twice."),
        follow=True,
    )
    row = RequestedSkill.objects.get()
    assert (row.done_on, row.done_with, row.level, row.request.comment) == (TODAY, mentor, level, "Twice.")
    told = answer.content.decode()
    assert "You have asked for 1 sign-off." in told
    assert "It is with Maria Alvarez, Dev Patel." in told
    assert "state-waiting" in told


def test_several_are_ticked_on_a_list_that_says_what_cannot_be_asked_for(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    signed(apprenticeship, mentor, "1.1")
    asked(apprenticeship, "1.2")
    browser = at(apprentice)
    page = page_of(browser, ask_address(apprenticeship))
    assert page.count('type="checkbox"') == 47
    assert "signed off at the highest level" in page
    assert "it waits for an answer" in page
    browser.post(ask_address(apprenticeship), filled(apprenticeship, "2.1", "2.2", day="other", done_on="2026-02-27"))
    assert set(RequestedSkill.objects.values_list("skill__code", flat=True)) == {"1.2", "2.1", "2.2"}
    assert str(RequestedSkill.objects.get(skill__code="2.1").done_on) == "2026-02-27"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"skills": []}, "Choose at least one skill to ask for."),
        ({"day": ""}, "Choose the day on which you did it."),
        ({"day": "other"}, "Enter the date on which you did it."),
        ({"day": "yesterday"}, "Choose the day on which you did it."),
        ({"day": "2031-01-01"}, "The date is in the future."),
        ({"day": "2001-01-01"}, "The date is before your apprenticeship began."),
        ({"comment": "Steady hands." * 200}, "The comment is too long"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    apprenticeship: Apprenticeship, apprentice: User, at: At, changed: dict[str, Any], words: str
) -> None:
    wrong = {**filled(apprenticeship, comment="Steady hands."), **changed}
    response = at(apprentice).post(ask_address(apprenticeship), wrong)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert "Steady hands." in page
    assert not RequestedSkill.objects.exists()


def test_credit_asks_for_the_date_of_its_documents(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    wrong = filled(apprenticeship, day="other", comment="A certificate.")
    page = at(apprentice).post(f"{ask_address(apprenticeship)}?kind=credit", wrong).content.decode()
    assert "Enter the date of the documents." in page
    assert "on which you did it" not in page


def test_what_cannot_be_asked_for_is_named_and_what_was_ticked_is_kept(
    apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    asked(apprenticeship, "1.1")
    response = at(apprentice).post(ask_address(apprenticeship), filled(apprenticeship, "1.1", "2.1"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "1.1: You have asked for this skill already" in page
    assert f'value="{skill_of(apprenticeship, "2.1").pk}" checked' in page


def test_a_single_skill_that_cannot_be_asked_for_says_why_instead_of_a_form(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    signed(apprenticeship, mentor)
    page = page_of(at(apprentice), ask_address(apprenticeship, "1.1"))
    assert "It cannot be asked for now" in page
    assert "Ask for this sign-off" not in page
    page_of(at(apprentice), f"{ask_address(apprenticeship)}?skill=nonsense", 404)


def test_a_double_tap_asks_once_and_a_used_key_with_other_words_asks_nothing(
    apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    browser, wanted = at(apprentice), filled(apprenticeship)
    assert [browser.post(ask_address(apprenticeship), wanted).status_code for _tap in range(2)] == [302, 302]
    response = browser.post(ask_address(apprenticeship), {**wanted, "skills": filled(apprenticeship, "2.1")["skills"]})
    assert response.status_code == 422
    assert wanted["key"] not in response.content.decode()
    assert RequestedSkill.objects.count() == 1


def test_with_htmx_the_row_alone_changes(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    browser = at(apprentice)
    opened = browser.get(ask_address(apprenticeship, "1.1"), headers={"HX-Request": "true"})
    assert "<html" not in opened.content.decode()
    wrong = browser.post(
        ask_address(apprenticeship, "1.1"), filled(apprenticeship, day=""), headers={"HX-Request": "true"}
    )
    assert wrong.status_code == 400
    assert wrong["HX-Retarget"] == f"#sheet-{skill_of(apprenticeship, '1.1').pk}"
    done = browser.post(
        ask_address(apprenticeship, "1.1"), filled(apprenticeship), headers={"HX-Request": "true"}, follow=True
    )
    assert 'id="under-way" class="stack" hx-swap-oob="true"' in done.content.decode()
    assert "state-waiting" in done.content.decode()


def test_withdrawing_leads_back_to_the_record(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    (row,) = asked(apprenticeship)
    browser, key = at(apprentice), {"key": str(uuid.uuid4())}
    there = reverse("withdraw", args=[row.pk])
    assert "Withdrawn: 1.1." in browser.post(there, key, follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == AskState.WITHDRAWN
    again = browser.post(there, {"key": str(uuid.uuid4())}, follow=True).content.decode()
    assert "nothing to withdraw any more" in again
    assert "did not arrive whole" in browser.post(there, follow=True).content.decode()


def test_what_came_back_stands_on_top_of_the_apprentices_home(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    returned(apprenticeship, mentor)
    page = page_of(at(apprentice), "/my-record/")
    assert page.index("Show me the log.") < page.index('class="rings"')
    assert "Ask again" in page
    sheet_page = page_of(at(apprentice), ask_address(apprenticeship, "1.1"))
    assert "Maria Alvarez sent it back" in sheet_page
    assert "Show me the log." in sheet_page


def test_the_mentors_home_says_what_waits_and_how_long(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    asked(apprenticeship, "1.1", "1.2", at=NOW - timedelta(hours=30))
    for person, address, words in ((mentor, "/mentor/", "Waiting for you"), (coordinator, "/cohorts/", "It is with")):
        page = page_of(at(person), address)
        assert words in page
        assert "2 skills · Workplace and Safety Orientation" in page
        assert ">1 day</time>" in page


def test_the_mentor_signs_from_the_request_and_is_led_to_the_next(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    first, _second = asked(
        apprenticeship, "1.1", "1.2", done_on=TODAY.replace(month=2, day=20), comment="At the bench."
    )
    asked(apprenticeship, "2.1")
    browser = at(mentor)
    request_page = page_of(browser, reverse("sign_off_request", args=[first.request_id]))
    assert "At the bench." in request_page
    assert request_page.count("?from=request") == 2
    opened = page_of(browser, f"{sign_address(apprenticeship)}?from=request")
    assert 'value="other" checked' in opened
    assert 'value="2026-02-20"' in opened
    assert "At the bench." in opened
    answer = browser.post(f"{sign_address(apprenticeship)}?from=request", sheet(apprenticeship), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(f"/requests/{first.request_id}/?signed=")
    assert "Signed: 1.1, Proficient." in page
    assert "Next in line" not in page
    last = browser.post(
        f"{sign_address(apprenticeship, '1.2')}?from=request", sheet(apprenticeship, "1.2"), follow=True
    )
    assert "Next in line" in last.content.decode()
    assert SignOff.objects.count() == 2


def test_without_a_request_no_day_is_offered(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    asked(apprenticeship, "1.2")
    assert " checked" not in page_of(at(mentor), sign_address(apprenticeship, "1.1"))


def test_some_of_a_request_are_sent_back_on_a_page(
    apprenticeship: Apprenticeship, mentor: User, apprentice: User, at: At
) -> None:
    first, second = asked(apprenticeship, "1.1", "1.2")
    there, browser = reverse("send_back", args=[first.request_id]), at(mentor)
    assert page_of(browser, there).count("checked") == 2
    blank = browser.post(there, {"key": str(uuid.uuid4()), "asked": [str(first.pk)], "comment": ""})
    assert blank.status_code == 400
    assert "Say what is missing" in blank.content.decode()
    none = browser.post(there, {"key": str(uuid.uuid4()), "comment": "The log."})
    assert (none.status_code, "Choose at least one" in none.content.decode()) == (400, True)
    sent = {"key": str(uuid.uuid4()), "asked": [str(first.pk)], "comment": "The log is missing."}
    assert "Sent back: 1 skill." in browser.post(there, sent, follow=True).content.decode()
    assert page_of(browser, there).count(" checked") == 1
    late = browser.post(there, {**sent, "key": str(uuid.uuid4())}, follow=True).content.decode()
    assert "Somebody was quicker" in late
    second.refresh_from_db()
    assert second.state == AskState.OPEN


def test_a_mentor_of_another_track_reads_the_request_and_is_refused_to_send_it_back(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    (row,) = asked(apprenticeship, "2.1")
    page = page_of(at(mentor), reverse("sign_off_request", args=[row.request_id]))
    assert "Send back" not in page
    assert "?from=request" not in page
    page_of(at(mentor), reverse("send_back", args=[row.request_id]), 403)


def test_what_waits_is_filtered_in_the_record_and_counts_for_nothing(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    asked(apprenticeship, "1.1", "8.1")
    page = page_of(at(mentor), f"/records/{apprenticeship.pk}/?show=waiting")
    assert page.count('class="skill ') + page.count('class="skill"') == 2
    assert "0 of 49" in page


def test_an_auditor_sees_the_record_alone(apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At) -> None:
    returned(apprenticeship, mentor, "1.1")
    (row,) = asked(apprenticeship, "1.2")
    page = page_of(at(auditor), f"/records/{apprenticeship.pk}/?open=all")
    assert "Waiting" not in page
    assert "Sent back" not in page
    page_of(at(auditor), reverse("sign_off_request", args=[row.request_id]), 403)
