"""From the ids of a request to the lines of the transition, by five queries whatever their number."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.problems import NOT_FOUND, Problem, Refused
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Worksite
from apprenticeship.signoff import Problem as LineProblem
from apprenticeship.signoff import SignOffInvalid, SignOffLine
from competencies.models import RatingLevel, Skill

Sent = Sequence[Mapping[str, Any]]


def lines_of(viewer: Viewer, sent: Sent) -> list[SignOffLine]:
    """The rows that `sent` names. An apprenticeship out of sight is 404; another unknown id is wrong input.

    Raises Refused or SignOffInvalid; each names every line that it is about.
    """
    visible = Apprenticeship.objects.visible_to(viewer).with_context()
    books = {book.pk: book for book in visible.filter(pk__in=_ids(sent, "apprenticeship"))}
    _refuse_hidden(sent, books)
    skills = Skill.objects.select_related("skill_set", "parent").in_bulk(_ids(sent, "skill"))
    levels = RatingLevel.objects.select_related("scale").in_bulk(_ids(sent, "level"))
    places = Worksite.objects.filter(employer__sponsor__in=viewer.sponsor_ids).select_related("employer")
    worksites = places.in_bulk(_ids(sent, "worksite"))
    _refuse_unknown(sent, skills, levels, worksites)
    return [
        SignOffLine(
            apprenticeship=books[line["apprenticeship"]],
            skill=skills[line["skill"]],
            level=levels[line["level"]],
            method=line["method"],
            observed_on=line["observed_on"],
            replaces=line["replaces"],
            worksite=worksites[line["worksite"]] if line["worksite"] else None,
            note=line["note"],
            late_reason=line["late_reason"],
            procedure_number=line["procedure_number"],
            procedure_version=line["procedure_version"],
            evidence=tuple(line["evidence"]),
        )
        for line in sent
    ]


def _ids(sent: Sent, name: str) -> set[uuid.UUID]:
    return {line[name] for line in sent if line[name]}


def _refuse_hidden(sent: Sent, books: Mapping[uuid.UUID, Apprenticeship]) -> None:
    hidden = [
        {"pointer": f"#/lines/{place}/apprenticeship", "detail": _("There is no such apprenticeship that you may see.")}
        for place, line in enumerate(sent)
        if line["apprenticeship"] not in books
    ]
    if hidden:
        raise Refused(Problem(NOT_FOUND, errors=hidden))


def _refuse_unknown(
    sent: Sent,
    skills: Mapping[uuid.UUID, Skill],
    levels: Mapping[uuid.UUID, RatingLevel],
    worksites: Mapping[uuid.UUID, Worksite],
) -> None:
    # The words are those of the transition, so that an unknown row and one of elsewhere look the same.
    known = (
        ("skill", skills, _("This skill is not part of the standard this apprentice follows.")),
        ("level", levels, _("This level is not on the scale of this skill.")),
        ("worksite", worksites, _("This worksite does not belong to the apprentice's sponsor.")),
    )
    problems = [
        LineProblem(place, name, message)
        for place, line in enumerate(sent)
        for name, rows, message in known
        if line[name] and line[name] not in rows
    ]
    if problems:
        raise SignOffInvalid(problems)
