"""Hours of classes for other systems."""

import uuid
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import Endpoint, RowOf
from accounts.describing import operation
from apprenticeship.api_shapes import head_tag
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from competencies.api_shapes import hours
from instruction.sums import CourseHours, TopicHours, hours_of


class TopicSum(serializers.Serializer[Any]):
    """One topic. `met` is null where it is demanded only "where appropriate" and has neither hours nor a waiver."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    recorded = serializers.CharField(help_text='Hours as text, for example "6.5".')
    minimum = serializers.CharField(allow_null=True, help_text="Null where the standard gives none.")
    met = serializers.BooleanField(allow_null=True)
    waived = serializers.BooleanField(help_text='A topic "where appropriate" that is not appropriate here.')
    credit = serializers.BooleanField(help_text="Transfer credit or a test-out was accepted, with hours or without.")
    competency_signed = serializers.BooleanField(help_text="By an instructor.")
    next_due = serializers.DateField(allow_null=True, help_text="The last day to repeat it in time.")
    conditional = serializers.BooleanField()
    recurrence = serializers.ChoiceField(choices=["", "within_months", "calendar_year"])
    recurrence_months = serializers.IntegerField(allow_null=True)
    law = serializers.CharField(allow_blank=True)


class CourseSum(serializers.Serializer[Any]):
    """One course: met when its hours and all its topics are; null where it gives no hours."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    recorded = serializers.CharField()
    required = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a name of the field itself, too
    met = serializers.BooleanField(allow_null=True)
    topics = TopicSum(many=True)


class HoursShape(serializers.Serializer[Any]):
    """The hours of classes, and those earned otherwise, that were recorded for one apprentice and stand."""

    apprenticeship = serializers.UUIDField()
    courses = CourseSum(many=True)


class Hours(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("hours", {200: HoursShape}, tag="apprenticeships", row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The hours of classes by topic and course, against the numbers of the standard."""
        return self.tagged(
            head_tag(self.row),
            lambda: {"apprenticeship": self.row.pk, "courses": [_course(course) for course in hours_of(self.row)]},
        )


def _course(course: CourseHours) -> dict[str, Any]:
    return {
        "id": course.id,
        "title": course.title,
        "recorded": hours(course.recorded),
        "required": hours(course.required),
        "met": course.met,
        "topics": [_topic(topic) for topic in course.topics],
    }


def _topic(topic: TopicHours) -> dict[str, Any]:
    return {
        "id": topic.id,
        "title": topic.title,
        "recorded": hours(topic.recorded),
        "minimum": hours(topic.minimum),
        "met": topic.met,
        "waived": topic.waived,
        "credit": topic.credit,
        "competency_signed": topic.signed,
        "next_due": topic.next_due,
        "conditional": topic.conditional,
        "recurrence": topic.recurrence,
        "recurrence_months": topic.recurrence_months,
        "law": topic.law,
    }
