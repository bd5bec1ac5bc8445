"""How a page that signs asks who signs: beside its button, only when it is needed now, never on another page.

A view makes one `Proving` of its request and the sponsors concerned, before it shows or does anything; the
partial `accounts/proof.html` reads it. `succeeds` looks at what was entered and makes the request's viewer
a proved one. What was entered is never shown again, never kept and never written down.
"""

from collections.abc import Iterable
from enum import Enum
from functools import cached_property
from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.login_forms import ReauthenticateForm
from accounts.middleware import viewer_of
from accounts.models import SigningPolicy, Sponsor
from accounts.passkeys import is_answer, passkeys_of
from accounts.proofs import Proof, ProofKind, has_recent_proof, proves_enough, require_readiness
from accounts.sessions import forget_older_proofs
from acts.models import Authentication


class Asks(Enum):
    """What an act asks: what the sponsor's policy says, or more, whatever the policy."""

    BY_POLICY = "by policy"
    RECENT = "a proof that still lasts"
    FRESH = "a proof with the act itself"


class Proving:
    """What one request shows and learns about who acts with `sponsors`."""

    def __init__(self, request: HttpRequest, sponsors: Iterable[Sponsor], asks: Asks = Asks.BY_POLICY) -> None:
        self.request = request
        self.sponsors = list({sponsor.pk: sponsor for sponsor in sponsors}.values())
        self.asks = asks
        self.wrong = ""
        """What is wrong with what was entered, in words that say how to go on."""
        request.proving = self  # type: ignore[attr-defined]  # for the partial, by accounts/context.py

    @property
    def is_asked(self) -> bool:
        """Whether the next press of the button needs a password or a passkey."""
        viewer = viewer_of(self.request).next_time()
        if viewer.station is not None or viewer.is_anonymous:
            return False
        if self.asks is Asks.BY_POLICY:
            return not all(proves_enough(viewer, sponsor) for sponsor in self.sponsors)
        return self.asks is Asks.FRESH or not has_recent_proof(viewer)

    @property
    def is_asked_each_time(self) -> bool:
        """Whether one of the sponsors asks at every signature."""
        return any(sponsor.signing_policy == SigningPolicy.EVERY for sponsor in self.sponsors)

    @property
    def hint(self) -> str:
        """For how long what is entered now is good."""
        if self.asks is Asks.FRESH:
            return _("Asked each time this is changed. Nobody else can see it.")
        if self.is_asked_each_time:
            return _("Asked for every signature. Nobody else can see it.")
        return _("Good for 15 minutes of signing on this device. Nobody else can see it.")

    @property
    def will_say(self) -> str:
        """How the signature will say that its signer was known."""
        if self.is_asked:
            return _("by the password or passkey that you now enter")
        return str(Authentication(viewer_of(self.request).authentication).label)

    @cached_property
    def has_passkey(self) -> bool:
        """Whether this person can use a passkey instead; asked only where the field is shown."""
        return passkeys_of(viewer_of(self.request)).exists()

    def require_readiness(self) -> None:
        """Called before anything can be typed: raise NotYetAccepted where a signature could not stand anyway."""
        for sponsor in self.sponsors:
            require_readiness(viewer_of(self.request), sponsor)

    def succeeds(self) -> bool:
        """Whether the act may go on: what is needed was entered and is right, or nothing is needed.

        What was entered is looked at even where it is not needed, and counts toward the same limit as a login.
        """
        if viewer_of(self.request).station is not None:
            return True
        if password := self.request.POST.get("password", ""):
            return self._succeeds_by(ReauthenticateForm({"password": password}, user=self.request.user))
        if passkey := self.request.POST.get("passkey", ""):
            return self._succeeds_by(ReauthenticateWebAuthnForm({"credential": passkey}, user=self.request.user))
        if self.is_asked:
            self.wrong = _("Enter your password. What you chose is still here.")
        return not self.wrong

    def _succeeds_by(self, form: Any) -> bool:
        kind = ProofKind.PASSKEY if isinstance(form, ReauthenticateWebAuthnForm) else ProofKind.PASSWORD
        if not is_answer(form):
            self._complain(form, kind)
            return False
        if kind is ProofKind.PASSKEY:
            form.save()
        else:
            reauthenticate_by_password(self.request)
        forget_older_proofs(self.request.session)
        viewer = viewer_of(self.request)
        proved = viewer.proved_by(Proof(kind, viewer.at, fresh=True))
        self.request.viewer = proved  # type: ignore[attr-defined]  # our own attribute, read by viewer_of
        return True

    def _complain(self, form: Any, kind: ProofKind) -> None:
        said = [_("The passkey did not show that it is you.")]
        if kind is ProofKind.PASSWORD:
            said = [text for texts in form.errors.values() for text in texts]
        self.wrong = " ".join([*said, _("What you chose is still here.")])
