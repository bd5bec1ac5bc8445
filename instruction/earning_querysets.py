"""Reading hours earned otherwise, waivers and competency in topics: all belong to books."""

from typing import Any

from django.db import models

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship


class BookFactQuerySet(models.QuerySet[Any]):
    """Rows of one table of facts in books."""

    def visible_to(self, viewer: Viewer) -> "BookFactQuerySet":
        """Those in books that one may read."""
        return self.filter(apprenticeship__in=Apprenticeship.objects.visible_to(viewer))

    def standing(self) -> "BookFactQuerySet":
        """Those that count: not taken back."""
        return self.filter(entry__voided_by_instruction=None)

    def with_all(self) -> "BookFactQuerySet":
        """With what is shown beside them, in the same query, in the order of the book."""
        return self.select_related(
            "entry__voided_by_instruction__by",
            "entry__voided_by_instruction__entry",
            "entry__voided_by_instruction__reason",
            "topic__course",
            "by",
        ).order_by("entry__sequence")


class OtherHoursEvidenceQuerySet(models.QuerySet[Any]):
    """Documents of hours that were earned otherwise."""

    def visible_to(self, viewer: Viewer) -> "OtherHoursEvidenceQuerySet":
        """Those in books that one may read."""
        return self.filter(evidence__apprenticeship__in=Apprenticeship.objects.visible_to(viewer))
