"""What was transcribed from paper as lists show it: which lines, by which filter, and what became of each."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.evidence_shown import ShownFile, shown
from apprenticeship.models import SignOff, SkillStanding, Transcription
from apprenticeship.transcribing import overtaken
from apprenticeship.transcription_querysets import TranscriptionQuerySet

FILES = [f"evidence_uses__evidence__{name}" for name in ("file", "thumbnail", "name", "uploaded_by")]


class Show(models.TextChoices):
    """The filters of the list; the code is what stands in the address."""

    WAITING = "", gettext_lazy("To verify")
    OWN = "own", gettext_lazy("Transcribed by me, waiting")
    VERIFIED = "verified", gettext_lazy("Verified")
    VOID = "void", gettext_lazy("Refused or withdrawn")
    ALL = "all", gettext_lazy("All")


@dataclass(frozen=True)
class ShownTranscription:
    """One line: what was transcribed, its scans, what stands for the skill now, and what became of it.

    `own`: the viewer transcribed it, and somebody else verifies it. `overtaken`: what stands now makes it say nothing.
    """

    row: Transcription
    files: tuple[ShownFile, ...]
    live: SignOff | None
    own: bool
    waits: bool
    overtaken: bool
    ticked: bool = False

    @property
    def token(self) -> str:
        """What a tick sends: the line and the sign-off that stood when it was shown."""
        return f"{self.row.pk}:{self.live.pk if self.live else ''}"

    @property
    def outcome(self) -> str:
        """What became of it, in words."""
        if self.waits:
            return _("Waits to be verified")
        void = getattr(self.row, "void", None)
        if void is None:
            return _("Verified")
        return _("Withdrawn") if void.by_id == self.row.by_id else _("Refused")


def listed(viewer: Viewer, show: Show, words: str = "") -> TranscriptionQuerySet:
    """The transcriptions that `viewer` may decide about, by name of the apprentice and as they were written."""
    sponsors = [s.pk for s in viewer.sponsors if permits(viewer, Permission.VERIFY, on=s)]
    rows = Transcription.objects.visible_to(viewer).filter(apprenticeship__sponsor__in=sponsors)
    rows = rows.exclude(apprenticeship__apprentice=viewer.user_id)
    for word in words.split():
        rows = rows.filter(
            models.Q(apprenticeship__apprentice__name__icontains=word) | models.Q(signer_name__icontains=word)
        )
    if show is Show.WAITING:
        rows = rows.waiting().exclude(by=viewer.user_id)
    elif show is Show.OWN:
        rows = rows.waiting().filter(by=viewer.user_id)
    elif show is Show.VERIFIED:
        rows = rows.verified()
    elif show is Show.VOID:
        rows = rows.exclude(void=None)
    return rows.order_by("apprenticeship__apprentice__name", "apprenticeship", "entry__sequence")


def loaded(rows: TranscriptionQuerySet) -> TranscriptionQuerySet:
    """With all that lists and transitions ask of the rows: as many queries for many as for one."""
    related = ("entry", "by", "level__scale", "skill__skill_set", "skill__parent", "skill__scale", "void__reason")
    books = (
        "apprenticeship__apprentice",
        "apprenticeship__sponsor",
        "apprenticeship__terms__standard_version__standard",
    )
    return rows.select_related(*related, *books).prefetch_related("apprenticeship__mentorships", *FILES)


def shown_transcriptions(
    rows: Sequence[Transcription], *, viewer: Viewer, ticked: Iterable[uuid.UUID] = ()
) -> list[ShownTranscription]:
    """The loaded rows as lines; three queries at any length, one more for each book with a removed scan."""
    books, skills = {row.apprenticeship_id for row in rows}, {row.skill_id for row in rows}
    standings = SkillStanding.objects.filter(apprenticeship__in=books, skill__in=skills)
    standings = standings.select_related("sign_off__level", "sign_off__signer")
    by_pair = {(row.apprenticeship_id, row.skill_id): row for row in standings}
    waits = set(Transcription.objects.waiting().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    chosen = set(ticked)
    lines = []
    for row in rows:
        standing = by_pair.get((row.apprenticeship_id, row.skill_id))
        scans = [use.evidence for use in sorted(row.evidence_uses.all(), key=lambda use: use.pk)]
        lines.append(
            ShownTranscription(
                row=row,
                files=tuple(shown(scans, book=row.apprenticeship, viewer=viewer)),
                live=standing.sign_off if standing else None,
                own=row.by_id == viewer.user_id,
                waits=row.pk in waits,
                overtaken=overtaken(standing, row.signed_on),
                ticked=row.pk in chosen,
            )
        )
    return lines


def waiting_transcriptions(viewer: Viewer) -> int:
    """How many lines transcribed by others `viewer` could verify now; one query."""
    return listed(viewer, Show.WAITING).count()
