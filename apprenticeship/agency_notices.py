"""Telling the registration agency of changes of the status (29 CFR 29.5(b)(18)-(19)): that it was told, and when.

What is told and how is between sponsor and agency; here stands only that it happened. It is no entry of the book:
the change is. Said again, the newer day counts, and both stay to be read.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from apprenticeship.models import AgencyNotice, StatusChange

MOST_AT_ONCE = 500


class NoticeInvalid(Exception):
    """Wrong input: nothing to tell of, or a day that cannot be. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def tell_agency(*, viewer: Viewer, key: str, changes: Collection[uuid.UUID], told_on: date) -> Sequence[AgencyNotice]:
    """Note that the agency was told on the local day `told_on` of these changes, all or none.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, NoticeInvalid;
    after any of them nothing is stored. What `viewer` does not see or the agency is not told of is wrong input.
    """
    with transaction.atomic():
        wanted = sorted(set(changes))
        known = StatusChange.objects.for_agency().filter(pk__in=wanted).visible_to(viewer)
        rows = list(
            known.select_related("entry", "apprenticeship__sponsor").prefetch_related("apprenticeship__mentorships")
        )
        for row in rows:
            require(viewer, Permission.CHANGE_STATUS, on=row.apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="tell_agency",
            request={"changes": [str(pk) for pk in wanted], "told_on": told_on.isoformat()},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return list(AgencyNotice.objects.filter(act=begun.act))
        _refuse(viewer, rows, len(wanted), told_on)
        made = AgencyNotice.objects.bulk_create(
            AgencyNotice(change=row, told_on=told_on, by=viewer.person, at=viewer.at, act=begun.act) for row in rows
        )
        for row in rows:
            note_event(
                "agency_told",
                at=viewer.at,
                actor_id=viewer.user_id,
                sponsor_id=row.apprenticeship.sponsor_id,
                subject=f"status_change:{row.pk}",
                data={"told_on": told_on.isoformat()},
            )
        finish_act(begun.act, [notice.pk for notice in made])
        return made


def _refuse(viewer: Viewer, rows: Sequence[StatusChange], wanted: int, told_on: date) -> None:
    if not wanted:
        raise NoticeInvalid("changes", _("Tick the changes of which the agency was told."))
    if wanted > MOST_AT_ONCE:
        raise NoticeInvalid("changes", _("Tick at most %(most)s changes at once.") % {"most": MOST_AT_ONCE})
    if len(rows) < wanted:
        raise NoticeInvalid("changes", _("One of these changes is not in the list any more. Load it again."))
    if any(told_on > viewer.today(row.apprenticeship.sponsor) for row in rows):
        raise NoticeInvalid("told_on", _("The date is in the future. Enter the day on which the agency was told."))
    if any(told_on < row.apprenticeship.starts_on for row in rows):
        raise NoticeInvalid("told_on", _("The date is before one of these apprenticeships began. Enter a later day."))
