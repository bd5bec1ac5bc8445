"""A personal mail address beside the one from work: to log in and to get a new password with, also after leaving.

It belongs to its owner alone: no sponsor sees it. Kept in allauth's table of addresses, verified ones only; until the
mail's link is opened nothing is stored but the message that sends it.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.mailing import address, hand_over
from accounts.models import User
from accounts.proofs import ProofNeeded, has_recent_proof
from accounts.viewer import Viewer
from acts.auditing import note_event
from acts.outbox import enqueue

GOOD_FOR = timedelta(hours=24)
SALT = "accounts.personal_mail"
HANDLER = "confirm_mail"


class MailInvalid(Exception):
    """Wrong input: no mail address. The edge answers 400."""

    def __init__(self) -> None:
        self.message = _("This is no mail address. Correct it.")
        super().__init__(self.message)


class MailRefused(Exception):
    """Wrong state: the link ran out or is another person's, or the address is somebody else's by now."""

    def __init__(self) -> None:
        self.message = _("This link opens nothing any more, or is not for this account. Add the address once more.")
        super().__init__(self.message)


def personal_mail_of(person: User) -> str:
    """The address, or nothing."""
    return EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True).first() or ""


def is_taken(email: str, *, but_by: User) -> bool:
    """Whether another account has this address, from work or personal."""
    others = User.objects.filter(email=email).exclude(pk=but_by.pk)
    return others.exists() or EmailAddress.objects.filter(email=email, verified=True).exclude(user=but_by).exists()


def ask_for_mail(*, viewer: Viewer, email: str) -> None:
    """Send a link to `email`. Whether another account has the address does not show: then nothing is sent.

    Takes a recent proof: whoever finds a device open could else take the account over. Raises ProofNeeded, MailInvalid.
    """
    if not has_recent_proof(viewer):
        raise ProofNeeded
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise MailInvalid from None
    with transaction.atomic():
        if not is_taken(email, but_by=viewer.person):
            enqueue(HANDLER, {"person": str(viewer.user_id), "email": email}, act=None, at=viewer.at)
        note_event("personal_mail_asked", at=viewer.at, actor_id=viewer.user_id, subject=f"user:{viewer.user_id}")


def token_for(person_id: uuid.UUID, email: str, *, at: datetime) -> str:
    """The secret end of the link, good for a day."""
    said = {"person": str(person_id), "email": email, "until": (at + GOOD_FOR).timestamp()}
    return signing.dumps(said, salt=SALT)


def send(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    """Mail the link. The outbox's handler; a second mail does no harm: either link confirms the same address."""
    person = User.objects.get(pk=payload["person"])
    if not person.is_active or is_taken(payload["email"], but_by=person):
        return
    link = address(reverse("confirm_mail", args=[token_for(person.pk, payload["email"], at=at)]))
    with translation.override(person.language or settings.LANGUAGE_CODE):
        message = EmailMultiAlternatives(
            subject=_("Journeybook: confirm your mail address"),
            body=render_to_string("mail/confirm_mail.txt", {"name": person.name, "link": link}),
            to=[payload["email"]],
            headers={"Auto-Submitted": "auto-generated"},
        )
    hand_over(message, about=message_id)


def confirm_mail(*, viewer: Viewer, token: str) -> str:
    """Let the address of `token` be the personal one of `viewer`, in place of an earlier one; returns it.

    Raises MailRefused; then nothing is stored.
    """
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise MailRefused from None
    email, person = said["email"], viewer.person
    if said["person"] != str(person.pk) or viewer.at.timestamp() > said["until"]:
        raise MailRefused
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=person.pk)
            if is_taken(email, but_by=person):
                raise MailRefused
            EmailAddress.objects.filter(user=person).delete()
            EmailAddress.objects.create(user=person, email=email, verified=True)
            note_event("personal_mail_set", at=viewer.at, actor_id=person.pk, subject=f"user:{person.pk}")
    except IntegrityError:
        raise MailRefused from None
    return str(email)


def remove_mail(*, viewer: Viewer) -> None:
    """Forget the personal address of `viewer`."""
    with transaction.atomic():
        gone, _by_table = EmailAddress.objects.filter(user=viewer.person).delete()
        if gone:
            note_event("personal_mail_removed", at=viewer.at, actor_id=viewer.user_id, subject=f"user:{viewer.user_id}")
