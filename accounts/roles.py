"""Roles of people with a sponsor: who may give which, giving one and ending one. Rows are kept as history."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Closure, Membership, Role, Sponsor, User
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event

OFFICES = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR})
"""The roles that reach every apprentice of a sponsor: only an administrator gives and ends them."""

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class NewRole:
    """A role from a day, until a day (exclusive) or for good; local dates of the sponsor."""

    role: Role
    since: date
    until: date | None = None

    def overlaps(self, other: "NewRole | Membership") -> bool:
        """Whether both are the same role on some day."""
        before = other.until is None or self.since < other.until
        after = self.until is None or other.since < self.until
        return self.role == other.role and before and after

    @property
    def wrong(self) -> tuple[str, str] | None:
        """The field that can't be and why, or None."""
        if not EARLIEST <= self.since <= LATEST:
            return "since", _("Enter the day on which the role begins.")
        if self.until is not None and not self.since < self.until <= LATEST:
            return "until", _("The role must end after the day it begins.")
        return None


class RoleInvalid(Exception):
    """Wrong input: days that can't be. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class RoleRefused(Exception):
    """Wrong state: held already, ended before, or the last administrator. The edge answers 409; nothing is stored."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def require_to_give(viewer: Viewer, sponsor: Sponsor, roles: Iterable[Role]) -> None:
    """Return where `viewer` may give and end all of these roles; raise NotPermitted where not."""
    require(viewer, Permission.MANAGE_PEOPLE, on=sponsor)
    if OFFICES & set(roles):
        require(viewer, Permission.GIVE_OFFICE, on=sponsor)


def give_role(*, viewer: Viewer, key: str, sponsor: Sponsor, person: User, new: NewRole) -> Membership:
    """Give `person`, who holds or held a role with `sponsor`, another one.

    Who was invited and has not come yet gets it with their acceptance. Raises NotPermitted, KeyReused,
    RoleInvalid, RoleRefused; after any of them nothing is stored.
    """
    with transaction.atomic():
        require_to_give(viewer, sponsor, [new.role])
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="give_role",
            request={
                "sponsor": str(sponsor.pk),
                "person": str(person.pk),
                "role": new.role,
                "since": new.since.isoformat(),
                "until": new.until.isoformat() if new.until else None,
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Membership.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        if wrong := new.wrong:
            raise RoleInvalid(*wrong)
        Sponsor.objects.select_for_update().get(pk=sponsor.pk)  # two at once give it once
        given = _give(sponsor, person, new)
        _tell("role_given", viewer, given)
        finish_act(begun.act, [given.pk])
        return given


def _give(sponsor: Sponsor, person: User, new: NewRole) -> Membership:
    held = list(Membership.objects.filter(sponsor=sponsor, user=person))
    if not held:
        raise RoleRefused(_("This person has no account with you. Invite them first."))
    if Closure.objects.filter(sponsor=sponsor, person=person, reopened_at=None).exists():
        raise RoleRefused(_("This account is closed. Open it again first."))
    if any(new.overlaps(one) for one in held):
        raise RoleRefused(_("They hold this role already in that time. Choose other days, or end the other one first."))
    return Membership.objects.create(
        sponsor=sponsor,
        user=person,
        role=new.role,
        since=new.since,
        until=new.until,
        pending=all(one.pending for one in held),
    )


def end_role(*, viewer: Viewer, key: str, membership: Membership, until: date) -> Membership:
    """Let a role end: `until` is the first day on which it no longer holds, today or later.

    A sponsor keeps one administrator. Raises NotPermitted, KeyReused, RoleInvalid, RoleRefused; after any
    of them nothing is stored.
    """
    sponsor = membership.sponsor
    with transaction.atomic():
        require_to_give(viewer, sponsor, [Role(membership.role)])
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="end_role",
            request={"membership": str(membership.pk), "until": until.isoformat()},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Membership.objects.get(pk=membership.pk)
        Sponsor.objects.select_for_update().get(pk=sponsor.pk)  # two administrators who end each other's role
        locked = Membership.objects.select_for_update().get(pk=membership.pk)
        _refuse_to_end(viewer, sponsor, locked, until)
        locked.until = until
        locked.save(update_fields=["until"])
        _tell("role_ended", viewer, locked)
        finish_act(begun.act, [locked.pk])
        return locked


def _refuse_to_end(viewer: Viewer, sponsor: Sponsor, membership: Membership, until: date) -> None:
    today = viewer.today(sponsor)
    if membership.until is not None and membership.until <= today:
        raise RoleRefused(_("This role has ended before. Its history stays as it is."))
    if not today <= until <= LATEST:
        raise RoleInvalid("until", _("Choose today or a later day: what was done until now stays as it was."))
    if until <= membership.since:
        raise RoleInvalid("until", _("The role must end after the day it begins."))
    require_administrator_besides(sponsor, [membership])


def require_administrator_besides(sponsor: Sponsor, ending: Iterable[Membership]) -> None:
    """Raise RoleRefused where nobody would administer `sponsor` for good once these memberships have ended."""
    ending = list(ending)
    if all(one.role != Role.ADMINISTRATOR or one.pending for one in ending):
        return
    lasting = Membership.objects.filter(
        sponsor=sponsor, role=Role.ADMINISTRATOR, until=None, pending=False, user__is_active=True
    )
    if not lasting.exclude(pk__in=[one.pk for one in ending]).exists():
        raise RoleRefused(
            _("This is the last administrator. Let another person be administrator first, with no last day.")
        )


def _tell(kind: str, viewer: Viewer, membership: Membership) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=membership.sponsor_id,
        subject=f"user:{membership.user_id}",
        data={
            "role": membership.role,
            "since": membership.since.isoformat(),
            "until": membership.until.isoformat() if membership.until else None,
        },
    )
