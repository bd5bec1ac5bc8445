"""Asking for several at once, each with its own day, person and judgment; and asking for credit on the same page."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, RequestedSkill
from tests.cast import STARTS_ON, TODAY, asked, level_of, skill_of
from tests.requests.test_request_pages import At

pytestmark = pytest.mark.django_db


def sent(book: Apprenticeship, *codes: str, **changed: Any) -> dict[str, Any]:
    skills = [str(skill_of(book, code).pk) for code in codes]
    return {"key": str(uuid.uuid4()), "skills": skills, "day": TODAY.isoformat(), **changed}


def test_each_of_several_has_its_own_day_person_and_judgment(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, deputy: User, at: At
) -> None:
    first, second, third = (skill_of(apprenticeship, code) for code in ("1.1", "1.2", "2.1"))
    own = {
        f"own-day-{second.pk}": "2026-02-20",
        f"own-person-{second.pk}": str(deputy.pk),
        f"own-level-{second.pk}": str(level_of(second).pk),
        f"own-person-{third.pk}": "nobody",
    }
    wanted = sent(apprenticeship, "1.1", "1.2", "2.1", done_with=str(mentor.pk), **own)
    assert at(apprentice).post(reverse("ask", args=[apprenticeship.pk]), wanted).status_code == 302
    rows = {row.skill_id: (row.done_on, row.done_with, row.level) for row in RequestedSkill.objects.all()}
    assert rows[first.pk] == (TODAY, mentor, None)
    assert rows[second.pk] == (date(2026, 2, 20), deputy, level_of(second))
    assert rows[third.pk] == (TODAY, None, None)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("day", "soon", "1.2: Enter the date on which you did it."),
        ("day", "2031-01-01", "1.2: The date is in the future."),
        ("day", "2001-01-01", "1.2: The date is before your apprenticeship began."),
        ("person", "00000000-0000-0000-0000-000000000000", "1.2: Choose one of your mentors, or nobody."),
        ("level", "00000000-0000-0000-0000-000000000000", "1.2: This level is not on the scale of this skill."),
    ],
)
def test_what_is_wrong_with_one_of_several_is_said_by_its_code_and_kept(
    apprenticeship: Apprenticeship, apprentice: User, at: At, field: str, text: str, words: str
) -> None:
    name = f"own-{field}-{skill_of(apprenticeship, '1.2').pk}"
    wrong = sent(apprenticeship, "1.1", "1.2", comment="Steady hands.", **{name: text})
    answer = at(apprentice).post(reverse("ask", args=[apprenticeship.pk]), wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert "Steady hands." in page
    assert page.count('class="check"><input type="checkbox" name="skills"') == page.count('name="skills"')
    assert not RequestedSkill.objects.exists()


@pytest.mark.parametrize("skill", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_skill_is_refused_in_plain_words(
    apprenticeship: Apprenticeship, apprentice: User, at: At, skill: str
) -> None:
    wrong = sent(apprenticeship, comment="Steady hands.") | {"skills": [skill]}
    answer = at(apprentice).post(reverse("ask", args=[apprenticeship.pk]), wrong)
    assert answer.status_code == 400
    assert "A skill that was sent is not part of the standard you follow." in answer.content.decode()
    assert "Steady hands." in answer.content.decode()


def test_a_comment_of_a_megabyte_is_refused_and_kept(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    answer = at(apprentice).post(
        reverse("ask", args=[apprenticeship.pk]), sent(apprenticeship, "1.1", comment="x" * 1_000_000)
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "The comment is too long. Keep it to 2000 characters." in page
    assert "x" * 1_000_000 in page


def test_the_address_ticks_what_it_names(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    named = "&".join(f"skill={skill_of(apprenticeship, code).pk}" for code in ("1.1", "1.2"))
    page = at(apprentice).get(f"{reverse('ask', args=[apprenticeship.pk])}?{named}").content.decode()
    assert page.count(" checked><span class") == 2


def test_credit_is_asked_for_with_words_and_an_older_date(
    apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    there, browser = f"{reverse('ask', args=[apprenticeship.pk])}?kind=credit", at(apprentice)
    assert "The coordinator of your program decides." in browser.get(there).content.decode()
    wanted = sent(apprenticeship, "1.1", day="other", done_on="2024-05-01")
    silent = browser.post(there, wanted)
    assert (silent.status_code, "Say what shows it." in silent.content.decode()) == (400, True)
    done = browser.post(there, {**wanted, "comment": "Certificate of 2024."}, follow=True).content.decode()
    assert "You have asked for credit for 1 skill." in done
    row = RequestedSkill.objects.get()
    assert (row.kind, row.done_on < STARTS_ON, row.state) == ("credit", True, "open")


def test_what_a_mentor_wrote_is_kept_when_somebody_was_quicker(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    (row,) = asked(apprenticeship)
    there, browser = reverse("send_back", args=[row.request_id]), at(mentor)
    sent_back = {"key": str(uuid.uuid4()), "asked": [str(row.pk)], "comment": "Show me the log."}
    browser.post(there, sent_back)
    late = browser.post(there, {**sent_back, "key": str(uuid.uuid4()), "comment": "Show me the seal."})
    assert (late.status_code, "Show me the seal." in late.content.decode()) == (409, True)
    asked(apprenticeship)
    reused = browser.post(there, {**sent_back, "comment": "And the seal."})
    assert (reused.status_code, "And the seal." in reused.content.decode()) == (422, True)
    assert str(sent_back["key"]) not in reused.content.decode()
