"""Reading files: who may read the book may see that they are there; what they show is another permission."""

from typing import TYPE_CHECKING

from django.db import models

from accounts.viewer import Viewer

if TYPE_CHECKING:
    from apprenticeship.models import (  # noqa: F401  # names of the generic parameters
        AskEvidence,
        Evidence,
        EvidenceDraft,
        EvidenceTakenOut,
        Purge,
        SignOffEvidence,
    )


def _books(viewer: Viewer) -> "models.QuerySet[models.Model]":
    from apprenticeship.models import Apprenticeship  # the models import their querysets

    return Apprenticeship.objects.visible_to(viewer)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, viewer: Viewer) -> "EvidenceQuerySet":
        """Those in books that one may read."""
        return self.filter(apprenticeship__in=_books(viewer))


class PurgeQuerySet(models.QuerySet["Purge"]):
    def visible_to(self, viewer: Viewer) -> "PurgeQuerySet":
        """Those in books that one may read."""
        return self.filter(apprenticeship__in=_books(viewer))


class EvidenceDraftQuerySet(models.QuerySet["EvidenceDraft"]):
    def visible_to(self, viewer: Viewer) -> "EvidenceDraftQuerySet":
        """One's own, and nobody else's."""
        of_several = models.Q(apprenticeship=None, file__sponsor_id__in=viewer.sponsor_ids)
        return self.filter(of_several | models.Q(apprenticeship__in=_books(viewer)), uploaded_by=viewer.user_id)


class AskEvidenceQuerySet(models.QuerySet["AskEvidence"]):
    def visible_to(self, viewer: Viewer) -> "AskEvidenceQuerySet":
        """Those in books that one may read."""
        return self.filter(evidence__apprenticeship__in=_books(viewer))

    def lying(self) -> "AskEvidenceQuerySet":
        """Those that were not taken out again."""
        return self.filter(taken_out=None)


class EvidenceTakenOutQuerySet(models.QuerySet["EvidenceTakenOut"]):
    def visible_to(self, viewer: Viewer) -> "EvidenceTakenOutQuerySet":
        """Those in books that one may read."""
        return self.filter(use__evidence__apprenticeship__in=_books(viewer))


class SignOffEvidenceQuerySet(models.QuerySet["SignOffEvidence"]):
    def visible_to(self, viewer: Viewer) -> "SignOffEvidenceQuerySet":
        """Those in books that one may read."""
        return self.filter(evidence__apprenticeship__in=_books(viewer))
