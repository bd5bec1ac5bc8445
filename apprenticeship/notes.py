"""Private practice notes: written, changed and deleted by the apprentice alone. They are no acts and leave no trace."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import KeyReused
from acts.sealing import can_be_kept
from apprenticeship.models import Apprenticeship, PracticeNote
from competencies.models import Skill

LONGEST_PRACTICE_NOTE = 5000
"""How many characters one private note may have."""


class PracticeNoteInvalid(Exception):
    """Wrong input: nothing said, too much, or signs that cannot be kept. Nothing was stored. The edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def write_note(
    *, viewer: Viewer, key: uuid.UUID, apprenticeship: Apprenticeship, text: str, skill: Skill | None = None
) -> PracticeNote:
    """Keep a new note under the id `key`, so that pressing twice writes once.

    Raises NotPermitted, PracticeNoteInvalid, KeyReused where another note has that id.
    """
    require(viewer, Permission.KEEP_NOTES, on=apprenticeship)
    text = _checked(text)
    note = PracticeNote(
        pk=key, apprenticeship=apprenticeship, skill=skill, text=text, written_at=viewer.at, changed_at=viewer.at
    )
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as error:
        earlier = PracticeNote.objects.filter(pk=key, apprenticeship=apprenticeship, text=text).first()
        if earlier is None:
            raise KeyReused from error
        return earlier
    return note


def change_note(*, viewer: Viewer, note: PracticeNote, text: str) -> PracticeNote:
    """Put `text` in the place of what was written; the former words are gone.

    Raises NotPermitted, PracticeNoteInvalid.
    """
    require(viewer, Permission.KEEP_NOTES, on=note)
    note.text, note.changed_at = _checked(text), viewer.at
    note.save(update_fields=["text", "changed_at"])
    return note


def delete_note(*, viewer: Viewer, note: PracticeNote) -> None:
    """Delete it for good. Raises NotPermitted."""
    require(viewer, Permission.KEEP_NOTES, on=note)
    note.delete()


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise PracticeNoteInvalid(_("Write something first."))
    if len(text) > LONGEST_PRACTICE_NOTE:
        raise PracticeNoteInvalid(
            _("The note is too long. Keep it to %(most)s characters.") % {"most": LONGEST_PRACTICE_NOTE}
        )
    if not can_be_kept(text):
        raise PracticeNoteInvalid(_("The note contains signs that cannot be kept. Type it again."))
    return text
