"""The mail that brings an invitation: at most once, in the language that the sponsor chose for the person."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.invitations import link_of
from accounts.mailing import NotTaken, hand_over
from accounts.models import Invitation
from acts.outbox import OutOfReach

log = structlog.get_logger(__name__)


def send(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:  # noqa: ARG001  # the outbox tells every handler
    """Mail the invitation that `payload` names, while its link is good. The outbox's handler.

    Raises OutOfReach and NotTaken, to be tried again (docs/decisions/0090-a-mail-goes-out-at-most-once.md).
    """
    invitation = Invitation.objects.select_related("sponsor", "made_by").get(pk=payload["invitation"])
    link = link_of(invitation)
    if invitation.claimed_at or not invitation.is_open(at) or link is None:
        log.info("invitation_not_sent", invitation=str(invitation.pk))
        return
    message = compose(invitation, link)
    rows = Invitation.objects.filter(pk=invitation.pk, sent_at=None)
    if not rows.filter(claimed_at=None).update(claimed_at=at):
        return
    try:
        went_out = hand_over(message, about=invitation.pk)
    except (OutOfReach, NotTaken):
        rows.update(claimed_at=None)
        raise
    if went_out:
        rows.update(sent_at=at)


def compose(invitation: Invitation, link: str) -> EmailMultiAlternatives:
    """The mail: plain text and simple HTML. It says the same to somebody with an account and without one."""
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        sponsor = invitation.sponsor
        context = {
            "name": invitation.name,
            "sponsor": sponsor.name,
            "by": invitation.made_by.name if invitation.made_by else "",
            "link": link,
            "until": sponsor.local_date(invitation.expires_at),
            "language": translation.get_language(),
        }
        subject = _("%(sponsor)s invites you to Journeybook") % {"sponsor": sponsor.name}
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string("mail/invitation.txt", context),
            to=[invitation.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Message-ID": f"<{invitation.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            },
        )
        message.attach_alternative(render_to_string("mail/invitation.html", context), "text/html")
    return message
