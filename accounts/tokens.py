"""Making and revoking access tokens. A token is shown once; what is kept can't open anything."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, require
from accounts.models import ApiToken, Sponsor, TokenScope
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event

START = "jb_"  # by which scanners of leaked secrets can tell our tokens
SHOWN_SIGNS = 8
RANDOM_BYTES = 32
LONGEST_DAYS = 365


@dataclass(frozen=True)
class MadeToken:
    """A token and its secret. The secret is blank on a replay: it was shown the first time and isn't kept."""

    token: ApiToken
    secret: str


class TokenInvalid(Exception):
    """Wrong input for a new token: no name, an unknown scope, a span out of bounds. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class AlreadyRevoked(Exception):
    """The token was revoked before; nothing changed. The edge answers 409."""


def digest_of(secret: str) -> str:
    """SHA-256 of a token, by which it is found. Without a salt: 32 random bytes can't be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_token(*, viewer: Viewer, key: str, sponsor: Sponsor, name: str, scopes: list[str], days: int) -> MadeToken:
    """A new token of `viewer` for `sponsor`, good for `days` days from now.

    The same `key` with the same request gives the first token again, without its secret. Raises
    NotPermitted, KeyReused, TokenInvalid; after any of them nothing is stored.
    """
    name, scopes = name.strip(), sorted(set(scopes))
    with transaction.atomic():
        require(viewer, Permission.MANAGE_TOKENS, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="make_token",
            request={"sponsor": str(sponsor.pk), "name": name, "scopes": scopes, "days": days},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return MadeToken(ApiToken.objects.get(pk=uuid.UUID(begun.act.result_ids[0])), secret="")
        _refuse_wrong_input(name, scopes, days)
        secret = START + secrets.token_urlsafe(RANDOM_BYTES)
        token = ApiToken.objects.create(
            user=viewer.person,
            sponsor=sponsor,
            name=name,
            prefix=secret[: len(START) + SHOWN_SIGNS],
            digest=digest_of(secret),
            scopes=scopes,
            created_at=viewer.at,
            expires_at=viewer.at + timedelta(days=days),
        )
        _tell("token_made", viewer, token)
        finish_act(begun.act, [token.pk])
        return MadeToken(token, secret)


def revoke_token(*, viewer: Viewer, key: str, token: ApiToken) -> ApiToken:
    """Make `token` open nothing from now on. Its owner alone may, whatever roles they still hold.

    The same `key` again changes nothing more. Raises NotPermitted, KeyReused, AlreadyRevoked.
    """
    with transaction.atomic():
        _require_owner(viewer, token)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="revoke_token",
            request={"token": str(token.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return ApiToken.objects.get(pk=token.pk)
        # Two who revoke at once meet here: only one of them changes the row.
        live = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
        if not live.update(revoked_at=viewer.at, revoked_by=viewer.person):
            raise AlreadyRevoked
        _tell("token_revoked", viewer, token)
        finish_act(begun.act, [token.pk])
        return ApiToken.objects.get(pk=token.pk)


def _require_owner(viewer: Viewer, token: ApiToken) -> None:
    """The owner themselves, not one of their tokens. No role is asked for: should one who left come back,
    a token that they could not revoke would open everything again."""
    if viewer.user_id != token.user_id or viewer.allowed is not None:
        raise NotPermitted(Permission.MANAGE_TOKENS)


def _refuse_wrong_input(name: str, scopes: list[str], days: int) -> None:
    if not name:
        raise TokenInvalid("name", _("Say what this token is for."))
    if not scopes or any(scope not in TokenScope.values for scope in scopes):
        raise TokenInvalid("scopes", _("Choose what this token may do."))
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenInvalid("days", _("A token is good for at most 365 days."))


def _tell(kind: str, viewer: Viewer, token: ApiToken) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=token.sponsor_id,
        subject=f"api_token:{token.pk}",
        data={"prefix": token.prefix, "scopes": token.scopes, "expires_at": token.expires_at.isoformat()},
    )
