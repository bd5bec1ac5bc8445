"""Reading hours of work: who sees what is written here once."""

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db import models

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.querysets import _OfABookQuerySet, _visible_apprenticeships

if TYPE_CHECKING:
    from apprenticeship.models import (  # noqa: F401  # names of the generic parameters
        MonthCover,
        MonthSignature,
        WorkHours,
        WorkHoursVoid,
        WorkLog,
        WorkLogEvent,
    )

M = TypeVar("M", bound=models.Model)
WITH_ITS_PLACE = ("worksite__employer", "skill_set")


class WorkLogQuerySet(_OfABookQuerySet["WorkLog"]):
    def waiting(self) -> "WorkLogQuerySet":
        """Those that wait for a mentor."""
        return self.filter(state="waiting")

    def under_way(self) -> "WorkLogQuerySet":
        """Those that wait, and those that were sent back: their apprentice may still change them."""
        return self.filter(state__in=["waiting", "sent_back"])

    def to_review_by(self, viewer: Viewer) -> "WorkLogQuerySet":
        """Those that wait for `viewer` as mentor; never one's own."""
        from apprenticeship.models import Apprenticeship  # the models import their querysets

        mentored = Apprenticeship.objects.mentored_by(viewer).exclude(apprentice=viewer.user_id)
        return self.waiting().filter(apprenticeship__in=mentored)

    def overseen_by(self, viewer: Viewer) -> "WorkLogQuerySet":
        """Those that wait in the books of the sponsors that `viewer` oversees."""
        sponsors = [s.pk for s in viewer.sponsors if permits(viewer, Permission.READ_COHORT, on=s)]
        return self.waiting().filter(apprenticeship__sponsor__in=sponsors)

    def with_place(self) -> "WorkLogQuerySet":
        """With what is shown of each: its worksite and its skill set."""
        return self.select_related(*WITH_ITS_PLACE)

    def with_book(self) -> "WorkLogQuerySet":
        """With everything that reviewing asks of each book: people, terms, standard, mentors."""
        return self.select_related(
            "apprenticeship__sponsor", "apprenticeship__apprentice", "apprenticeship__terms__standard_version__standard"
        ).prefetch_related("apprenticeship__mentorships")

    def by_day(self) -> "WorkLogQuerySet":
        """The first day first."""
        return self.order_by("worked_on", "skill_set__order", "pk")


class WorkHoursQuerySet(_OfABookQuerySet["WorkHours"]):
    def standing(self) -> "WorkHoursQuerySet":
        """Those that count: not taken back."""
        return self.filter(void=None)

    def standing_at(self, at: datetime) -> "WorkHoursQuerySet":
        """Those that counted at the instant `at`, by the time of recording."""
        return self.filter(entry__recorded_at__lte=at).exclude(void__entry__recorded_at__lte=at)

    def with_place(self) -> "WorkHoursQuerySet":
        """With what is shown of each: place, set, who approved it, and whether it was taken back."""
        return self.select_related(
            *WITH_ITS_PLACE, "entry", "approved_by", "reason", "void__entry", "void__by", "void__reason"
        )


class WorkLogEventQuerySet(models.QuerySet["WorkLogEvent"]):
    def visible_to(self, viewer: Viewer) -> "WorkLogEventQuerySet":
        """Those in books that one may read."""
        return self.filter(log__apprenticeship__in=_visible_apprenticeships(viewer))


class WorkHoursVoidQuerySet(models.QuerySet["WorkHoursVoid"]):
    def visible_to(self, viewer: Viewer) -> "WorkHoursVoidQuerySet":
        """Those in books that one may read."""
        return self.filter(work_hours__apprenticeship__in=_visible_apprenticeships(viewer))


class MonthSignatureQuerySet(_OfABookQuerySet["MonthSignature"]):
    pass


class MonthCoverQuerySet(models.QuerySet["MonthCover"]):
    def visible_to(self, viewer: Viewer) -> "MonthCoverQuerySet":
        """Those in books that one may read."""
        return self.filter(signature__apprenticeship__in=_visible_apprenticeships(viewer))
