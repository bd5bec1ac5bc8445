"""Cohorts: made, renamed, archived, and apprentices moved between them. Nothing of it is ever lost."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept
from apprenticeship.models import Apprenticeship, Cohort, CohortMove
from apprenticeship.record import lock_books
from apprenticeship.statuses import RUNNING

LONGEST_NAME = 120


class CohortInvalid(Exception):
    """Wrong input; nothing was changed. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class CohortConflict(CohortInvalid):
    """What stands forbids it. The edge answers 409."""


def add_cohort(*, viewer: Viewer, key: str, sponsor: Sponsor, name: str, starts_on: date | None = None) -> Cohort:
    """Make a cohort without anybody in it.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    CohortInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ASSIGN, on=sponsor)
        request = {"sponsor": str(sponsor.pk), "name": name, "starts_on": str(starts_on)}
        begun = _begin(viewer, key, "add_cohort", request)
        if begun.is_replay:
            return Cohort.objects.get(pk=begun.act.result_ids[0])
        made = Cohort(sponsor=sponsor, name=_name(sponsor, name), starts_on=starts_on)
        made.save(force_insert=True)
        return _done(begun, viewer, "cohort_added", made)


def change_cohort(*, viewer: Viewer, key: str, cohort: Cohort, name: str, starts_on: date | None) -> Cohort:
    """Call it otherwise from now on, or begin it on another day; its apprentices stay. Raises as `add_cohort`."""
    with transaction.atomic():
        require(viewer, Permission.ASSIGN, on=cohort)
        request = {"cohort": str(cohort.pk), "name": name, "starts_on": str(starts_on)}
        begun = _begin(viewer, key, "change_cohort", request)
        locked = _locked(cohort)
        if begun.is_replay:
            return locked
        was = {"name": locked.name, "starts_on": str(locked.starts_on)}
        locked.name, locked.starts_on = _name(locked.sponsor, name, but=locked), starts_on
        locked.save(update_fields=["name", "starts_on"])
        return _done(begun, viewer, "cohort_changed", locked, **was)


def set_archived(*, viewer: Viewer, key: str, cohort: Cohort, archived: bool) -> Cohort:
    """Put it away, or bring it back. Only one in which nobody is in training any more is put away.

    Raises NotPermitted, KeyReused, CohortConflict; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ASSIGN, on=cohort)
        begun = _begin(viewer, key, "archive_cohort", {"cohort": str(cohort.pk), "archived": archived})
        locked = _locked(cohort)
        if begun.is_replay:
            return locked
        running = Apprenticeship.objects.filter(cohort=locked, status__in=RUNNING).count() if archived else 0
        if running:
            words = ngettext(
                "%(number)s apprentice is in training here. Move them to another cohort first.",
                "%(number)s apprentices are in training here. Move them to another cohort first.",
                running,
            )
            raise CohortConflict("name", words % {"number": running})
        locked.archived_at = viewer.at if archived else None
        locked.save(update_fields=["archived_at"])
        return _done(begun, viewer, "cohort_archived" if archived else "cohort_brought_back", locked)


def move(*, viewer: Viewer, key: str, apprenticeships: Sequence[Apprenticeship], to: Cohort | None) -> list[CohortMove]:
    """Move all these apprentices to the cohort `to` today (None: out of any), or none; returns their moves.

    Who is there already stays, without a trace. The same `key` with the same request gives the first result again.
    Raises NotPermitted, KeyReused, CohortInvalid, CohortConflict; after any of them nothing is stored. The number of
    statements does not grow with the apprentices.
    """
    with transaction.atomic():
        for book in apprenticeships:
            require(viewer, Permission.ASSIGN, on=book)
        ids = [book.pk for book in apprenticeships]
        request = {"apprenticeships": [str(pk) for pk in ids], "to": str(to.pk) if to else None}
        begun = _begin(viewer, key, "move_to_cohort", request)
        if begun.is_replay:
            found = CohortMove.objects.in_bulk(begun.act.result_ids)
            return [found[uuid.UUID(pk)] for pk in begun.act.result_ids]
        if not ids:
            raise CohortInvalid("ticked", _("Tick at least one apprentice."))
        if to is not None and any(book.sponsor_id != to.sponsor_id for book in apprenticeships):
            raise CohortInvalid("to", _("This cohort belongs to another sponsor."))
        lock_books(ids)
        if to is not None and _locked(to).archived_at is not None:
            raise CohortConflict("to", _("This cohort is archived. Choose another one, or bring it back first."))
        moves = _write_moves(viewer, ids, to)
        finish_act(begun.act, [made.pk for made in moves])
        return moves


def _write_moves(viewer: Viewer, ids: Sequence[uuid.UUID], to: Cohort | None) -> list[CohortMove]:
    """The moves of those who are elsewhere, where they lead, and the trace; their books are locked."""
    books = Apprenticeship.objects.filter(pk__in=ids).select_related("sponsor").order_by("pk")
    moves = [
        CohortMove(
            apprenticeship=book,
            came_from_id=book.cohort_id,
            came_to=to,
            on=viewer.today(book.sponsor),
            at=viewer.at,
            by=viewer.person,
        )
        for book in books
        if book.cohort_id != (to.pk if to else None)
    ]
    CohortMove.objects.bulk_create(moves)
    Apprenticeship.objects.filter(pk__in=[made.apprenticeship_id for made in moves]).update(cohort=to)
    for sponsor in {made.apprenticeship.sponsor_id for made in moves}:
        data = {"moves": [str(made.pk) for made in moves if made.apprenticeship.sponsor_id == sponsor]}
        subject = f"cohort:{to.pk}" if to else f"sponsor:{sponsor}"
        at, actor = viewer.at, viewer.user_id
        note_event("cohort_moved", at=at, actor_id=actor, sponsor_id=sponsor, subject=subject, data=data)
    return moves


def _begin(viewer: Viewer, key: str, kind: str, request: Mapping[str, Any]) -> Begun:
    return begin_act(
        actor_id=viewer.user_id, key=key, kind=kind, request=request, at=viewer.at, authentication=viewer.authentication
    )


def _locked(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=cohort.pk)


def _name(sponsor: Sponsor, name: str, *, but: Cohort | None = None) -> str:
    """The name without blanks around it, if a cohort of `sponsor` may be called so."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not can_be_kept(name):
        raise CohortInvalid("name", _("Give it a name of at most %(most)s ordinary signs.") % {"most": LONGEST_NAME})
    others = Cohort.objects.filter(sponsor=sponsor, name=name)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise CohortInvalid("name", _("Another cohort is called so. Choose another name."))
    return name


def _done(begun: Begun, viewer: Viewer, kind: str, cohort: Cohort, **was: str) -> Cohort:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=cohort.sponsor_id,
        subject=f"cohort:{cohort.pk}",
        data={"was": was} if was else {},
    )
    finish_act(begun.act, [cohort.pk])
    return cohort
