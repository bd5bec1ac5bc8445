"""Reading files that were brought in: everybody sees their own, while they hold the role."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.import_models import FileImport, FileRow  # noqa: F401  # names of the generic parameters
    from accounts.viewer import Viewer


class FileImportQuerySet(models.QuerySet["FileImport"]):
    def visible_to(self, viewer: "Viewer") -> "FileImportQuerySet":
        """One's own, with sponsors for whom one still may bring in such a file."""
        from accounts.access import permits  # both need the models, which import their querysets
        from accounts.import_kinds import file_kinds

        if viewer.is_anonymous:
            return self.none()
        among = Q(pk__in=[])
        for kind in file_kinds().values():
            among |= Q(
                kind=kind.code, sponsor__in=[s.pk for s in viewer.sponsors if permits(viewer, kind.permission, on=s)]
            )
        return self.filter(among, brought_by=viewer.user_id)

    def held_by_the_dead(self, at: datetime) -> "FileImportQuerySet":
        """Those whose worker gave no result in its time."""
        return self.filter(state__in=("checking", "writing"), lease_until__lte=at)

    def unsent(self, *, sent_before: datetime) -> "FileImportQuerySet":
        """Those that wait and are in no queue, or went into it so long ago that it may have lost them."""
        return self.filter(Q(dispatched_at=None) | Q(dispatched_at__lt=sent_before), state__in=("queued", "ordered"))


class FileRowQuerySet(models.QuerySet["FileRow"]):
    def visible_to(self, viewer: "Viewer") -> "FileRowQuerySet":
        """Those of files that one may see."""
        from accounts.import_models import FileImport  # the models import their querysets

        return self.filter(brought__in=FileImport.objects.visible_to(viewer))
