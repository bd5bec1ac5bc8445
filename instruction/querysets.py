"""Reading classes and attendance: who sees what is written here once."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Role
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship

if TYPE_CHECKING:
    from instruction.models import (  # noqa: F401  # names of the generic parameters
        Attendance,
        AttendanceVoid,
        CalendarAddress,
        ClassFile,
        ClassSession,
        ClassTopic,
        Expected,
        PlannedClass,
        PlannedTopic,
    )


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def visible_to(self, viewer: Viewer) -> "ClassSessionQuerySet":
        """Those of sponsors that one oversees, and one's own as their instructor."""
        if viewer.is_anonymous:
            return self.none()
        return self.filter(
            Q(sponsor__in=viewer.overseen_sponsor_ids)
            | Q(instructor=viewer.user_id, sponsor__in=_sponsors_taught_for(viewer))
        )

    def newest_first(self) -> models.QuerySet["ClassSession"]:
        """By the day they were held on."""
        return self.order_by("-held_on", "provider", "pk")


class ClassTopicQuerySet(models.QuerySet["ClassTopic"]):
    def visible_to(self, viewer: Viewer) -> "ClassTopicQuerySet":
        """Those of classes that one may see, and those attended in books that one may read."""
        from instruction.models import ClassSession  # the models import their querysets

        return self.filter(
            Q(session__in=ClassSession.objects.visible_to(viewer))
            | Q(attendances__apprenticeship__in=Apprenticeship.objects.visible_to(viewer))
        ).distinct()


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, viewer: Viewer) -> "AttendanceQuerySet":
        """Those in books that one may read, and the names in the classes that one taught."""
        if viewer.is_anonymous:
            return self.none()
        return self.filter(
            Q(apprenticeship__in=Apprenticeship.objects.visible_to(viewer))
            | Q(
                class_topic__session__instructor=viewer.user_id,
                class_topic__session__sponsor__in=_sponsors_taught_for(viewer),
            )
        )

    def standing(self) -> "AttendanceQuerySet":
        """Those that count: not taken back."""
        return self.filter(void=None)

    def with_class(self) -> "AttendanceQuerySet":
        """With everything that is printed beside them, in the same query."""
        return self.select_related(
            "class_topic__session",
            "class_topic__topic__course",
            "recorded_by",
            "entry",
            "void__entry",
            "void__by",
            "void__reason",
        )

    def for_voiding(self) -> "AttendanceQuerySet":
        """With everything that taking them back asks."""
        return self.with_class().select_related("apprenticeship__apprentice", "apprenticeship__sponsor")

    def newest_first(self) -> models.QuerySet["Attendance"]:
        """By the day of the class, then by their place in the book."""
        return self.order_by("-class_topic__session__held_on", "-entry__sequence")


class AttendanceVoidQuerySet(models.QuerySet["AttendanceVoid"]):
    def visible_to(self, viewer: Viewer) -> "AttendanceVoidQuerySet":
        """Those of hours that one may see."""
        from instruction.models import Attendance  # the models import their querysets

        return self.filter(attendance__in=Attendance.objects.visible_to(viewer))


class PlannedClassQuerySet(models.QuerySet["PlannedClass"]):
    def visible_to(self, viewer: Viewer) -> "PlannedClassQuerySet":
        """Those of sponsors that one oversees, those one teaches, and those one is expected in."""
        if viewer.is_anonymous:
            return self.none()
        return self.filter(Q(sponsor__in=viewer.overseen_sponsor_ids) | self._own(viewer))

    def own(self, viewer: Viewer) -> "PlannedClassQuerySet":
        """Those one teaches and those one is expected in: what a calendar of one's own shows."""
        return self.filter(self._own(viewer))

    def _own(self, viewer: Viewer) -> Q:
        from instruction.models import Expected  # the models import their querysets

        mine = Apprenticeship.objects.visible_to(viewer).filter(apprentice=viewer.user_id)
        expected = Expected.objects.filter(apprenticeship__in=mine)
        return Q(instructor=viewer.user_id, sponsor__in=_sponsors_taught_for(viewer)) | Q(
            pk__in=expected.values("planned")
        )

    def with_topics(self) -> "PlannedClassQuerySet":
        """With everything a list shows, in three queries."""
        return self.select_related("sponsor", "cohort", "instructor", "cancelled_by").prefetch_related(
            models.Prefetch("topics", queryset=_planned_topics()),
        )


class PlannedTopicQuerySet(models.QuerySet["PlannedTopic"]):
    def visible_to(self, viewer: Viewer) -> "PlannedTopicQuerySet":
        """Those of planned classes that one may see."""
        from instruction.models import PlannedClass  # the models import their querysets

        return self.filter(planned__in=PlannedClass.objects.visible_to(viewer))


class ClassFileQuerySet(models.QuerySet["ClassFile"]):
    def visible_to(self, viewer: Viewer) -> "ClassFileQuerySet":
        """Those of planned classes that one may see."""
        from instruction.models import PlannedClass  # the models import their querysets

        return self.filter(planned__in=PlannedClass.objects.visible_to(viewer))

    def in_order(self) -> models.QuerySet["ClassFile"]:
        """As they are listed: as they came."""
        return self.select_related("file", "uploaded_by").order_by("uploaded_at", "name", "pk")


class ExpectedQuerySet(models.QuerySet["Expected"]):
    def visible_to(self, viewer: Viewer) -> "ExpectedQuerySet":
        """The names in classes that one oversees or teaches, and one's own."""
        if viewer.is_anonymous:
            return self.none()
        return self.filter(
            Q(planned__sponsor__in=viewer.overseen_sponsor_ids)
            | Q(planned__instructor=viewer.user_id, planned__sponsor__in=_sponsors_taught_for(viewer))
            | Q(apprenticeship__apprentice=viewer.user_id)
        )


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    def visible_to(self, viewer: Viewer) -> "CalendarAddressQuerySet":
        """One's own."""
        return self.none() if viewer.is_anonymous else self.filter(person=viewer.user_id)


def _planned_topics() -> models.QuerySet["PlannedTopic"]:
    from instruction.models import PlannedTopic  # the models import their querysets

    return PlannedTopic.objects.select_related("topic__course").order_by("topic__course__order", "topic__order")


def _sponsors_taught_for(viewer: Viewer) -> frozenset[uuid.UUID]:
    return frozenset(s.pk for s in viewer.sponsors if Role.INSTRUCTOR in viewer.roles_with(s.pk))
