"""Every page about records: sound for everybody, on every width, in both languages, light and dark, and quiet."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.answering import send_back
from apprenticeship.attaching import add_evidence
from apprenticeship.models import Apprenticeship, RequestedSkill, RevocationKind
from apprenticeship.takingback import take_back
from tests.agreements import demands_ok, disagreed
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.cast import asked, signed, viewer_for
from tests.evidence.files import uploaded

WIDTHS = (1280, 768, 320)
HEIGHT = 720
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(apprenticeship: Apprenticeship, mentor: User, settings: Settings, tmp_path: Path) -> list[tuple[str, str]]:
    """Who opens which page, in a book in which something of everything has happened."""
    first = signed(apprenticeship, mentor, "1.1", note="Steady hands.")
    signed(apprenticeship, mentor, "8.1", level="with-coaching")
    ended = signed(apprenticeship, mentor, "11.1")
    take_back(
        viewer=viewer_for(mentor), key="k", sign_off=ended, kind=RevocationKind.NO_LONGER_STANDS, reason="Forgotten."
    )
    contested = signed(demands_ok(apprenticeship, "1.2", "1.3"), mentor, "1.2")
    unread = signed(apprenticeship, mentor, "1.3")
    disagreement = disagreed(contested)
    first_ask, second_ask = asked(apprenticeship, "2.1", "2.2", comment="With the new printer.")
    settings.MEDIA_ROOT = tmp_path
    file = uploaded(apprenticeship, apprenticeship.apprentice).pk
    add_evidence(viewer=viewer_for(apprenticeship.apprentice), key="e", asked=first_ask, evidence=[file])
    waiting = f"/requests/{first_ask.request_id}/"
    loaded = RequestedSkill.objects.select_related("apprenticeship__sponsor", "skill__skill_set")
    returned = loaded.get(pk=second_ask.pk)
    send_back(viewer=viewer_for(mentor), key="b", asked=[returned], comment="The log is missing.")
    record, cohort = f"/records/{apprenticeship.pk}/", f"/cohorts/{apprenticeship.cohort_id}/"
    skill = f"{record}skills/{first.skill_id}/"
    sponsor, terms = f"/sponsors/{apprenticeship.sponsor_id}/", f"/terms/{apprenticeship.terms_id}/"
    return [
        ("maria", "/mentor/"),
        ("maria", record),
        ("maria", f"{record}?show=no_longer_stands"),
        ("maria", f"{skill}"),
        ("maria", f"{skill}sign-off/"),
        ("maria", f"/sign-offs/{first.pk}/take-back/"),
        ("maria", f"{record}sign-off/?set={first.skill.skill_set_id}"),
        ("maria", "/group-sign-off/"),
        ("maria", f"/group-sign-off/?skill={first.skill_id}"),
        ("maria", f"/signed/{first.entry.act_id}/"),
        ("maria", waiting),
        ("maria", f"{waiting}send-back/"),
        ("maria", f"{record}skills/{first_ask.skill_id}/sign-off/?from=request"),
        ("carol", "/cohorts/"),
        ("carol", f"/evidence/{file}/remove/"),
        ("ada", "/photographs/"),
        ("ada", "/sponsor/"),
        ("carol", f"{sponsor}programs/"),
        ("carol", f"/programs/{apprenticeship.terms.program_id}/"),
        ("carol", f"/programs/{apprenticeship.terms.program_id}/terms/add/"),
        ("carol", f"{terms}"),
        ("carol", f"{terms}sets/{first.skill.skill_set_id}/"),
        ("carol", f"{terms}signing/"),
        ("carol", f"{terms}wages/"),
        ("carol", f"{sponsor}employers/"),
        ("carol", f"/employers/{apprenticeship.employer_id}/"),
        ("carol", f"/employers/{apprenticeship.employer_id}/archive/"),
        ("carol", f"/worksites/{apprenticeship.worksite_id}/"),
        ("ada", f"{sponsor}profile/"),
        ("carol", f"{sponsor}register/"),
        ("carol", "/people/bring-in/"),
        ("carol", "/people/"),
        ("ada", f"{sponsor}invite/"),
        ("carol", f"{sponsor}people/{mentor.pk}/all/"),
        ("carol", f"{sponsor}people/{mentor.pk}/give/"),
        ("carol", f"{sponsor}people/{mentor.pk}/close/"),
        ("rosa", "/profile/mail/"),
        ("rosa", f"/asked/{first_ask.pk}/evidence/"),
        ("carol", "/disagreements/"),
        ("carol", f"/disagreements/{disagreement.pk}/answer/"),
        ("carol", f"{record}skills/{contested.skill_id}/"),
        ("carol", cohort),
        ("maria", "/profile/"),
        ("maria", "/profile/passkeys/"),
        ("maria", f"{sponsor}signature/"),
        ("maria", f"{sponsor}signing-policy/"),
        ("carol", f"{sponsor}people/"),
        ("carol", f"{sponsor}people/{mentor.pk}/"),
        ("carol", "/mentors/"),
        ("carol", "/mentors/assign/?show=all"),
        ("carol", f"{sponsor}mentors/{mentor.pk}/"),
        ("carol", f"{record}mentors/"),
        ("carol", "/qualifications/"),
        ("carol", "/cohorts/list/"),
        ("carol", "/ratio/"),
        ("carol", "/places/assign/"),
        ("carol", f"{record}places/"),
        ("carol", "/cohorts/move/"),
        ("carol", f"{sponsor}mentors/{mentor.pk}/qualifications/add/"),
        ("rosa", "/my-record/"),
        ("rosa", f"{record}agree/"),
        ("rosa", f"/sign-offs/{unread.pk}/disagree/"),
        ("rosa", f"{record}ask/"),
        ("rosa", f"{record}ask/?skill={second_ask.skill_id}"),
        ("rosa", f"{record}skills/{second_ask.skill_id}/"),
        ("rosa", waiting),
        ("owen", "/audit/"),
        ("owen", f"{sponsor}audit-log/"),
        ("owen", f"{record}verification/"),
        ("owen", f"{record}entries/"),
    ]


@pytest.fixture
def everybody(mentor: User, coordinator: User, apprentice: User, auditor: User, administrator: User) -> dict[str, User]:
    return {person.username: person for person in (mentor, coordinator, apprentice, auditor, administrator)}


def walk(enter: Enter, pages: list[tuple[str, str]], everybody: dict[str, User]) -> Iterator[Page]:
    """Every page in turn, at last on a phone; stops at the first that scrolls sideways or complains in the console."""
    complaints: list[str] = []
    browsers: dict[str, Page] = {}
    for who, address in pages:
        if who not in browsers:
            browsers[who] = enter(everybody[who], "/glossary/", width=WIDTHS[-1])
            browsers[who].on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page = browsers[who]
        page.goto(urljoin(page.url, address))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert (address, width, sideways(page), complaints) == (address, width, 0, [])
        yield page


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_sound_on_a_phone_at_a_desk_and_in_the_dark(
    enter: Enter, pages: list[tuple[str, str]], everybody: dict[str, User], half: int
) -> None:
    for page in walk(enter, pages[half::2], everybody):
        assert_accessible(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # at once: axe judges no half-changed color
        assert_accessible(page)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        assert_accessible(page)


def test_every_page_fits_in_spanish_too(enter: Enter, pages: list[tuple[str, str]], everybody: dict[str, User]) -> None:
    User.objects.update(language="es")
    for page in walk(enter, pages, everybody):
        assert page.locator("html").get_attribute("lang") == "es"


def test_in_spanish_the_pages_speak_spanish_and_the_standard_stays_as_published(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User
) -> None:
    User.objects.filter(pk=apprentice.pk).update(language="es")
    page = enter(apprentice, "/my-record/", width=320)
    assert page.locator("html").get_attribute("lang") == "es"
    text = page.locator("main").inner_text()
    assert "Sin empezar" in text
    assert "Not started" not in text
    assert "Workplace and Safety Orientation" in text
