"""The files of a form of somebody who has no book; the same parts for the template as `Attachments`."""

import uuid
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.middleware import viewer_of
from accounts.models import Sponsor
from acts.refusing import FileRefused
from apprenticeship.attachments import ACCEPTED, FILES, KEPT
from apprenticeship.evidence_shown import ShownFile
from instruction.certificates_shown import staff_file_shown
from instruction.staff_files import drafts_of, keep


class StaffAttachments:
    """What came with the form now, and what it kept since it was last refused."""

    accepted = ACCEPTED
    photos_allowed = True

    def __init__(self, request: HttpRequest, sponsor: Sponsor) -> None:
        self.viewer = viewer_of(request)
        self.sponsor = sponsor
        self.errors: list[str] = []
        self.ticked = [pk for text in request.POST.getlist(KEPT) if (pk := _uuid(text))]
        key = str(request.POST.get("key", ""))[:200]
        for file in request.FILES.getlist(FILES):
            name = str(file.name or "")
            try:
                stream = cast("BinaryIO", file)  # Django's uploads read like files, and say it to nobody
                kept = keep(viewer=self.viewer, key=key, sponsor=sponsor, file=stream, name=name)
            except FileRefused as refusal:
                self.errors.append(f"{name}: {refusal.message}")
            else:
                self.ticked.append(kept.pk)
        request.attachments = self  # type: ignore[attr-defined]  # for the template

    def succeeds(self) -> bool:
        """Whether every file that was chosen could be taken."""
        return not self.errors

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        return tuple(dict.fromkeys(self.ticked))

    @cached_property
    def added(self) -> list[tuple[ShownFile, bool]]:
        """What was uploaded with this form so far, each with its tick."""
        return [(staff_file_shown(row), True) for row in drafts_of(self.viewer, self.ids)]

    @property
    def most(self) -> int:
        return int(settings.EVIDENCE_MOST_FILES)

    @property
    def most_megabytes(self) -> int:
        return int(settings.EVIDENCE_LARGEST_BYTES // 1_000_000)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
