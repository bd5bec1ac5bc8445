"""Files beside what is asked for: given with the asking, or added while the conversation goes on."""

import uuid
from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from apprenticeship.conversation import NotUnderWay, as_they_are
from apprenticeship.evidence import EvidenceInvalid, take, too_many
from apprenticeship.models import Apprenticeship, AskEvidence, RequestedSkill
from apprenticeship.record import lock_books


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
    lying = Counter(AskEvidence.objects.filter(requested_skill__in=asked).values_list("requested_skill", flat=True))
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
