"""Files as pages show them: what one may know of each, and whether it is still there."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from acts import office
from acts.acting import new_key
from acts.incoming import KEPT_TYPES, PDF, is_photo
from apprenticeship.evidence_querysets import AskEvidenceQuerySet
from apprenticeship.models import (
    Apprenticeship,
    AskEvidence,
    AskKind,
    AskState,
    Evidence,
    EvidenceDraft,
    EvidenceTakenOut,
    Purge,
    SignOffEvidence,
    TranscriptionEvidence,
)

TYPE_WORDS: Mapping[str, "str | Promise"] = {
    PDF: "PDF",
    office.DOCX: gettext_lazy("Word file"),
    office.XLSX: gettext_lazy("Excel file"),
    office.PPTX: gettext_lazy("PowerPoint file"),
}


@dataclass(frozen=True)
class ShownFile:
    """One file. `name` is blank for who may not read it; `opens` says whether the viewer may open the file.

    `removed_by` is blank where a file is gone without anybody in this book having removed it. `taken_out_at`:
    since when it no longer lies beside what is asked for, where it is shown as lying there.
    """

    id: uuid.UUID
    name: str
    content_type: str
    size: int
    sha256: str
    by: str
    at: datetime
    is_draft: bool
    opens: bool
    has_thumbnail: bool
    removed_at: datetime | None = None
    removed_by: str = ""
    taken_out_at: datetime | None = None
    taken_out_by: str = ""

    @property
    def kind(self) -> str:
        """What it is, in a word or two."""
        return _("Photo") if is_photo(self.content_type) else str(TYPE_WORDS.get(self.content_type, self.content_type))

    @property
    def called(self) -> str:
        """What to call it: its name, or what it is with the beginning of its hash."""
        return self.name or f"{self.kind} {self.sha256[:8]}"

    @cached_property
    def key(self) -> str:
        """That of the act that takes it out of what is asked for."""
        return new_key()

    @property
    def download_name(self) -> str:
        return self.name or f"{self.sha256[:12]}{KEPT_TYPES.get(self.content_type, '')}"


def shown(files: Iterable[Evidence | EvidenceDraft], *, book: Apprenticeship, viewer: Viewer) -> list[ShownFile]:
    """The files of one book as `viewer` may know them, in their order; one query where some were removed.

    Each comes with its file, thumbnail, name and uploader.
    """
    rows = list(files)
    gone = {row.file_id for row in rows if row.file.removed_at}
    purges = Purge.objects.filter(apprenticeship=book, file__in=gone).select_related("by") if gone else []
    removed_by = {purge.file_id: purge.by.name for purge in purges}
    may_open = permits(viewer, Permission.READ_EVIDENCE, on=book)
    may_name = permits(viewer, Permission.READ_SEALED_TEXT, on=book)
    return [
        ShownFile(
            id=row.pk,
            name=_name(row) if may_name or isinstance(row, EvidenceDraft) else "",
            content_type=row.file.content_type,
            size=row.file.size,
            sha256=row.file.sha256,
            by=row.uploaded_by.name,
            at=row.uploaded_at,
            is_draft=isinstance(row, EvidenceDraft),
            opens=may_open and row.file.removed_at is None,
            has_thumbnail=bool(row.thumbnail and row.thumbnail.removed_at is None),
            removed_at=row.file.removed_at,
            removed_by=removed_by.get(row.file_id, ""),
        )
        for row in rows
    ]


def files_of_sign_offs(
    sign_offs: Iterable[uuid.UUID], *, book: Apprenticeship, viewer: Viewer
) -> dict[uuid.UUID, list[ShownFile]]:
    """By sign-off the files that were signed with it; one query, two where some were removed."""
    uses = SignOffEvidence.objects.filter(sign_off__in=list(sign_offs), sign_off__apprenticeship=book)
    pairs = [(use.sign_off_id, use.evidence) for use in uses.select_related(*_with("evidence")).order_by("pk")]
    return _by_use(pairs, book=book, viewer=viewer)


def files_of_transcriptions(
    transcriptions: Iterable[uuid.UUID], *, book: Apprenticeship, viewer: Viewer
) -> dict[uuid.UUID, list[ShownFile]]:
    """By transcription its scans; one query, two where some were removed."""
    uses = TranscriptionEvidence.objects.filter(
        transcription__in=list(transcriptions), transcription__apprenticeship=book
    )
    pairs = [(use.transcription_id, use.evidence) for use in uses.select_related(*_with("evidence")).order_by("pk")]
    return _by_use(pairs, book=book, viewer=viewer)


def files_of_asks(
    asked: Iterable[uuid.UUID], *, book: Apprenticeship, viewer: Viewer
) -> dict[uuid.UUID, list[ShownFile]]:
    """By skill that was asked for the files beside it; one query, two where some were removed."""
    uses = _beside(asked, book=book).lying()
    return _by_use([(use.requested_skill_id, use.evidence) for use in uses], book=book, viewer=viewer)


def files_ever_beside(
    asked: Iterable[uuid.UUID], *, book: Apprenticeship, viewer: Viewer
) -> dict[uuid.UUID, list[ShownFile]]:
    """As `files_of_asks`, and at their end those that the apprentice took out again."""
    uses = list(_beside(asked, book=book).select_related("taken_out__by", *_with("evidence")))
    files = shown([use.evidence for use in uses], book=book, viewer=viewer)
    found: dict[uuid.UUID, list[ShownFile]] = {}
    for use, file in sorted(zip(uses, files, strict=True), key=lambda pair: hasattr(pair[0], "taken_out")):
        out: EvidenceTakenOut | None = getattr(use, "taken_out", None)
        told = replace(file, taken_out_at=out.at, taken_out_by=out.by.name) if out else file
        found.setdefault(use.requested_skill_id, []).append(told)
    return found


def files_waiting(
    books: Iterable[Apprenticeship], skills: Iterable[uuid.UUID], *, viewer: Viewer
) -> dict[tuple[uuid.UUID, uuid.UUID], list[ShownFile]]:
    """By book and skill the files beside what waits there for a signature; one query where none was removed."""
    by_id = {book.pk: book for book in books}
    uses = (
        AskEvidence.objects.lying()
        .filter(
            requested_skill__state=AskState.OPEN,
            requested_skill__kind=AskKind.SIGN_OFF,
            requested_skill__apprenticeship__in=by_id,
            requested_skill__skill__in=list(skills),
        )
        .select_related("requested_skill", *_with("evidence"))
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], list[ShownFile]] = {}
    for use in uses.order_by("pk"):
        asked = use.requested_skill
        files = shown([use.evidence], book=by_id[asked.apprenticeship_id], viewer=viewer)
        found.setdefault((asked.apprenticeship_id, asked.skill_id), []).extend(files)
    return found


def _beside(asked: Iterable[uuid.UUID], *, book: Apprenticeship) -> AskEvidenceQuerySet:
    """The uses of files beside these skills, in the order in which they came."""
    uses = AskEvidence.objects.filter(requested_skill__in=list(asked), requested_skill__apprenticeship=book)
    return uses.select_related(*_with("evidence")).order_by("pk")


def _with(prefix: str) -> list[str]:
    return [f"{prefix}__{name}" for name in ("file", "thumbnail", "name", "uploaded_by")]


def _by_use(
    pairs: list[tuple[uuid.UUID, Evidence]], *, book: Apprenticeship, viewer: Viewer
) -> dict[uuid.UUID, list[ShownFile]]:
    files = shown([evidence for _use, evidence in pairs], book=book, viewer=viewer)
    found: dict[uuid.UUID, list[ShownFile]] = {}
    for (use, _evidence), file in zip(pairs, files, strict=True):
        found.setdefault(use, []).append(file)
    return found


def _name(row: Evidence | EvidenceDraft) -> str:
    return row.name.text if isinstance(row, Evidence) else row.name
