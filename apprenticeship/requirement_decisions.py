"""Deciding of a requirement that is not measured, or that the agency excused: by a document, its author, its date.

Only so is such a requirement met. The newest decision about a requirement counts; withdrawing is one too.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.sealing import can_be_kept
from apprenticeship.completion import Requirement, decisions_of, requirements_of
from apprenticeship.meaning import meaning_of_decision
from apprenticeship.models import (
    LONGEST_AUTHOR,
    LONGEST_DOCUMENT,
    Apprenticeship,
    Grounds,
    RequirementDecision,
    Status,
)
from apprenticeship.record import Draft, append_many, lock_books


class DecisionInvalid(Exception):
    """Wrong input: a requirement that is measured, grounds that are not its own, or no usable document. 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class DecisionTooLate(Exception):
    """The apprenticeship is completed: what it was completed by is not changed. The edge answers 409."""


@dataclass(frozen=True)
class Decision:
    """What is decided of the requirement with this code, by which document, by whom and when."""

    requirement: str
    grounds: str
    document: str
    decided_by: str
    decided_on: date


def decide_requirement(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, decision: Decision
) -> RequirementDecision:
    """Record `decision` in the book.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted,
    ProofNeeded, DecisionInvalid, DecisionTooLate; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.CHANGE_STATUS, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="decide_requirement",
            request={
                "apprenticeship": str(apprenticeship.pk),
                **vars(decision),
                "decided_on": decision.decided_on.isoformat(),
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return RequirementDecision.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        _refuse_words(viewer, apprenticeship, decision)
        heads = lock_books([apprenticeship.pk])
        if heads[apprenticeship.pk].apprenticeship.status == Status.COMPLETED:
            raise DecisionTooLate
        asked = _asked(viewer, apprenticeship, decision)
        draft = _draft(viewer, apprenticeship, decision, asked)
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = RequirementDecision.objects.create(
            entry=entry, apprenticeship=apprenticeship, by=viewer.person, **vars(decision)
        )
        finish_act(begun.act, [made.pk])
        return made


def _refuse_words(viewer: Viewer, book: Apprenticeship, decision: Decision) -> None:
    said = {"document": (decision.document, LONGEST_DOCUMENT), "decided_by": (decision.decided_by, LONGEST_AUTHOR)}
    for field, (text, most) in said.items():
        if not text.strip() or len(text) > most or not can_be_kept(text):
            raise DecisionInvalid(field, _("Fill this in, with at most %(most)s characters.") % {"most": most})
    if decision.decided_on > viewer.today(book.sponsor):
        raise DecisionInvalid("decided_on", _("The date is in the future. Enter the date of the document."))


def _asked(viewer: Viewer, book: Apprenticeship, decision: Decision) -> Requirement:
    """The requirement that is decided; raises DecisionInvalid where these grounds cannot be given for it."""
    found = {asked.code: asked for asked in requirements_of(book, at=viewer.at)}.get(decision.requirement)
    if found is None or not found.can_be_decided:
        raise DecisionInvalid("requirement", _("This requirement cannot be decided: it is met or it is not."))
    possible = grounds_for(found, is_decided=decision.requirement in decisions_of(book, at=viewer.at))
    if decision.grounds not in possible:
        raise DecisionInvalid("grounds", _("Choose grounds that this requirement can have."))
    return found


def grounds_for(asked: Requirement, *, is_decided: bool) -> list[Grounds]:
    """The grounds that can be given for a requirement; a decision can be withdrawn where there is one."""
    may = {Grounds.LEFT_BLANK: asked.unmeasured, Grounds.EXCUSED: asked.can_be_excused, Grounds.WITHDRAWN: is_decided}
    return [grounds for grounds, possible in may.items() if possible]


def _draft(viewer: Viewer, book: Apprenticeship, decision: Decision, asked: Requirement) -> Draft:
    meaning = meaning_of_decision(withdrawn=decision.grounds == Grounds.WITHDRAWN)
    return Draft(
        apprenticeship=book,
        kind="requirement_decision",
        role=acting_role(viewer, Permission.CHANGE_STATUS, on=book),
        body={
            "requirement": {"code": decision.requirement, "label": str(asked.label)},
            "grounds": str(decision.grounds),
            "document": decision.document,
            "decided_by": decision.decided_by,
            "decided_on": decision.decided_on.isoformat(),
            "meaning": {"language": get_language() or "en", "text": meaning},
        },
    )
