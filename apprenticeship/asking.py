"""Asking for a sign-off: the apprentice's side of the conversation.

The beats are those of every transition: permission, replay, state, write. Nothing is recorded in the
book, because asking is conversation; the signature that answers it is the record.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import User
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from acts.sealing import can_be_kept
from apprenticeship.announcing import Telling, announce
from apprenticeship.attaching import attach
from apprenticeship.conversation import LONGEST_COMMENT, NotUnderWay, as_they_are, end, turn
from apprenticeship.models import (
    Apprenticeship,
    AskKind,
    AskState,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
    SignOffRequest,
    SkillStanding,
)
from apprenticeship.querysets import SkillStandingQuerySet
from apprenticeship.record import lock_books
from apprenticeship.running import NotRunning, rests
from competencies.models import RatingLevel, Skill


@dataclass(frozen=True)
class AskLine:
    """One skill to ask for: when it was done, with which mentor if any, and how well by one's own judgment."""

    skill: Skill
    done_on: date
    done_with: User | None = None
    level: RatingLevel | None = None


@dataclass(frozen=True)
class AskProblem:
    """What is wrong with the input: the line's place (None: all of it), the field, and what to do."""

    line: int | None
    field: str
    message: str


class AskInvalid(Exception):
    """Wrong input; nothing was asked. The edge answers 400."""

    def __init__(self, problems: Sequence[AskProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)


class CannotBeAsked(Exception):
    """Some skills cannot be asked for now; nothing was asked. The edge answers 409.

    `reasons` says why, by the line's place in the list.
    """

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = reasons


class AskedWhileNotRunning(NotRunning, CannotBeAsked):
    """The apprenticeship is suspended or cancelled: `told` says so, for all lines; nothing was asked."""

    def __init__(self, told: str, lines: int) -> None:
        super().__init__(dict.fromkeys(range(lines), told))
        self.told = told

    def __str__(self) -> str:
        return self.told


def ask(
    *,
    viewer: Viewer,
    key: str,
    apprenticeship: Apprenticeship,
    lines: Sequence[AskLine],
    comment: str = "",
    kind: AskKind = AskKind.SIGN_OFF,
    evidence: Sequence[uuid.UUID] = (),
) -> list[RequestedSkill]:
    """Ask for all `lines` or none, for a mentor's signature or for credit; returns them in the order of the lines.

    `evidence` names files that support every line.

    What was sent back goes on where it stopped; what was never asked, or ended, becomes a new request.
    The same `key` with the same lines gives the first result again. Raises NotPermitted, KeyReused,
    AskInvalid, CannotBeAsked, AskedWhileNotRunning, EvidenceInvalid; after any of them nothing is stored.
    """
    comment = comment.strip()
    with transaction.atomic():
        require(viewer, Permission.ASK, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="ask",
            request={
                "apprenticeship": str(apprenticeship.pk),
                "lines": [_as_request(line) for line in lines],
                "comment": comment,
                **({"kind": kind.value} if kind != AskKind.SIGN_OFF else {}),
                **({"evidence": [str(pk) for pk in evidence]} if evidence else {}),
            },
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return as_they_are(uuid.UUID(pk) for pk in begun.act.result_ids)
        prefetch_related_objects([line.skill for line in lines], "skill_set")
        _refuse_wrong_input(viewer, apprenticeship, lines, comment, kind)
        heads = lock_books([apprenticeship.pk])
        if told := rests([apprenticeship], heads):
            raise AskedWhileNotRunning(told[apprenticeship.pk], len(lines))
        reasons = obstacles(apprenticeship, viewer=viewer, kind=kind)
        stuck = {i: reasons[line.skill.pk] for i, line in enumerate(lines) if line.skill.pk in reasons}
        if stuck:
            raise CannotBeAsked(stuck)
        asked = _write(apprenticeship, lines, comment, kind, viewer=viewer, act=begun.act)
        attach(asked, evidence, apprenticeship=apprenticeship, viewer=viewer, act=begun.act)
        telling = Telling.CREDIT_ASKED if kind == AskKind.CREDIT else Telling.ASKED
        announce(telling, act=begun.act, viewer=viewer, books=[apprenticeship.pk], asked=[r.pk for r in asked])
        finish_act(begun.act, [row.pk for row in asked])
        return asked


def withdraw(*, viewer: Viewer, key: str, asked: RequestedSkill) -> RequestedSkill:
    """Take an asking back, whether it waits or was sent back.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, NotUnderWay; after
    any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ASK, on=asked)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="withdraw",
            request={"asked": str(asked.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return as_they_are([asked.pk])[0]
        lock_books([asked.apprenticeship_id])
        row = as_they_are([asked.pk])[0]
        if not row.is_under_way:
            raise NotUnderWay([row])
        end([row], AskState.WITHDRAWN, viewer=viewer)
        row.save(update_fields=["state", "ended_at", "ended_by"])
        turn(row, RequestEventKind.WITHDRAWN, viewer=viewer, act=begun.act).save()
        announce(Telling.WITHDRAWN, act=begun.act, viewer=viewer, books=[row.apprenticeship_id], asked=[row.pk])
        finish_act(begun.act, [row.pk])
        return row


def obstacles(
    apprenticeship: Apprenticeship, *, viewer: Viewer, kind: AskKind = AskKind.SIGN_OFF
) -> dict[uuid.UUID, str]:
    """By skill, why it cannot be asked for now; what is not named can be. Two queries.

    The highest level of a scale cannot be bettered; a lower one that is attained already can. Credit is
    for what is not attained yet.
    """
    if kind == AskKind.CREDIT:
        settled = SkillStanding.objects.filter(apprenticeship=apprenticeship, attained=True)
        signed_already = _("This skill is signed off; credit would add nothing.")
    else:
        settled = _at_the_top(apprenticeship, viewer)
        signed_already = _("This skill is signed off at the highest level and is not due again.")
    waiting = RequestedSkill.objects.filter(apprenticeship=apprenticeship, state=AskState.OPEN)
    asked_already = _("You have asked for this skill already; it waits for an answer.")
    needs_your_ok = _("This skill is signed off at the highest level; it counts when you agree.")
    rows = settled.select_related("sign_off", "counter_signature")
    found = {row.skill_id: needs_your_ok if row.waits_for_ok else signed_already for row in rows}
    return found | dict.fromkeys(waiting.values_list("skill", flat=True), asked_already)


def _at_the_top(apprenticeship: Apprenticeship, viewer: Viewer) -> SkillStandingQuerySet:
    """What stands at the highest level of its scale and is not due again."""
    today = viewer.today(apprenticeship.sponsor)
    higher = RatingLevel.objects.filter(
        scale=OuterRef("sign_off__level__scale"), order__gt=OuterRef("sign_off__level__order")
    )
    at_the_top = SkillStanding.objects.filter(~Exists(higher), apprenticeship=apprenticeship, sign_off__isnull=False)
    return at_the_top.filter(Q(due_on=None) | Q(due_on__gt=today))


def _as_request(line: AskLine) -> dict[str, Any]:
    return {
        "skill": str(line.skill.pk),
        "done_on": line.done_on.isoformat(),
        "done_with": str(line.done_with.pk) if line.done_with else None,
        "level": str(line.level.pk) if line.level else None,
    }


def _refuse_wrong_input(
    viewer: Viewer, apprenticeship: Apprenticeship, lines: Sequence[AskLine], comment: str, kind: AskKind
) -> None:
    problems = [] if lines else [AskProblem(None, "skills", _("Choose at least one skill to ask for."))]
    seen: set[uuid.UUID] = set()
    for place, line in enumerate(lines):
        problems += [AskProblem(place, name, text) for name, text in _problems_of(viewer, apprenticeship, line, kind)]
        if line.skill.pk in seen:
            problems.append(AskProblem(place, "skills", _("This skill is in the list twice.")))
        seen.add(line.skill.pk)
    if len(comment) > LONGEST_COMMENT:
        too_long = _("The comment is too long. Keep it to %(most)s characters.") % {"most": LONGEST_COMMENT}
        problems.append(AskProblem(None, "comment", too_long))
    if not can_be_kept(comment):
        problems.append(
            AskProblem(None, "comment", _("The comment contains signs that cannot be kept. Type it again."))
        )
    if problems:
        raise AskInvalid(problems)


def _problems_of(viewer: Viewer, apprenticeship: Apprenticeship, line: AskLine, kind: AskKind) -> list[tuple[str, str]]:
    problems = []
    if line.skill.skill_set.version_id != apprenticeship.terms.standard_version_id:
        problems.append(("skills", _("This skill is not part of the standard you follow.")))
    if line.done_on > viewer.today(apprenticeship.sponsor):
        problems.append(("done_on", _("The date is in the future. Enter the day on which you did it.")))
    if line.done_on < apprenticeship.starts_on and kind != AskKind.CREDIT:
        problems.append(("done_on", _("The date is before your apprenticeship began. Enter a later day.")))
    if line.done_with and line.done_with.pk not in {m.mentor_id for m in apprenticeship.mentorships.all() if m.signs}:
        problems.append(("done_with", _("Choose one of your mentors, or nobody.")))
    if line.level and line.level.scale_id != line.skill.scale_id:
        problems.append(("level", _("This level is not on the scale of this skill.")))
    return problems


def _write(
    apprenticeship: Apprenticeship,
    lines: Sequence[AskLine],
    comment: str,
    wanted: AskKind,
    *,
    viewer: Viewer,
    act: Act,
) -> list[RequestedSkill]:
    sent_back = RequestedSkill.objects.filter(apprenticeship=apprenticeship, state=AskState.SENT_BACK)
    going_on = {row.skill_id: row for row in sent_back.filter(skill__in=[line.skill.pk for line in lines])}
    request = SignOffRequest(
        apprenticeship=apprenticeship, asked_by=viewer.person, asked_at=viewer.at, comment=comment, act=act
    )
    rows = [going_on.get(line.skill.pk) or _new(request, line) for line in lines]
    again = [row for row in rows if row.skill_id in going_on]
    new = [row for row in rows if row.skill_id not in going_on]
    events = []
    for row, line in zip(rows, lines, strict=True):
        row.state, row.asked_at, row.kind = AskState.OPEN, viewer.at, wanted
        row.done_on, row.done_with, row.level = line.done_on, line.done_with, line.level
        # The words of a first asking stand in the request; said again they belong to this turn.
        kind, words = (
            (RequestEventKind.ASKED_AGAIN, comment) if row.skill_id in going_on else (RequestEventKind.ASKED, "")
        )
        events.append(turn(row, kind, viewer=viewer, act=act, comment=words, done_on=line.done_on))
    try:
        with transaction.atomic():
            if new:
                request.save(force_insert=True)
                RequestedSkill.objects.bulk_create(new)
            RequestedSkill.objects.bulk_update(again, ["state", "asked_at", "kind", "done_on", "done_with", "level"])
    except IntegrityError as error:
        # Only a writer that did not lock the book can get here; the whole act rolls back.
        now = obstacles(apprenticeship, viewer=viewer, kind=wanted)
        raise CannotBeAsked({i: now[row.skill_id] for i, row in enumerate(rows) if row.skill_id in now}) from error
    RequestEvent.objects.bulk_create(events)
    return rows


def _new(request: SignOffRequest, line: AskLine) -> RequestedSkill:
    return RequestedSkill(request=request, apprenticeship=request.apprenticeship, skill=line.skill)
