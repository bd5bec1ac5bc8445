"""Private notes: their writer keeps, changes and deletes them; for everybody else they do not exist."""

import uuid

import pytest
from django.urls import reverse

from accounts.access import NotPermitted, Permission
from accounts.models import Membership, Role, User
from accounts.viewer import build_viewer
from acts.models import Act
from apprenticeship.models import Apprenticeship, PracticeNote
from apprenticeship.notes import PracticeNoteInvalid, change_note, write_note
from tests.cast import LONG_AGO, NOW, fresh, skill_of, viewer_for
from tests.requests.test_request_pages import At

pytestmark = pytest.mark.django_db
WORDS = "Slower with the spatula."


@pytest.fixture
def note(apprenticeship: Apprenticeship, apprentice: User) -> PracticeNote:
    return write_note(viewer=viewer_for(apprentice), key=uuid.uuid4(), apprenticeship=fresh(apprenticeship), text=WORDS)


def test_a_note_is_written_once_changed_and_deleted_for_good(
    apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    skill = skill_of(apprenticeship, "1.1")
    browser, there = at(apprentice), f"{reverse('practice_notes', args=[apprenticeship.pk])}?skill={skill.pk}"
    sent = {"key": str(uuid.uuid4()), "text": WORDS}
    for _press in range(2):
        page = browser.post(there, sent, follow=True).content.decode()
    assert WORDS in page
    assert "Only you can read them" in page
    written = PracticeNote.objects.get()
    assert written.skill == skill
    browser.post(reverse("practice_note", args=[written.pk]), {**sent, "text": "Better now."})
    written.refresh_from_db()
    assert written.text == "Better now."
    browser.post(reverse("delete_practice_note", args=[written.pk]))
    assert not PracticeNote.objects.exists()
    assert not Act.objects.filter(actor=apprentice).exists()


@pytest.mark.parametrize("who", ["mentor", "coordinator", "administrator", "auditor", "outsider"])
def test_nobody_else_finds_reads_or_changes_it(
    request: pytest.FixtureRequest, note: PracticeNote, apprenticeship: Apprenticeship, who: str, at: At
) -> None:
    person = request.getfixturevalue(who)
    viewer = viewer_for(person)
    assert not PracticeNote.objects.visible_to(viewer).exists()
    assert at(person).get(reverse("practice_note", args=[note.pk])).status_code == 404
    with pytest.raises(NotPermitted):
        change_note(viewer=viewer, note=note, text="Other words.")


def test_no_token_reads_it_and_no_second_role_opens_it(note: PracticeNote, apprentice: User) -> None:
    Membership.objects.create(
        user=apprentice, sponsor=note.apprenticeship.sponsor, role=Role.ADMINISTRATOR, since=LONG_AGO
    )
    token = build_viewer(apprentice, at=NOW, allowed=[Permission.READ_RECORD])
    assert not PracticeNote.objects.visible_to(token).exists()
    assert PracticeNote.objects.visible_to(viewer_for(apprentice)).get() == note


@pytest.mark.parametrize(
    ("text", "words"), [(" ", "Write something"), ("x" * 5001, "too long"), ("a\x00b", "cannot be kept")]
)
def test_what_cannot_be_kept_is_said(note: PracticeNote, apprentice: User, text: str, words: str) -> None:
    with pytest.raises(PracticeNoteInvalid, match=words):
        change_note(viewer=viewer_for(apprentice), note=note, text=text)


def test_what_was_typed_is_kept_when_it_is_too_long(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    answer = at(apprentice).post(
        reverse("practice_notes", args=[apprenticeship.pk]), {"key": str(uuid.uuid4()), "text": "x" * 1_000_000}
    )
    assert (answer.status_code, "x" * 1_000_000 in answer.content.decode()) == (400, True)
