"""Passkeys: a key on a person's own device that logs them in and proves, at a signature, that it is they.

Every passkey asks its device for a fingerprint, a face or a PIN (user verification), so that it shows two
things at once: the device and its owner. allauth keeps them and checks the answers.
"""

import struct
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.proofs import ProofNeeded, has_recent_proof
from accounts.viewer import Viewer
from acts.auditing import note_event

LONGEST_NAME = 60
MOST_PASSKEYS = 20


class PasskeyInvalid(Exception):
    """Wrong input: the device's answer is not to what was asked, or there are too many. The edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """What Journeybook decides about allauth's passkeys."""

    def is_mfa_enabled(self, user: User, types: Any = None) -> bool:
        """A passkey is another way in, no second lock: with a password one logs in as before."""
        return False

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The person as the device shows them."""
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as the device shows it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Journeybook"}


def passkeys_of(viewer: Viewer) -> "QuerySet[Any]":
    """One's own, the newest first."""
    mine: QuerySet[Any] = Authenticator.objects.filter(user=viewer.user_id, type=Authenticator.Type.WEBAUTHN)
    return mine.order_by("-created_at", "-pk")


def creation_options(*, viewer: Viewer) -> dict[str, Any]:
    """What the device is asked to make; the answer must name this request's challenge. Raises ProofNeeded."""
    _require_proof(viewer)
    options: dict[str, Any] = auth.begin_registration(viewer.person, passwordless=True)
    return options


def add_passkey(*, viewer: Viewer, name: str, credential: str) -> None:
    """Keep the passkey that the device made; its challenge is good once. Raises ProofNeeded, PasskeyInvalid."""
    _require_proof(viewer)
    if passkeys_of(viewer).count() >= MOST_PASSKEYS:
        raise PasskeyInvalid(_("You have %(most)s passkeys. Remove one first.") % {"most": MOST_PASSKEYS})
    form = AddWebAuthnForm({"name": name, "credential": credential, "passwordless": "on"}, user=viewer.person)
    if not is_answer(form):
        raise PasskeyInvalid(_("The device's answer did not arrive whole, or came too late. Try once more."))
    made = auth.WebAuthn.add(viewer.person, name.strip()[:LONGEST_NAME], form.cleaned_data["credential"]).instance
    _note("passkey_added", viewer, made)


def rename_passkey(*, passkey: Authenticator, name: str) -> None:
    """Call it otherwise; a blank name changes nothing."""
    if name := name.strip()[:LONGEST_NAME]:
        passkey.wrap().name = name
        passkey.save(update_fields=["data"])


def remove_passkey(*, viewer: Viewer, passkey: Authenticator) -> None:
    """Let it open nothing any more. What was signed with it stays signed. Raises ProofNeeded."""
    _require_proof(viewer)
    _note("passkey_removed", viewer, passkey)
    passkey.delete()


def is_answer(form: Any) -> bool:
    """Whether what was sent to one of allauth's forms is a device's right answer to this session's challenge.

    Anybody can send anything; what is no answer at all breaks the library that reads its bytes in many ways.
    """
    try:
        return bool(form.is_valid())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error):
        return False


def _require_proof(viewer: Viewer) -> None:
    if not has_recent_proof(viewer):
        raise ProofNeeded


def _note(kind: str, viewer: Viewer, passkey: Authenticator) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        subject=f"user:{viewer.user_id}",
        data={"passkey": passkey.pk},
    )
