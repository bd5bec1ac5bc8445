"""Reading documents and jobs: who may read a book may read what was printed of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship

if TYPE_CHECKING:
    from reports.models import Document, RenderJob  # noqa: F401  # names of the generic parameters


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, viewer: Viewer) -> "DocumentQuerySet":
        """Those of visible books."""
        return self.filter(apprenticeship__in=Apprenticeship.objects.visible_to(viewer))

    def with_context(self) -> "DocumentQuerySet":
        """With what its permission and its page ask: the book with its people, and the file."""
        return self.select_related("file", "apprenticeship__sponsor", "apprenticeship__apprentice").prefetch_related(
            "apprenticeship__mentorships"
        )


class RenderJobQuerySet(models.QuerySet["RenderJob"]):
    def visible_to(self, viewer: Viewer) -> "RenderJobQuerySet":
        """Those of visible books."""
        return self.filter(document__apprenticeship__in=Apprenticeship.objects.visible_to(viewer))

    def with_context(self) -> "RenderJobQuerySet":
        """With what its permission and its page ask: the document, the book and its people."""
        return self.select_related(
            "document__file", "document__apprenticeship__sponsor", "document__apprenticeship__apprentice"
        ).prefetch_related("document__apprenticeship__mentorships")

    def open(self) -> "RenderJobQuerySet":
        """Those that are neither done nor failed."""
        return self.filter(state__in=["queued", "running"])

    def held_by_the_dead(self, at: datetime) -> "RenderJobQuerySet":
        """Those that run under a lease that has run out at `at`."""
        return self.filter(state="running", lease_until__lte=at)

    def unsent(self, *, at: datetime, sent_before: datetime) -> "RenderJobQuerySet":
        """Those that wait and whose id was never put into the queue, or so long ago that it was lost."""
        return self.filter(
            Q(dispatched_at=None) | Q(dispatched_at__lt=sent_before), state="queued", requested_at__lte=at
        )

    def ahead_of(self, job: "RenderJob") -> "RenderJobQuerySet":
        """Those of the same queue that were asked for earlier and are still open."""
        return self.open().filter(queue=job.queue, requested_at__lt=job.requested_at)
