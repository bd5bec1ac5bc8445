"""The files of one form: those that came with it now, and those it kept since it was last refused.

Made by the view before it asks whether the rest of the form is well, so that no file is lost by a
forgotten tick. The template finds it as `request.attachments` (`evidence/field.html`).
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.middleware import viewer_of
from acts.incoming import too_large
from acts.refusing import FileRefused
from acts.uploads import let_go
from apprenticeship.evidence import given_as, given_for_several, photos_allowed, upload, upload_for_several
from apprenticeship.evidence_shown import ShownFile, shown
from apprenticeship.models import Apprenticeship, Evidence, EvidenceDraft

FILES, KEPT = "files", "evidence"
"""The names of the form's fields: what is chosen now, and the ids of what was there before."""

ACCEPTED = ".jpg,.jpeg,.png,.webp,.heic,.heif,.pdf,.docx,.xlsx,.pptx"


class Attachments:
    """The files of the form that `request` sends or is shown, for the book of one apprentice.

    `offered` lie beside what was asked and come ticked when the form is first shown; once it was sent,
    what is ticked counts.
    """

    accepted = ACCEPTED

    def __init__(
        self, request: HttpRequest, book: Apprenticeship, *, offered: Callable[[], Sequence[ShownFile]] = list
    ) -> None:
        self.viewer = viewer_of(request)
        self.book = book
        self._offered = offered
        self.errors: list[str] = []
        self.is_sent = request.method == "POST"
        sent = [pk for text in request.POST.getlist(KEPT) if (pk := _uuid(text))]
        self.ticked = sent if self.is_sent else [file.id for file in self.offered if not file.removed_at]
        if self.is_sent:
            self._receive(request)
        request.attachments = self  # type: ignore[attr-defined]  # for the template

    @cached_property
    def offered(self) -> list[ShownFile]:
        """What lies beside what was asked; read only where the form is shown."""
        return list(self._offered())

    def succeeds(self) -> bool:
        """Whether every file that was chosen could be taken."""
        return not self.errors

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        """What the act is to take, in the order in which it came."""
        return tuple(dict.fromkeys(self.ticked))

    @property
    def lying_beside(self) -> list[tuple[ShownFile, bool]]:
        """What is offered, each with its tick."""
        return [(file, file.id in self.ticked) for file in self.offered]

    @cached_property
    def added(self) -> list[tuple[ShownFile, bool]]:
        """What was uploaded with this form so far, each with its tick."""
        offered = {file.id for file in self.offered}
        rows = self._given([pk for pk in self.ids if pk not in offered])
        return [(file, file.id in self.ticked) for file in shown(rows, book=self.book, viewer=self.viewer)]

    @property
    def photos_allowed(self) -> bool:
        return photos_allowed(self.book)

    @property
    def most(self) -> int:
        return int(settings.EVIDENCE_MOST_FILES)

    @property
    def most_megabytes(self) -> int:
        return int(settings.EVIDENCE_LARGEST_BYTES // 1_000_000)

    def _receive(self, request: HttpRequest) -> None:
        key = str(request.POST.get("key", ""))[:200]
        for file in request.FILES.getlist(FILES):
            name = str(file.name or "")
            try:
                stream = cast("BinaryIO", file)  # Django's uploads read like files, and say it to nobody
                kept = self._keep(stream, key=key, name=name)
            except FileRefused as refusal:
                self.errors.append(said_of(name, refusal.message))
            else:
                self.ticked.append(kept.pk)
        self.errors += left_out(request)

    def _given(self, ids: Iterable[uuid.UUID]) -> Sequence[EvidenceDraft | Evidence]:
        return given_as(self.viewer, self.book, ids)

    def _keep(self, file: BinaryIO, *, key: str, name: str) -> EvidenceDraft | Evidence:
        return upload(viewer=self.viewer, key=key, apprenticeship=self.book, file=file, name=name)


class GroupAttachments(Attachments):
    """The files of a form about the books of several apprentices: uploaded once, given to each that is ticked."""

    def __init__(self, request: HttpRequest, books: Sequence[Apprenticeship]) -> None:
        self.books = books
        super().__init__(request, books[0])

    @property
    def photos_allowed(self) -> bool:
        return any(photos_allowed(book) for book in self.books)

    def _given(self, ids: Iterable[uuid.UUID]) -> Sequence[EvidenceDraft | Evidence]:
        return given_for_several(self.viewer, ids)

    def _keep(self, file: BinaryIO, *, key: str, name: str) -> EvidenceDraft | Evidence:
        return upload_for_several(viewer=self.viewer, key=key, books=self.books, file=file, name=name)


def left_out(request: HttpRequest) -> Iterable[str]:
    """What was let go while the request arrived, in words."""
    gone = let_go(request)
    yield from (said_of(name, too_large().message) for name in gone.too_large)
    if gone.too_many:
        left = ngettext(
            "%(files)s file was one too many and was left out.",
            "%(files)s files were too many and were left out.",
            gone.too_many,
        )
        yield left % {"files": gone.too_many}


def said_of(name: str, message: str) -> str:
    """What is said of one file."""
    return _("%(name)s: %(message)s") % {"name": name, "message": message}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
