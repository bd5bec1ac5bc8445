"""Completing an apprenticeship: one person finds all requirements met and prepares it, an administrator signs it.

The signature is the sponsor's verification of the whole record (29 CFR 29.5(b)(2)) and is the step `complete` of the
status. Somebody else prepares it than signs it, unless the sponsor has only one person who could. It cannot be forced:
what lacks is asked again under the lock of the book.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.access import NotPermitted, Permission, require
from accounts.models import Membership, Role, User
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from apprenticeship.completion import Requirement, requirements_of
from apprenticeship.models import Apprenticeship, CompletionPreparation, Status, StatusChange
from apprenticeship.record import lock_books

FROM = frozenset({Status.REGISTERED, Status.ACTIVE})
"""From where an apprenticeship is completed: nobody completes in probation or while it rests."""


class NotYetComplete(Exception):
    """Requirements are not met: `lacking` names them. The edge answers 409."""

    def __init__(self, lacking: Sequence[Requirement]) -> None:
        super().__init__(", ".join(requirement.code for requirement in lacking))
        self.lacking = list(lacking)


class NotRunningToComplete(Exception):
    """It is not where completing leads on from. The edge answers 409."""


class NotPrepared(Exception):
    """Nobody has prepared the completion since the status last changed. The edge answers 409."""


class PreparedByOneself(NotPermitted):
    """Whoever prepared it does not sign it, as long as somebody else could prepare it."""

    def __init__(self) -> None:
        super().__init__(Permission.COMPLETE)


def prepare_completion(*, viewer: Viewer, key: str, apprenticeship: Apprenticeship) -> CompletionPreparation:
    """Say that all requirements are met, so that an administrator can sign; a second one replaces the first.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, NotRunningToComplete, NotYetComplete;
    after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.CHANGE_STATUS, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="prepare_completion",
            request={"apprenticeship": str(apprenticeship.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return CompletionPreparation.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        heads = lock_books([apprenticeship.pk])
        if heads[apprenticeship.pk].apprenticeship.status not in FROM:
            raise NotRunningToComplete
        _require_met(apprenticeship, viewer)
        made = CompletionPreparation.objects.create(
            apprenticeship=apprenticeship, by=viewer.person, at=viewer.at, act=begun.act
        )
        note_event(
            "completion_prepared",
            at=viewer.at,
            actor_id=viewer.user_id,
            sponsor_id=apprenticeship.sponsor_id,
            subject=f"apprenticeship:{apprenticeship.pk}",
        )
        finish_act(begun.act, [made.pk])
        return made


def preparation_of(apprenticeship: Apprenticeship) -> CompletionPreparation | None:
    """The newest preparation since the status last changed; two queries."""
    made = CompletionPreparation.objects.filter(apprenticeship=apprenticeship).select_related("by")
    newest = made.order_by("-at", "-pk").first()
    if newest is None:
        return None
    changed = StatusChange.objects.filter(apprenticeship=apprenticeship, entry__recorded_at__gt=newest.at)
    return None if changed.exists() else newest


def ready_to_sign(viewer: Viewer, apprenticeship: Apprenticeship) -> tuple[User, Sequence[Requirement]]:
    """Who prepared the completion that `viewer` is about to sign, and what was met; the book is locked.

    Raises NotPrepared, PreparedByOneself, NotYetComplete.
    """
    prepared = preparation_of(apprenticeship)
    if prepared is None:
        raise NotPrepared
    if prepared.by_id == viewer.user_id and has_another(viewer, apprenticeship):
        raise PreparedByOneself
    return prepared.by, _require_met(apprenticeship, viewer)


def has_another(viewer: Viewer, apprenticeship: Apprenticeship) -> bool:
    """Whether the sponsor has somebody else who could prepare a completion; never the apprentice."""
    today = viewer.today(apprenticeship.sponsor)
    held = (
        Membership.objects.in_force(today)
        .accepted()
        .filter(
            sponsor=apprenticeship.sponsor_id, role__in=(Role.ADMINISTRATOR, Role.COORDINATOR), user__is_active=True
        )
    )
    return held.exclude(user__in=[viewer.user_id, apprenticeship.apprentice_id]).exists()


def _require_met(apprenticeship: Apprenticeship, viewer: Viewer) -> Sequence[Requirement]:
    asked = requirements_of(apprenticeship, at=viewer.at)
    lacking = [requirement for requirement in asked if not requirement.met]
    if lacking:
        raise NotYetComplete(lacking)
    return asked
