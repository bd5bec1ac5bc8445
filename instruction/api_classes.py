"""Planned classes and their attendance for other systems: the same getters and transitions as the pages."""

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import Endpoint, RowOf, StrictSerializer, asked, sent
from accounts.describing import operation
from accounts.paging import BY_ID, By, PagedParameters, instant, listed
from accounts.problems import INVALID_INPUT, NOT_YET_ACCEPTED, PROOF_NEEDED, Problem, ProblemType, Refused, problem_of
from apprenticeship.api_problems import TOO_MANY_ENTRIES
from apprenticeship.models import Apprenticeship
from competencies.api_shapes import hours
from instruction.getters import get_planned
from instruction.models import Attendance, PlannedClass
from instruction.planning import attendance_of
from instruction.roll_checks import RollConflict, RollInvalid
from instruction.rollcall import RollLine, record_roll
from instruction.timetables import SHOWN, timetable_of
from instruction.voiding import LONGEST_REASON

TAG = "classes"
ROLL_CONFLICT = ProblemType("roll-conflict", HTTPStatus.CONFLICT, gettext_lazy("This attendance cannot stand"))
NOTHING_WAS_RECORDED = gettext_lazy("Nothing was recorded. Mend what is listed and send it again.")


class ClassTopicShape(serializers.Serializer[Any]):
    """One topic of a planned class."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    hours = serializers.CharField(help_text='Hours as text, for example "1.5".')


class PlannedClassShape(serializers.Serializer[Any]):
    """One class of the timetable. `cancelled_at` is null while it is on."""

    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    topics = ClassTopicShape(many=True)
    mode = serializers.ChoiceField(choices=["in_person", "online", "self_study"])
    provider = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    instructor = serializers.CharField()
    version = serializers.IntegerField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancel_reason = serializers.CharField(allow_blank=True)


class PlannedClassPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = PlannedClassShape(many=True)


class PlannedClassParameters(PagedParameters):
    show = serializers.ChoiceField(choices=SHOWN, required=False, default="upcoming")


class RollLineShape(serializers.Serializer[Any]):
    """What stands for one person and one topic."""

    id = serializers.UUIDField(help_text="The attendance; name it in `seen` to change it.")
    apprenticeship = serializers.UUIDField()
    topic = serializers.UUIDField()
    hours = serializers.CharField()


class RollShape(serializers.Serializer[Any]):
    """Who is expected in a class, and the attendance that stands; nobody where names may not be read."""

    expected = serializers.ListField(child=serializers.UUIDField())
    standing = RollLineShape(many=True)


class RollLineSent(StrictSerializer):
    apprenticeship = serializers.UUIDField()
    topic = serializers.UUIDField()
    hours = serializers.DecimalField(max_digits=6, decimal_places=2, help_text='"0" for whoever was absent.')


class RollSent(StrictSerializer):
    lines = RollLineSent(many=True, allow_empty=False)
    seen = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_REASON)


class PlannedClasses(Endpoint):
    declared = Permission.READ_TIMETABLE

    @operation("planned_classes", {200: PlannedClassPage}, parameters=PlannedClassParameters, tag=TAG)
    def get(self, request: Request) -> Response:
        """The planned classes that you may see: upcoming, held or cancelled, by their beginning."""
        wanted = asked(PlannedClassParameters, request)
        rows = timetable_of(self.viewer, show=wanted["show"], mine=False).with_topics()
        order = (By("starts_at", instant), BY_ID)
        return Response(listed(rows, by=order, request=request, wanted=wanted, shape=_planned))


class OnePlannedClass(Endpoint):
    declared = Permission.READ_TIMETABLE
    on = RowOf(get_planned)
    row: PlannedClass

    @operation("planned_class", {200: PlannedClassShape}, tag=TAG, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One planned class."""
        return Response(_planned(PlannedClass.objects.with_topics().get(pk=self.row.pk)))


class AttendanceOfClass(Endpoint):
    declared = Permission.READ_CLASSES
    needs = {"POST": Permission.TAKE_ATTENDANCE}
    on = RowOf(get_planned)
    row: PlannedClass

    @operation("class_attendance", {200: RollShape}, tag=TAG, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Who is expected, and what stands for them."""
        return Response(
            {
                "expected": list(self.row.expected.order_by("pk").values_list("apprenticeship", flat=True)),
                "standing": _lines(attendance_of(self.row).with_class().order_by("pk")),
            }
        )

    @operation(
        "record_attendance",
        {201: RollShape},
        body=RollSent,
        problems=(ROLL_CONFLICT, TOO_MANY_ENTRIES, PROOF_NEEDED, NOT_YET_ACCEPTED),
        tag=TAG,
        row=True,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Let the lines stand, all of them or none. What is changed is named in `seen`, with a reason.

        Answers the hours that this act recorded in `standing`; a line that stood before adds none.
        """
        key, wanted = self.key(), sent(RollSent, request)
        lines, again = _found(self.row, wanted["lines"]), self.was_done()
        made = record_roll(
            viewer=self.viewer,
            key=key,
            planned=self.row,
            lines=lines,
            seen=wanted["seen"],
            reason=wanted["reason"],
        ).made
        expected = sorted({line.apprenticeship.pk for line in lines})
        return self.written({"expected": expected, "standing": _lines(made)}, again=again)


def _found(planned: PlannedClass, told: Sequence[dict[str, Any]]) -> list[RollLine]:
    """The people and topics that lines name; only those of the class can be named."""
    books = Apprenticeship.objects.filter(classes_expected__planned=planned).with_context()
    people = {book.pk: book for book in books}
    topics = {row.topic_id: row.topic for row in planned.topics.select_related("topic__course")}
    wrong = [
        {"pointer": f"#/lines/{number}/{name}", "detail": _("This class has none with this id.")}
        for number, line in enumerate(told)
        for name, known in (("apprenticeship", people), ("topic", topics))
        if line[name] not in known
    ]
    if wrong:
        raise Refused(Problem(INVALID_INPUT, str(NOTHING_WAS_RECORDED), wrong))
    return [RollLine(people[line["apprenticeship"]], topics[line["topic"]], line["hours"]) for line in told]


def _planned(row: PlannedClass) -> dict[str, Any]:
    names = ("starts_at", "ends_at", "mode", "provider", "place", "version", "cancelled_at", "cancel_reason")
    return {
        "id": row.pk,
        "topics": [{"id": t.topic_id, "title": t.topic.title, "hours": hours(t.hours)} for t in row.topics.all()],
        "instructor": row.instructor_name,
        **{name: getattr(row, name) for name in names},
    }


def _lines(rows: Sequence[Attendance]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "apprenticeship": row.apprenticeship_id,
            "topic": row.class_topic.topic_id,
            "hours": hours(row.hours),
        }
        for row in rows
    ]


@problem_of.register
def _invalid(error: RollInvalid) -> Problem:
    return Problem(INVALID_INPUT, str(NOTHING_WAS_RECORDED), _places(error.problems))


@problem_of.register
def _conflict(error: RollConflict) -> Problem:
    return Problem(ROLL_CONFLICT, str(NOTHING_WAS_RECORDED), _places(error.problems))


def _places(problems: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"pointer": "#/reason" if problem.field == "reason" else "#/lines", "detail": str(problem)}
        for problem in problems
    ]
