"""Who knows an apprentice and may not sign for them now is told why, by whom it can be done, and whom to ask."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Mentorship, SignOff
from apprenticeship.signoff import NotQualified, sign_off
from tests.cast import LONG_AGO, TODAY, line, make_person, viewer_for
from tests.pages.sheets import address, sheet

At = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
ASK = "Who runs the program can change it: Carol Jones."


@pytest.fixture
def book(apprenticeship: Apprenticeship, coordinator: User) -> Apprenticeship:
    return apprenticeship


def change(mentor: User, **changed: object) -> None:
    Mentorship.objects.filter(mentor=mentor).update(**changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"until": TODAY}, "You were a mentor of Rosa Diaz until Mar 2, 2026."),
        ({"since": date(2026, 3, 3)}, "You sign for Rosa Diaz from Mar 3, 2026 on, not before."),
        ({"role": "viewer"}, "You may read the record of Rosa Diaz, but not sign in it."),
        ({"qualification": " "}, "Your qualification for Rosa Diaz is not entered;"),
    ],
)
def test_before_typing_anything_one_is_told_why_and_whom_to_ask(
    book: Apprenticeship, mentor: User, at: At, changed: dict[str, object], words: str
) -> None:
    change(mentor, **changed)
    for page in (address(book), f"{reverse('sign_many', args=[book.pk])}?set={book.pk}"):
        response = at(mentor).get(page)
        text = response.content.decode()
        assert response.status_code == 403
        assert words in text
        assert ASK in text
    with pytest.raises(NotPermitted):
        sign_off(viewer=viewer_for(mentor), key="k", line=line(book))


def test_of_another_track_one_is_told_who_signs_it(book: Apprenticeship, mentor: User, at: At) -> None:
    change(mentor, role_tracks=["Laboratory Technician"])
    text = at(mentor).get(address(book, "2.1")).content.decode()
    assert "but not skills of the role “Claims Processing Technician”" in text
    assert "For Rosa Diaz these do: Dev Patel." in text
    assert ASK in text


def test_who_oversees_is_told_that_mentors_sign(book: Apprenticeship, coordinator: User, at: At) -> None:
    text = at(coordinator).get(address(book)).content.decode()
    assert "Signing is for mentors. For Rosa Diaz these do: Dev Patel, Maria Alvarez." in text


def test_in_ones_own_record_one_is_told_that_nobody_signs_for_themselves(
    book: Apprenticeship, apprentice: User, at: At
) -> None:
    assert "Nobody signs for themselves." in at(apprentice).get(address(book)).content.decode()


def test_what_was_typed_before_the_assignment_ended_is_kept(book: Apprenticeship, mentor: User, at: At) -> None:
    browser = at(mentor)
    change(mentor, until=TODAY)
    filled = sheet(book, note="Steady hands.")
    page = browser.post(address(book), filled)
    assert (page.status_code, "Steady hands." in page.content.decode()) == (403, True)
    in_place = browser.post(address(book), filled, headers=HTMX)
    assert (in_place.status_code, in_place["HX-Reswap"]) == (409, "none")
    assert in_place["X-Refused"].startswith("You%20were%20a%20mentor%20of%20Rosa%20Diaz")
    assert not SignOff.objects.exists()


def test_to_a_stranger_the_record_does_not_exist(
    book: Apprenticeship, sponsor: Sponsor, outsider: User, mentor: User, at: At
) -> None:
    stranger = make_person("Stella Other", Role.MENTOR, sponsor=sponsor)
    assert [at(who).get(address(book)).status_code for who in (stranger, outsider)] == [404, 404]
    Membership.objects.filter(user=mentor).update(until=TODAY)
    change(mentor, until=TODAY)
    assert at(mentor).get(address(book)).status_code == 404  # who has left the sponsor is a stranger too


def test_without_a_qualification_nothing_is_signed(book: Apprenticeship, mentor: User) -> None:
    change(mentor, qualification="")
    with pytest.raises(NotQualified):
        sign_off(viewer=viewer_for(mentor), key="k", line=line(book))


def test_a_coordinator_who_was_a_mentor_is_told_until_when(
    book: Apprenticeship, mentor: User, sponsor: Sponsor, at: At
) -> None:
    Membership.objects.create(user=mentor, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    change(mentor, until=TODAY)
    assert "You were a mentor of Rosa Diaz until Mar 2, 2026." in at(mentor).get(address(book)).content.decode()
