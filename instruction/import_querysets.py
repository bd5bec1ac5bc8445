"""Reading files that were brought in: everybody sees their own, while they hold the role."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.access import Permission, permits
from accounts.viewer import Viewer

if TYPE_CHECKING:
    from instruction.models import HoursImport, ImportedRow  # noqa: F401  # names of the generic parameters


class HoursImportQuerySet(models.QuerySet["HoursImport"]):
    def visible_to(self, viewer: Viewer) -> "HoursImportQuerySet":
        """One's own, with sponsors for whom one still may bring in; timesheets only as their coordinator."""
        if viewer.is_anonymous:
            return self.none()
        brings = [s.pk for s in viewer.sponsors if permits(viewer, Permission.BRING_IN_HOURS, on=s)]
        sheets = [s.pk for s in viewer.sponsors if permits(viewer, Permission.BRING_IN_TIMESHEETS, on=s)]
        return self.filter(
            Q(kind="attendance", sponsor__in=brings) | Q(kind="timesheet", sponsor__in=sheets),
            brought_by=viewer.user_id,
        )

    def held_by_the_dead(self, at: datetime) -> "HoursImportQuerySet":
        """Those whose worker gave no result in its time."""
        return self.filter(state="checking", lease_until__lte=at)

    def unsent(self, *, sent_before: datetime) -> "HoursImportQuerySet":
        """Those that wait and are in no queue, or went into it so long ago that it may have lost them."""
        return self.filter(Q(dispatched_at=None) | Q(dispatched_at__lt=sent_before), state="queued")


class ImportedRowQuerySet(models.QuerySet["ImportedRow"]):
    def visible_to(self, viewer: Viewer) -> "ImportedRowQuerySet":
        """Those of files that one may see."""
        from instruction.models import HoursImport  # the models import their querysets

        return self.filter(brought__in=HoursImport.objects.visible_to(viewer))
