"""Reading what was transcribed from paper: scope is that of the books."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.viewer import Viewer

if TYPE_CHECKING:
    from apprenticeship.models import (  # noqa: F401  # names of the generic parameters
        TranscribedSignOff,
        Transcription,
        TranscriptionEvidence,
        TranscriptionVoid,
    )


class TranscriptionQuerySet(models.QuerySet["Transcription"]):
    def visible_to(self, viewer: Viewer) -> "TranscriptionQuerySet":
        """Those in books that one may read."""
        from apprenticeship.models import Apprenticeship  # the models import their querysets

        return self.filter(apprenticeship__in=Apprenticeship.objects.visible_to(viewer))

    def waiting(self) -> "TranscriptionQuerySet":
        """Those that nobody has verified or refused; a verification entered by mistake was never given."""
        return self.filter(void=None).exclude(Exists(_verifications()))

    def verified(self) -> "TranscriptionQuerySet":
        """Those that somebody verified, whatever became of the sign-off since."""
        return self.filter(Exists(_verifications()))


def _verifications() -> "models.QuerySet[TranscribedSignOff]":
    """The verifications of the transcription at hand that were not entered by mistake."""
    from apprenticeship.models import TranscribedSignOff  # the models import their querysets

    made = TranscribedSignOff.objects.filter(transcription=OuterRef("pk"))
    return made.exclude(sign_off__revocation__kind="mistake")


class TranscriptionEvidenceQuerySet(models.QuerySet["TranscriptionEvidence"]):
    def visible_to(self, viewer: Viewer) -> "TranscriptionEvidenceQuerySet":
        """Those in books that one may read."""
        from apprenticeship.models import Transcription  # the models import their querysets

        return self.filter(transcription__in=Transcription.objects.visible_to(viewer))


class TranscribedSignOffQuerySet(models.QuerySet["TranscribedSignOff"]):
    def visible_to(self, viewer: Viewer) -> "TranscribedSignOffQuerySet":
        """Those in books that one may read."""
        from apprenticeship.models import Transcription  # the models import their querysets

        return self.filter(transcription__in=Transcription.objects.visible_to(viewer))


class TranscriptionVoidQuerySet(models.QuerySet["TranscriptionVoid"]):
    def visible_to(self, viewer: Viewer) -> "TranscriptionVoidQuerySet":
        """Those in books that one may read."""
        from apprenticeship.models import Transcription  # the models import their querysets

        return self.filter(transcription__in=Transcription.objects.visible_to(viewer))
