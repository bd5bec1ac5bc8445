"""The files of a form that stand in no book; the same parts for the template as `Attachments`."""

import uuid
from collections.abc import Sequence
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.middleware import viewer_of
from accounts.models import Sponsor
from acts.refusing import FileRefused
from apprenticeship.attachments import ACCEPTED, FILES, KEPT, left_out, said_of
from apprenticeship.evidence_shown import ShownFile
from instruction.file_models import SponsorFile
from instruction.sponsor_files import drafts_of, file_shown, keep


class FormFiles:
    """What came with the form now, and what it kept since it was last refused.

    `there` are those that the form begins with, ticked until somebody takes them out.
    """

    accepted = ACCEPTED
    photos_allowed = True

    def __init__(
        self, request: HttpRequest, sponsor: Sponsor, table: type[SponsorFile], *, there: Sequence[SponsorFile] = ()
    ) -> None:
        self.viewer = viewer_of(request)
        self.sponsor = sponsor
        self.errors: list[str] = []
        self._table, self._there = table, there
        sent = [pk for text in request.POST.getlist(KEPT) if (pk := _uuid(text))]
        self.ticked = sent if request.method == "POST" else [row.pk for row in there]
        key = str(request.POST.get("key", ""))[:200]
        for file in request.FILES.getlist(FILES):
            name = str(file.name or "")
            try:
                stream = cast("BinaryIO", file)  # Django's uploads read like files, and say it to nobody
                kept = keep(table, viewer=self.viewer, key=key, sponsor=sponsor, file=stream, name=name)
            except FileRefused as refusal:
                self.errors.append(said_of(name, refusal.message))
            else:
                self.ticked.append(kept.pk)
        self.errors += left_out(request)
        request.attachments = self  # type: ignore[attr-defined]  # for the template

    def succeeds(self) -> bool:
        """Whether every file that was chosen could be taken."""
        return not self.errors

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        return tuple(dict.fromkeys(self.ticked))

    @cached_property
    def added(self) -> list[tuple[ShownFile, bool]]:
        """What was there and what was uploaded with this form so far, each with its tick."""
        rows = [*self._there, *drafts_of(self._table, self.viewer, self.ids)]
        return [(file_shown(row), row.pk in self.ticked) for row in rows]

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
