"""What is asked for, for other systems: reading it, asking, withdrawing, and sending back. Signing answers it."""

import uuid
from collections.abc import Mapping
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
from accounts.models import User
from accounts.paging import By, PagedParameters, instant, listed
from accounts.problems import INVALID_INPUT, Problem, ProblemType, problem_of
from apprenticeship.answering import SendBackInvalid, send_back
from apprenticeship.api_problems import NOT_RUNNING
from apprenticeship.asking import AskInvalid, AskLine, AskProblem, CannotBeAsked, ask, withdraw
from apprenticeship.conversation import LONGEST_COMMENT, NotUnderWay
from apprenticeship.getters import get_apprenticeship, get_asked
from apprenticeship.models import Apprenticeship, AskKind, AskState, RequestedSkill
from competencies.models import RatingLevel, Skill

ASKS = "asks"
MOST_LINES = 100
NEWEST_FIRST = (By("asked_at", instant, newest_first=True), By("pk", uuid.UUID, newest_first=True))
CANNOT_BE_ASKED = ProblemType("cannot-be-asked", HTTPStatus.CONFLICT, gettext_lazy("This cannot be asked for now"))
NOT_UNDER_WAY = ProblemType("not-under-way", HTTPStatus.CONFLICT, gettext_lazy("This waits no longer"))


class AskShape(serializers.Serializer[Any]):
    """The conversation about one skill: what is asked for, and how it stands."""

    id = serializers.UUIDField()
    request = serializers.UUIDField(help_text="What was asked for in one act shares this.")
    apprenticeship = serializers.UUIDField()
    skill = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=AskKind.choices)
    state = serializers.ChoiceField(choices=AskState.choices)
    asked_at = serializers.DateTimeField(help_text="When it was last asked.")
    done_on = serializers.DateField()
    done_with = serializers.UUIDField(allow_null=True)
    level = serializers.UUIDField(allow_null=True, help_text="The apprentice's own judgment.")
    sign_off = serializers.UUIDField(allow_null=True, help_text="The signature that answered it.")


class AskPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = AskShape(many=True)


class AsksMade(serializers.Serializer[Any]):
    """What was asked for, in the order of the lines, as it stands now."""

    results = AskShape(many=True)


class AskParameters(PagedParameters):
    """Which askings of the book."""

    state = serializers.ChoiceField(choices=AskState.choices, required=False)


class AskLineSent(StrictSerializer):
    """One skill to ask for."""

    skill = serializers.UUIDField()
    done_on = serializers.DateField(help_text="The local date on which it was done; for credit, that of the documents.")
    done_with = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="One of the mentors.")
    level = serializers.UUIDField(required=False, allow_null=True, default=None)


class AskSent(StrictSerializer):
    """Skills that are asked for together: all of them or none."""

    lines = serializers.ListField(child=AskLineSent(), min_length=1, max_length=MOST_LINES)
    kind = serializers.ChoiceField(choices=AskKind.choices, required=False, default=AskKind.SIGN_OFF)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)


class NothingSent(StrictSerializer):
    """Nothing: an empty object."""


class SendBackSent(StrictSerializer):
    """What is missing, for the apprentice to read."""

    comment = serializers.CharField(max_length=LONGEST_COMMENT)


def ask_shape(row: RequestedSkill) -> dict[str, Any]:
    """With the skill loaded, no query of its own."""
    return {
        "id": row.pk,
        "request": row.request_id,
        "apprenticeship": row.apprenticeship_id,
        "skill": row.skill_id,
        "code": row.skill.code,
        "kind": row.kind,
        "state": row.state,
        "asked_at": row.asked_at,
        "done_on": row.done_on,
        "done_with": row.done_with_id,
        "level": row.level_id,
        "sign_off": row.sign_off_id,
    }


class Asks(Endpoint):
    declared = Permission.READ_REQUESTS
    needs = {"POST": Permission.ASK}
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("asks", {200: AskPage}, parameters=AskParameters, tag=ASKS, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What is and was asked for in one book, what was asked last on top."""
        wanted = asked(AskParameters, request)
        rows = RequestedSkill.objects.filter(apprenticeship=self.row).select_related("skill")
        if state := wanted.get("state"):
            rows = rows.filter(state=state)
        return Response(listed(rows, by=NEWEST_FIRST, request=request, wanted=wanted, shape=ask_shape))

    @operation("ask", {201: AsksMade}, body=AskSent, problems=(CANNOT_BE_ASKED, NOT_RUNNING), tag=ASKS, row=True)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Ask for these skills, all of them or none, as the apprentice who is signed in.

        `kind: credit` asks a coordinator for credit; everything else goes to the mentors.
        """
        key, wanted = self.key(), sent(AskSent, request)
        again = self.was_done()
        made = ask(
            viewer=self.viewer,
            key=key,
            apprenticeship=self.row,
            lines=_lines(wanted["lines"]),
            comment=wanted["comment"],
            kind=AskKind(wanted["kind"]),
        )
        return self.written({"results": [ask_shape(row) for row in made]}, again=again)


class Withdraw(Endpoint):
    declared = Permission.ASK
    on = RowOf(get_asked)
    row: RequestedSkill

    @operation("withdraw", {201: AskShape}, body=NothingSent, problems=(NOT_UNDER_WAY,), tag=ASKS, row=True)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take one asking back, whether it waits or was sent back."""
        key = self.key()
        sent(NothingSent, request)
        again = self.was_done()
        return self.written(ask_shape(withdraw(viewer=self.viewer, key=key, asked=self.row)), again=again)


class SendBack(Endpoint):
    declared = Permission.SEND_BACK
    on = RowOf(get_asked)
    row: RequestedSkill

    @operation(
        "send_back", {201: AskShape}, body=SendBackSent, problems=(NOT_UNDER_WAY, NOT_RUNNING), tag=ASKS, row=True
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Send one asking back with a comment; of credit this is the coordinator's no."""
        key, wanted = self.key(), sent(SendBackSent, request)
        again = self.was_done()
        (made,) = send_back(viewer=self.viewer, key=key, asked=[self.row], comment=wanted["comment"])
        return self.written(ask_shape(made), again=again)


def _lines(sent_lines: list[Mapping[str, Any]]) -> list[AskLine]:
    """The rows that the lines name, by three queries; what is unknown is refused in the words of the transition."""
    skills = Skill.objects.select_related("skill_set").in_bulk([line["skill"] for line in sent_lines])
    people = User.objects.in_bulk([line["done_with"] for line in sent_lines if line["done_with"]])
    levels = RatingLevel.objects.in_bulk([line["level"] for line in sent_lines if line["level"]])
    known = (
        ("skill", "skills", skills, _("This skill is not part of the standard you follow.")),
        ("done_with", "done_with", people, _("Choose one of your mentors, or nobody.")),
        ("level", "level", levels, _("This level is not on the scale of this skill.")),
    )
    problems = [
        AskProblem(place, field, message)
        for place, line in enumerate(sent_lines)
        for name, field, rows, message in known
        if line[name] and line[name] not in rows
    ]
    if problems:
        raise AskInvalid(problems)
    return [
        AskLine(
            skill=skills[line["skill"]],
            done_on=line["done_on"],
            done_with=people[line["done_with"]] if line["done_with"] else None,
            level=levels[line["level"]] if line["level"] else None,
        )
        for line in sent_lines
    ]


@problem_of.register
def _ask_invalid(error: AskInvalid) -> Problem:
    places = [{"pointer": _pointer(problem), "detail": problem.message} for problem in error.problems]
    return Problem(INVALID_INPUT, _("Nothing was asked. Mend what is listed and send it again."), places)


def _pointer(problem: AskProblem) -> str:
    field = "skill" if problem.field == "skills" and problem.line is not None else problem.field
    return f"#/{field}" if problem.line is None else f"#/lines/{problem.line}/{field}"


@problem_of.register
def _cannot_be_asked(error: CannotBeAsked) -> Problem:
    places = [{"pointer": f"#/lines/{line}/skill", "detail": why} for line, why in sorted(error.reasons.items())]
    return Problem(CANNOT_BE_ASKED, _("Nothing was asked. Leave out what is listed and send the rest."), places)


@problem_of.register
def _not_under_way(_error: NotUnderWay) -> Problem:
    return Problem(NOT_UNDER_WAY, _("It was signed, sent back or withdrawn in the meantime. Nothing changed."))


@problem_of.register
def _send_back_invalid(error: SendBackInvalid) -> Problem:
    return Problem(INVALID_INPUT, errors=[{"pointer": f"#/{error.field}", "detail": error.message}])
