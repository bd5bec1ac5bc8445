"""Reading standards and their versions."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.viewer import Viewer
    from competencies.models import Standard, StandardVersion  # noqa: F401  # names of the generic parameters


class StandardQuerySet(models.QuerySet["Standard"]):
    def visible_to(self, viewer: "Viewer") -> "StandardQuerySet":
        """The shared library for everybody; a sponsor's own standards for its people."""
        return self.filter(Q(owner=None) | Q(owner__in=viewer.sponsor_ids))


class StandardVersionQuerySet(models.QuerySet["StandardVersion"]):
    def visible_to(self, viewer: "Viewer") -> "StandardVersionQuerySet":
        """Versions that were published, of standards that are visible."""
        return self.exclude(status="draft").filter(Q(standard__owner=None) | Q(standard__owner__in=viewer.sponsor_ids))

    def newest_published(self) -> "StandardVersion | None":
        """The version in force: the published one with the highest number."""
        return self.filter(status="published").order_by("-number").first()
