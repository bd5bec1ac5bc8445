"""How somebody proves, at the moment of signing, that it is they who sign.

21 CFR 11.200(a)(1): a signature that is not biometric takes two parts, such as a sign-in name and a password.
In a series of signings within one continuous period of controlled access the first takes both; each of the
others at least one part that only this person can use (i). Signed apart from such a period, each takes both (ii).

The policy `every` asks for that part each time. `reauthenticate` takes one proof for 15 minutes, `session` for
as long as one is signed in: both ask less than the law does. Before the first signature the person accepts what
it stands for, and somebody confirms who they are (21 CFR 11.100(b) and (c)).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from accounts.models import IdentityConfirmation, SignatureAcceptance, SigningPolicy, Sponsor
from acts.models import Authentication

if TYPE_CHECKING:
    from accounts.viewer import Viewer

PROOF_LASTS = timedelta(minutes=15)
"""How long one proof is good under `reauthenticate`, on one's own device. A choice within what 21 CFR 11.200(a)
calls a continuous period, which the law gives no number; never at a shared station."""


class ProofKind(StrEnum):
    """By what somebody proved who they are. Logging in by it counts as well as entering it again."""

    PASSWORD = "password"  # noqa: S105  # the name of a kind
    PASSKEY = "passkey"


AUTHENTICATIONS = {
    ProofKind.PASSWORD: Authentication.REAUTHENTICATED,
    ProofKind.PASSKEY: Authentication.PASSKEY,
}


@dataclass(frozen=True)
class Proof:
    """That somebody proved who they are: by what, when, and whether in this very request (`fresh`)."""

    kind: ProofKind
    at: datetime
    fresh: bool = False

    def lasts(self, at: datetime) -> bool:
        """Whether it is still good at the instant `at`, on one's own device."""
        return self.fresh or at - self.at < PROOF_LASTS


class ProofNeeded(Exception):
    """The sponsor's policy, or the site itself, asks for a proof that is missing or too old. Nothing was done.

    A page asks for it beside its button, with everything typed kept; the API answers 403.
    """

    def __init__(self, sponsor: Sponsor | None = None) -> None:
        super().__init__(f"a proof is needed by {sponsor or 'the site itself'}")
        self.sponsor = sponsor


class NotYetAccepted(Exception):
    """This person may not sign anything with this sponsor yet; the edge answers 403 and says what to do.

    `accepted`: whether they have accepted what their signature stands for; `identified`: whether
    somebody has confirmed who they are. At least one of the two is missing.
    """

    def __init__(self, sponsor: Sponsor, *, accepted: bool, identified: bool) -> None:
        super().__init__(f"not ready to sign: accepted {accepted}, identified {identified}")
        self.sponsor = sponsor
        self.accepted = accepted
        self.identified = identified


def authentication_by(proof: Proof, *, at: datetime, otherwise: Authentication) -> Authentication:
    """How an act at the instant `at` says its person was authenticated: by a proof that lasts, or `otherwise`.

    Only a session is proved further: a token, a command and a turn at a station stay what they are.
    """
    if otherwise in (Authentication.TOKEN, Authentication.COMMAND, Authentication.PIN) or not proof.lasts(at):
        return otherwise
    return AUTHENTICATIONS[proof.kind]


def require_proof(viewer: "Viewer", sponsors: Iterable[Sponsor]) -> None:
    """The beat "proof" of every transition that signs, right after the replay check.

    Return when `viewer` may sign now with all `sponsors`; raise NotYetAccepted or ProofNeeded when not. A
    command of the operator passes. No query, unless a sponsor is one with whom no role is held now.
    """
    if viewer.authentication == Authentication.COMMAND:
        return
    distinct = _distinct(sponsors)
    for sponsor in distinct:
        require_readiness(viewer, sponsor)
    for sponsor in distinct:
        if not proves_enough(viewer, sponsor):
            raise ProofNeeded(sponsor)


def require_readiness(viewer: "Viewer", sponsor: Sponsor) -> None:
    """Return when `viewer` has accepted and is identified with `sponsor`; raise NotYetAccepted when not."""
    accepted, identified = has_accepted(viewer, sponsor.pk), is_identified(viewer, sponsor.pk)
    if not (accepted and identified):
        raise NotYetAccepted(sponsor, accepted=accepted, identified=identified)


def require_recent_proof(viewer: "Viewer", sponsor: Sponsor) -> None:
    """What an act that signatures rest on asks, whatever the policy: a proof that lasts. Raises ProofNeeded."""
    if viewer.authentication != Authentication.COMMAND and not has_recent_proof(viewer):
        raise ProofNeeded(sponsor)


def require_fresh_proof(viewer: "Viewer", sponsor: Sponsor) -> None:
    """What changing the rules of signing asks: a proof given with the act itself. Raises ProofNeeded."""
    if viewer.authentication != Authentication.COMMAND and not (has_recent_proof(viewer) and is_fresh(viewer)):
        raise ProofNeeded(sponsor)


def is_fresh(viewer: "Viewer") -> bool:
    """Whether `viewer` has proved who they are in this very request."""
    return viewer.proof is not None and viewer.proof.fresh


def has_recent_proof(viewer: "Viewer") -> bool:
    """Whether `viewer` has proved who they are a short while ago, on a device of their own."""
    if viewer.proof is None or viewer.station is not None or viewer.authentication == Authentication.TOKEN:
        return False
    return viewer.proof.lasts(viewer.at)


def proves_enough(viewer: "Viewer", sponsor: Sponsor) -> bool:
    """Whether the policy of `sponsor` lets `viewer` sign at this moment without proving anything more."""
    if viewer.authentication == Authentication.TOKEN:
        return False  # a token is no person at a keyboard
    if viewer.station is not None:
        return viewer.authentication == Authentication.PIN  # their turn began with the PIN and ends with this act
    if sponsor.signing_policy == SigningPolicy.SESSION:
        return True
    if sponsor.signing_policy == SigningPolicy.REAUTHENTICATE:
        return has_recent_proof(viewer)
    return is_fresh(viewer)


def has_accepted(viewer: "Viewer", sponsor_id: uuid.UUID) -> bool:
    """Whether this person has accepted what their signature stands for with that sponsor."""
    if sponsor_id in viewer.sponsor_ids:
        return sponsor_id in viewer.accepted_with
    return SignatureAcceptance.objects.filter(person=viewer.user_id, sponsor=sponsor_id).exists()


def is_identified(viewer: "Viewer", sponsor_id: uuid.UUID) -> bool:
    """Whether somebody has confirmed to that sponsor who this person is."""
    if sponsor_id in viewer.sponsor_ids:
        return sponsor_id in viewer.identified_by
    return IdentityConfirmation.objects.filter(person=viewer.user_id, sponsor=sponsor_id).exists()


def _distinct(sponsors: Iterable[Sponsor]) -> list[Sponsor]:
    return list({sponsor.pk: sponsor for sponsor in sponsors}.values())
