"""A coordinator reads what there is to verify, verifies it, and the pages say what that no longer covers."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Role, User
from apprenticeship.models import Apprenticeship, Verification
from apprenticeship.takingback import take_back
from apprenticeship.verification import verifiable
from competencies.models import SkillSet
from tests.cast import LONG_AGO, PASSWORD, fresh, make_mentorship, signed, viewer_for
from tests.record.every_kind import sign_set, verified_set

At = Callable[[User], Client]


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    """Rosa's book with the two skills of set 7 signed."""
    sign_set(apprenticeship, mentor, 7)
    return apprenticeship


def set_of(book: Apprenticeship, order: int = 7) -> SkillSet:
    return SkillSet.objects.get(version=book.terms.standard_version_id, order=order)


def address(book: Apprenticeship, order: int = 7) -> str:
    return f"/records/{book.pk}/sets/{set_of(book, order).pk}/verify/"


def filled(book: Apprenticeship, order: int = 7) -> dict[str, object]:
    seen = verifiable(fresh(book), set_of(book, order)).ids
    return {"key": str(uuid.uuid4()), "seen": [str(pk) for pk in seen]}


def text(browser: Client, where: str) -> str:
    return browser.get(where).content.decode()


def test_the_sheet_shows_what_is_verified_and_what_the_signature_says(
    book: Apprenticeship, coordinator: User, at: At
) -> None:
    page = text(at(coordinator), address(book))
    assert "Verify as Carol Jones, Program coordinator" in page
    assert "I have checked the sign-offs listed here" in page
    assert page.count("Maria Alvarez") == 2
    assert page.count('name="seen"') == 2


def test_one_press_verifies_and_the_record_says_so_to_everybody(
    book: Apprenticeship, coordinator: User, apprentice: User, auditor: User, at: At
) -> None:
    response = at(coordinator).post(address(book), filled(book), follow=True)
    assert "1 of 12 sets verified" in response.content.decode()
    for reader in (coordinator, apprentice, auditor):
        page = text(at(reader), f"/records/{book.pk}/")
        assert "Verified for the sponsor by Carol Jones, Program coordinator" in page
    assert "Verify this set" not in text(at(auditor), f"/records/{book.pk}/verified/")


def test_a_later_signature_is_said_not_to_be_covered(
    book: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    verified_set(book, coordinator, 7)
    signed(book, mentor, "7.1", replaces=book.standings.get(skill__code="7.1").sign_off)
    for where in (f"/records/{book.pk}/", f"/records/{book.pk}/verified/"):
        page = text(at(coordinator), where)
        assert "It no longer covers:" in page
        assert "7.1 was signed again (Proficient, entry 4)" in page
        assert "Verify it again" in page


@pytest.mark.parametrize(
    ("kind", "words"), [("mistake", "7.2 was entered by mistake"), ("no_longer_stands", "7.2 no longer stands")]
)
def test_what_was_taken_back_is_said_not_to_be_covered(
    kind: str, words: str, book: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    verified_set(book, coordinator, 7)
    live = book.standings.get(skill__code="7.2").sign_off
    assert live
    take_back(viewer=viewer_for(mentor), key="t", sign_off=live, kind=kind, reason="Seen otherwise.")
    assert words in text(at(coordinator), f"/records/{book.pk}/verified/")
    assert "Not yet" in text(at(coordinator), address(book))


def test_a_parent_whose_step_fell_says_why_everywhere(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    sign_set(apprenticeship, mentor, 4)
    verified_set(apprenticeship, coordinator, 4)
    parent, step = (apprenticeship.standings.get(skill__code=code) for code in ("4.1", "4.3"))
    assert step.sign_off
    take_back(
        viewer=viewer_for(mentor), key="t", sign_off=step.sign_off, kind="no_longer_stands", reason="Seen otherwise."
    )
    browser = at(coordinator)
    assert "4.1 counts no more: step 4.3 no longer stands" in text(browser, f"/records/{apprenticeship.pk}/verified/")
    assert "Now: step 4.3 no longer stands." in text(browser, f"/records/{apprenticeship.pk}/?open=all")
    story = text(browser, f"/records/{apprenticeship.pk}/skills/{parent.skill_id}/")
    assert "Signed, but not attained" in story
    assert "Step 4.3, entry 2, no longer stands" in story
    assert "Verified for the sponsor" in story


def test_what_changed_meanwhile_is_named_and_nothing_is_verified(
    book: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    form = filled(book)
    signed(book, mentor, "7.1", replaces=book.standings.get(skill__code="7.1").sign_off)
    response = at(coordinator).post(address(book), form)
    page = response.content.decode()
    assert response.status_code == 409
    assert "7.1: what stands is not what you saw." in page
    assert not Verification.objects.exists()
    again = {"key": str(uuid.uuid4()), "seen": filled(book)["seen"]}
    assert at(coordinator).post(address(book), again).status_code == 302


def test_whoever_signed_reads_that_somebody_else_has_to_verify(book: Apprenticeship, coordinator: User, at: At) -> None:
    Membership.objects.create(user=coordinator, sponsor=book.sponsor, role=Role.MENTOR, since=LONG_AGO)
    make_mentorship(book, coordinator)
    signed(fresh(book), coordinator, "7.2", replaces=book.standings.get(skill__code="7.2").sign_off)
    page = text(at(coordinator), address(book))
    assert "You signed 7.2 yourself" in page
    assert '<form class="form"' not in page
    assert at(coordinator).post(address(book), filled(book)).status_code == 403


@pytest.mark.parametrize("seen", [[], ["no id"], ["5b1c3f0e-7a52-4d0e-9b1c-0d6f3a2e8c47"]])
def test_a_form_that_did_not_arrive_whole_verifies_nothing(
    seen: list[str], book: Apprenticeship, coordinator: User, at: At
) -> None:
    response = at(coordinator).post(address(book), {"key": str(uuid.uuid4()), "seen": seen})
    assert response.status_code in (400, 409)
    assert not Verification.objects.exists()


def test_the_password_is_asked_where_the_policy_says_so(book: Apprenticeship, coordinator: User, at: At) -> None:
    book.sponsor.signing_policy = "every"
    book.sponsor.save(update_fields=["signing_policy"])
    form = filled(book)
    assert at(coordinator).post(address(book), form).status_code == 400
    assert not Verification.objects.exists()
    assert at(coordinator).post(address(book), {**form, "password": PASSWORD}).status_code == 302


def test_a_verification_is_taken_back_and_both_stay_to_be_read(
    book: Apprenticeship, coordinator: User, administrator: User, apprentice: User, auditor: User, at: At
) -> None:
    made = verified_set(book, coordinator, 7)
    where = f"/verifications/{made.pk}/take-back/"
    assert at(administrator).post(where, {"key": str(uuid.uuid4()), "reason": ""}).status_code == 400
    at(administrator).post(where, {"key": str(uuid.uuid4()), "reason": "Seen too early."})
    page = text(at(apprentice), f"/records/{book.pk}/verified/")
    assert "0 of 12 sets verified" in page
    assert "Taken back by Ada Brooks, Sponsor administrator, in entry 4" in page
    assert "Seen too early." in page
    assert "Seen too early." not in text(at(auditor), f"/records/{book.pk}/verified/")
    assert "It was taken back already" in text(at(coordinator), where)


def test_the_coordinators_day_begins_with_what_is_ready_and_what_was_asked(
    book: Apprenticeship, mentor: User, coordinator: User, administrator: User, at: At
) -> None:
    sign_set(book, mentor, 11)
    assert "2 sets are ready to verify" in text(at(coordinator), "/cohorts/")
    page = text(at(coordinator), "/to-verify/")
    assert "Rosa Diaz" in page
    assert address(book) in page
    verified_set(book, administrator, 7)
    assert "1 set is ready to verify" in text(at(coordinator), "/to-verify/")
    assert "Nothing waits for a verification" in text(at(coordinator), "/to-verify/?q=nobody")


def test_the_entries_say_what_was_verified(book: Apprenticeship, coordinator: User, at: At) -> None:
    verified_set(book, coordinator, 7)
    page = text(at(coordinator), f"/records/{book.pk}/entries/")
    assert "Sponsor&#x27;s verification" in page
    assert "2 sign-offs" in page
