"""All that waits of one request is signed on one sheet, from the mentor's home, with the days the apprentice named."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from apprenticeship.asking import AskLine, ask
from apprenticeship.models import Apprenticeship, AskState, RequestedSkill, SignOff
from tests.cast import TODAY, asked, fresh, level_of, make_person, signed, skill_of, viewer_for
from tests.requests.test_request_pages import At, page_of

pytestmark = pytest.mark.django_db
EARLIER = TODAY - timedelta(days=4)


@pytest.fixture
def rows(apprenticeship: Apprenticeship, mentor: User) -> list[RequestedSkill]:
    """Two skills of one request, done with the mentor: one today, one on an earlier day."""
    lines = [
        AskLine(skill_of(apprenticeship, "1.1"), TODAY, mentor),
        AskLine(skill_of(apprenticeship, "1.2"), TODAY, mentor),
        AskLine(skill_of(apprenticeship, "1.3"), EARLIER, mentor),
    ]
    viewer = viewer_for(apprenticeship.apprentice)
    return ask(viewer=viewer, key="a", apprenticeship=fresh(apprenticeship), lines=lines, comment="At the bench.")


def filled(book: Apprenticeship, rows: list[RequestedSkill], **changed: Any) -> dict[str, Any]:
    scales = {row.skill.scale_id: level_of(row.skill).pk for row in rows}
    return {
        "key": str(uuid.uuid4()),
        "line": [f"{row.skill_id}:" for row in rows],
        **{f"level-{scale}": str(level) for scale, level in scales.items()},
        "method": "observed",
        "day": TODAY.isoformat(),
        f"own-day-{skill_of(book, '1.3').pk}": EARLIER.isoformat(),
        **changed,
    }


def test_the_queue_leads_to_the_sheet_with_everything_ticked_and_dated(
    apprenticeship: Apprenticeship, mentor: User, rows: list[RequestedSkill], at: At
) -> None:
    where, browser = reverse("sign_request", args=[rows[0].request_id]), at(mentor)
    assert f'href="{where}"' in page_of(browser, "/mentor/")
    page = page_of(browser, where)
    assert page.count('name="line"') == page.count(':" checked>') == 3
    assert "At the bench." in page
    assert f'value="{TODAY.isoformat()}" checked' in page
    assert f'value="{EARLIER.isoformat()}" min=' in page
    assert 'value="observed" checked' in page


def test_it_is_signed_at_once_and_pressed_again_it_is_signed_once(
    apprenticeship: Apprenticeship, mentor: User, rows: list[RequestedSkill], at: At
) -> None:
    where, browser, wanted = (
        reverse("sign_request", args=[rows[0].request_id]),
        at(mentor),
        filled(apprenticeship, rows),
    )
    first, again = browser.post(where, wanted), browser.post(where, wanted)
    assert first["Location"] == again["Location"]
    assert {s.skill.code: s.observed_on for s in SignOff.objects.all()} == {"1.1": TODAY, "1.2": TODAY, "1.3": EARLIER}
    assert set(RequestedSkill.objects.values_list("state", flat=True)) == {AskState.ANSWERED}
    assert browser.get(where)["Location"] == reverse("sign_off_request", args=[rows[0].request_id])


def test_some_are_unticked_and_wait_on(
    apprenticeship: Apprenticeship, mentor: User, rows: list[RequestedSkill], at: At
) -> None:
    where = reverse("sign_request", args=[rows[0].request_id])
    page = at(mentor).post(where, filled(apprenticeship, rows[:2]), follow=True).content.decode()
    assert "2 signatures stand" in page
    assert "Next in line" in page
    assert RequestedSkill.objects.get(state=AskState.OPEN).skill.code == "1.3"


def test_a_line_that_somebody_signed_meanwhile_is_named_and_the_others_are_offered(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, rows: list[RequestedSkill], at: At
) -> None:
    signed(apprenticeship, deputy, "1.1")
    where = reverse("sign_request", args=[rows[0].request_id])
    answer = at(mentor).post(where, filled(apprenticeship, rows, note="Steady hands."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dev Patel signed it" in page
    assert "Sign the other 2" in page
    assert "Steady hands." in page


def test_nothing_is_offered_that_others_saw(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    (row,) = asked(apprenticeship)
    page = page_of(at(mentor), f"{reverse('sign_off', args=[apprenticeship.pk, row.skill_id])}?from=request")
    assert 'value="observed" checked' not in page
    assert " checked" in page  # the day


def test_a_search_narrows_what_waits_and_says_when_nothing_is_found(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, rows: list[RequestedSkill], at: At
) -> None:
    for person in (mentor, coordinator):
        browser = at(person)
        assert "Rosa Diaz" in page_of(browser, f"{reverse('waiting_list')}?q=rosa+1.2")
        assert "Nothing found" in page_of(browser, f"{reverse('waiting_list')}?q=nobody")


def test_who_answers_nothing_has_no_list_of_what_waits(
    apprenticeship: Apprenticeship, apprentice: User, administrator: User, at: At
) -> None:
    for person in (apprentice, administrator, make_person("Nora None", sponsor=apprenticeship.sponsor)):
        assert at(person).get(reverse("waiting_list")).status_code == 403
