"""Closing an account with one sponsor, for good reason, and opening it again. To let somebody leave, end their roles.

Who left still logs in to read and download their own record; whose account is closed does not. Whether they are with
another sponsor does not show: with none, the account itself is shut; with one, only what they had here ends.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Closure, Invitation, Membership, Role, Sponsor, User
from accounts.roles import RoleRefused, require_administrator_besides, require_to_give
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.auditing import note_event


class CloseInvalid(Exception):
    """Wrong input: no reason. The edge answers 400."""

    message = ""

    def __init__(self) -> None:
        self.message = _("Say why, in at most 200 letters: it stands in the audit log.")
        super().__init__(self.message)


LONGEST_REASON = 200


def close_account(*, viewer: Viewer, key: str, sponsor: Sponsor, person: User, reason: str) -> Closure:
    """End every role of `person` with `sponsor`, withdraw their invitation, and let them in no more.

    Raises NotPermitted, KeyReused, CloseInvalid, RoleRefused; after any of them nothing is stored.
    """
    reason = " ".join(reason.split())
    with transaction.atomic():
        held = list(Membership.objects.filter(sponsor=sponsor, user=person))
        today = viewer.today(sponsor)
        ending = [one for one in held if one.until is None or one.until > today]
        require_to_give(viewer, sponsor, [Role(one.role) for one in ending])
        begun = _begin(viewer, key, "close_account", sponsor, person, reason)
        if begun.is_replay:
            return Closure.objects.get(pk=begun.act.result_ids[0])
        if not reason or len(reason) > LONGEST_REASON:
            raise CloseInvalid
        Sponsor.objects.select_for_update().get(pk=sponsor.pk)
        _refuse_to_close(viewer, sponsor, person, held, ending)
        closure = Closure.objects.create(sponsor=sponsor, person=person, closed_at=viewer.at, closed_by=viewer.person)
        _end(ending, today)
        left = Invitation.objects.unanswered().filter(sponsor=sponsor, person=person)
        left.update(withdrawn_at=viewer.at, withdrawn_by=viewer.user)
        if not Membership.objects.filter(user=person).exclude(sponsor=sponsor).exists():
            User.objects.filter(pk=person.pk).update(is_active=False)
        _tell("account_closed", viewer, closure, {"reason": reason, "roles": [one.role for one in ending]})
        finish_act(begun.act, [closure.pk])
        return closure


def reopen_account(*, viewer: Viewer, key: str, sponsor: Sponsor, person: User) -> Closure:
    """Let `person` in again, without any role: those are given anew. Raises NotPermitted, KeyReused, RoleRefused."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PEOPLE, on=sponsor)
        begun = _begin(viewer, key, "reopen_account", sponsor, person)
        if begun.is_replay:
            return Closure.objects.get(pk=begun.act.result_ids[0])
        Sponsor.objects.select_for_update().get(pk=sponsor.pk)
        closure = Closure.objects.filter(sponsor=sponsor, person=person, reopened_at=None).first()
        if closure is None:
            raise RoleRefused(_("This account is open already."))
        closure.reopened_at, closure.reopened_by = viewer.at, viewer.person
        closure.save(update_fields=["reopened_at", "reopened_by"])
        User.objects.filter(pk=person.pk).update(is_active=True)
        _tell("account_reopened", viewer, closure, {})
        finish_act(begun.act, [closure.pk])
        return closure


def _begin(viewer: Viewer, key: str, kind: str, sponsor: Sponsor, person: User, reason: str = "") -> Begun:
    return begin_act(
        actor_id=viewer.user_id,
        key=key,
        kind=kind,
        request={"sponsor": str(sponsor.pk), "person": str(person.pk), "reason": reason},
        at=viewer.at,
        authentication=viewer.authentication,
    )


def _refuse_to_close(
    viewer: Viewer, sponsor: Sponsor, person: User, held: list[Membership], ending: list[Membership]
) -> None:
    if person.pk == viewer.user_id:
        raise RoleRefused(_("This is your own account. Another person closes it."))
    if not held:
        raise RoleRefused(_("This person has no account with you."))
    if Closure.objects.filter(sponsor=sponsor, person=person, reopened_at=None).exists():
        raise RoleRefused(_("This account was closed before."))
    require_administrator_besides(sponsor, ending)


def _end(ending: list[Membership], today: date) -> None:
    """A role ends today; one that began today, or begins later, as soon as the calendar lets it."""
    for one in ending:
        one.until = max(today, one.since + timedelta(days=1))
    Membership.objects.bulk_update(ending, ["until"])


def _tell(kind: str, viewer: Viewer, closure: Closure, data: dict[str, object]) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=closure.sponsor_id,
        subject=f"user:{closure.person_id}",
        data=data,
    )
