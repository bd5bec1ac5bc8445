"""Invitations: the link by which somebody takes the place that a sponsor made for them.

A link's token is an HMAC of the invitation's id under the site's secret key, so that it can be shown again and
written into a mail by a worker, while the database holds its hash alone: whoever reads the database can make no link.
"""

import base64
import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.mailing import address
from accounts.models import Invitation, Membership, Sponsor, User
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from acts.models import Act, OutboxMessage
from acts.statements import insert

GOOD_FOR = timedelta(days=14)
HANDLER = "invite"
"""The name in settings.OUTBOX_HANDLERS of what mails one invitation."""


class InvitationRefused(Exception):
    """Wrong state: nothing to invite to, or nothing to withdraw. The edge answers 409; nothing is stored."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def token_of(invitation_id: uuid.UUID) -> str:
    """The secret end of an invitation's link."""
    mac = salted_hmac("accounts.invitations", str(invitation_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def digest_of(token: str) -> str:
    """SHA-256 of a token, by which its invitation is found."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str | None:
    """The whole address of the invitation's page; None where the site's secret key has changed since it was made."""
    token = token_of(invitation.pk)
    if digest_of(token) != invitation.digest:
        return None
    return address(reverse("accept_invitation", args=[token]))


def new_invitation(*, person: User, sponsor: Sponsor, name: str, email: str, language: str, by: Viewer) -> Invitation:
    """A row that is not yet written, good from `by.at` on."""
    pk = uuid.uuid4()
    return Invitation(
        pk=pk,
        person=person,
        sponsor=sponsor,
        name=name,
        email=email,
        language=language,
        digest=digest_of(token_of(pk)),
        made_by=by.user,
        made_at=by.at,
        expires_at=by.at + GOOD_FOR,
    )


def write(invitations: Sequence[Invitation], *, act: Act | None) -> None:
    """Write them and queue a mail for each that has an address: two statements, however many there are."""
    insert(invitations)
    insert(
        [
            OutboxMessage(
                handler=HANDLER,
                payload={"invitation": str(one.pk)},
                act=act,
                created_at=one.made_at,
                due_at=one.made_at,
            )
            for one in invitations
            if one.email
        ]
    )


def invite_again(*, viewer: Viewer, key: str, sponsor: Sponsor, person: User, email: str) -> Invitation:
    """A new link for somebody who has not come yet, by mail to `email` where it is not blank; the old one is closed.

    Raises NotPermitted, KeyReused, InvitationRefused; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PEOPLE, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="invite_again",
            request={"sponsor": str(sponsor.pk), "person": str(person.pk), "email": email},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Invitation.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        made = renew(sponsor=sponsor, person=person, email=email, by=viewer, act=begun.act)
        finish_act(begun.act, [made.pk])
        return made


def renew(*, sponsor: Sponsor, person: User, email: str, by: Viewer, act: Act | None) -> Invitation:
    """What `invite_again` does, for callers with an act of their own and for the operator. Raises InvitationRefused."""
    before = _last_of(sponsor, person)
    _refuse_mail_of_another(sponsor, person, email)
    _withdraw(by, before)
    made = new_invitation(
        person=person, sponsor=sponsor, name=before.name, email=email, language=before.language, by=by
    )
    write([made], act=act)
    _tell("invitation_made", by, made)
    return made


def _last_of(sponsor: Sponsor, person: User) -> Invitation:
    """The newest invitation of somebody whose roles still wait for it."""
    Sponsor.objects.select_for_update().get(pk=sponsor.pk)  # two who send again at once make one link after the other
    waiting = Membership.objects.filter(sponsor=sponsor, user=person, pending=True)
    last = Invitation.objects.filter(sponsor=sponsor, person=person).newest_first().first()
    if last is None or not waiting.exists() or not person.is_active:
        raise InvitationRefused(_("This person has come already: there is nothing to invite them to."))
    return last


def _refuse_mail_of_another(sponsor: Sponsor, person: User, email: str) -> None:
    """Within one sponsor an address is one person's; whose it is elsewhere is asked only at the acceptance."""
    invited = Invitation.objects.filter(sponsor=sponsor, email=email, withdrawn_at=None).exclude(person=person)
    held = User.objects.filter(email=email, memberships__sponsor=sponsor, memberships__pending=False)
    if email and (invited.exists() or held.exclude(pk=person.pk).exists()):
        raise InvitationRefused(_("Somebody else of your people has this mail address already. Use another one."))


def withdraw_invitation(*, viewer: Viewer, key: str, invitation: Invitation) -> Invitation:
    """Let the link of `invitation` open nothing from now on. Raises NotPermitted, KeyReused, InvitationRefused."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PEOPLE, on=invitation.sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="withdraw_invitation",
            request={"invitation": str(invitation.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Invitation.objects.get(pk=invitation.pk)
        if not _withdraw(viewer, invitation):
            raise InvitationRefused(_("This invitation was accepted or withdrawn before. See below how it stands."))
        _tell("invitation_withdrawn", viewer, invitation)
        finish_act(begun.act, [invitation.pk])
        return Invitation.objects.get(pk=invitation.pk)


def show_link(*, viewer: Viewer, invitation: Invitation) -> str:
    """The link of an open invitation, to hand over; that it was shown, and to whom, is noted.

    Raises NotPermitted and InvitationRefused.
    """
    require(viewer, Permission.MANAGE_PEOPLE, on=invitation.sponsor)
    link = link_of(invitation)
    if link is None or not invitation.is_open(viewer.at):
        raise InvitationRefused(_("This link opens nothing any more. Make a new one with “Send again”."))
    _tell("invitation_link_shown", viewer, invitation)
    return link


def _withdraw(viewer: Viewer, invitation: Invitation) -> bool:
    """Whether it was still open: who accepts at the same instant meets the same row."""
    rows = Invitation.objects.unanswered().filter(pk=invitation.pk)
    return bool(rows.update(withdrawn_at=viewer.at, withdrawn_by=viewer.user))


def _tell(kind: str, viewer: Viewer, invitation: Invitation) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=invitation.sponsor_id,
        subject=f"user:{invitation.person_id}",
        data={"invitation": str(invitation.pk)},
    )
