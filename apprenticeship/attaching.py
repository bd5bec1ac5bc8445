"""Files beside what is asked for: given with the asking, added while the conversation goes on, or taken out again."""

import uuid
from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import ForeignObjectRel
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from apprenticeship.conversation import NotUnderWay, as_they_are
from apprenticeship.evidence import EvidenceInvalid, take, too_many
from apprenticeship.models import Apprenticeship, AskEvidence, Evidence, EvidenceTakenOut, RequestedSkill
from apprenticeship.record import lock_books


class CannotBeTakenOut(Exception):
    """The file stays: something rests on it, or it no longer lies there. The edge answers 409."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def attach(
    asked: Sequence[RequestedSkill],
    evidence: Sequence[uuid.UUID],
    *,
    apprenticeship: Apprenticeship,
    viewer: Viewer,
    act: Act,
) -> None:
    """Lay the same files beside each of `asked`; in the caller's transaction, the book locked.

    No query where none are named. Raises EvidenceInvalid.
    """
    if not evidence or not asked:
        return
    (files,) = take([(apprenticeship, None, evidence)], viewer=viewer, act=act)
    uses = AskEvidence.objects.filter(requested_skill__in=asked).values_list("requested_skill", "evidence", "taken_out")
    out = {file for _asked, file, taken_out in uses if taken_out}
    if out & {file.pk for file in files}:
        raise EvidenceInvalid(0, _("A file was taken out of this request before. Choose it again."))
    lying = Counter(asked for asked, _file, taken_out in uses if not taken_out)
    if any(count + len(files) > settings.EVIDENCE_MOST_FILES for count in lying.values()):
        raise EvidenceInvalid(0, too_many())
    AskEvidence.objects.bulk_create(
        [AskEvidence(requested_skill=row, evidence=file) for row in asked for file in files],
        ignore_conflicts=True,  # the same file again beside the same skill is the same use
    )


def add_evidence(*, viewer: Viewer, key: str, asked: RequestedSkill, evidence: Sequence[uuid.UUID]) -> RequestedSkill:
    """Add files to what waits or came back; nobody is told anew.

    The same `key` with the same files gives the first result again. Raises NotPermitted, KeyReused,
    EvidenceInvalid, NotUnderWay; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ASK, on=asked)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="add_evidence",
            request={"asked": str(asked.pk), "evidence": [str(pk) for pk in evidence]},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return as_they_are([asked.pk])[0]
        if not evidence:
            raise EvidenceInvalid(0, _("Choose at least one file."))
        lock_books([asked.apprenticeship_id])
        row = as_they_are([asked.pk])[0]
        if not row.is_under_way:
            raise NotUnderWay([row])
        attach([row], evidence, apprenticeship=asked.apprenticeship, viewer=viewer, act=begun.act)
        finish_act(begun.act, [row.pk])
        return row


def take_out(*, viewer: Viewer, key: str, asked: RequestedSkill, evidence: Evidence) -> RequestedSkill:
    """Take a file out of what waits or came back, for this skill alone; the file itself stays in the book.

    The same `key` with the same file gives the first result again. Raises NotPermitted, KeyReused,
    NotUnderWay, CannotBeTakenOut; after any of them nothing is changed.
    """
    with transaction.atomic():
        require(viewer, Permission.ASK, on=asked)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="take_out_evidence",
            request={"asked": str(asked.pk), "evidence": str(evidence.pk)},
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
        use = AskEvidence.objects.lying().filter(requested_skill=row, evidence=evidence).first()
        if use is None:
            raise CannotBeTakenOut(_("The file had been taken out before."))
        if _rests_on(evidence):
            raise CannotBeTakenOut(
                _("Something was signed with this file, so it stays. Your mentor can leave it out when they sign.")
            )
        EvidenceTakenOut.objects.create(use=use, by=viewer.person, at=viewer.at, act=begun.act)
        finish_act(begun.act, [row.pk])
        return row


def _rests_on(evidence: Evidence) -> bool:
    """Whether a row of any table but those of askings names this file: a signature, hours, a certificate."""
    relations = [field for field in Evidence._meta.get_fields() if isinstance(field, ForeignObjectRel)]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: evidence}).exists()
        for relation in relations
        if relation.related_model is not AskEvidence
    )
