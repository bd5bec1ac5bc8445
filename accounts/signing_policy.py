"""What a sponsor asks of its signers: changed by its administrator, with a trace of what held before."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.access import Permission, require
from accounts.models import SigningPolicy, Sponsor
from accounts.proofs import require_fresh_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event

WORTH: Mapping[SigningPolicy, "Promise"] = {
    SigningPolicy.SESSION: gettext_lazy(
        "Quickest, and worth least: whoever holds a device on which somebody is signed in can sign in their name. "
        "It asks less than 21 CFR 11.200."
    ),
    SigningPolicy.REAUTHENTICATE: gettext_lazy(
        "One password or passkey is good for 15 minutes of signing on one's own device. For these 15 minutes a device "
        "that was left open signs for whoever picks it up. It asks less than 21 CFR 11.200."
    ),
    SigningPolicy.EVERY: gettext_lazy(
        "Worth most: each signature takes a password or passkey, so that nobody signs on a device that was left open. "
        "After a login with name and password this is what 21 CFR 11.200(a)(1)(i) asks of a series of signings."
    ),
}


class PolicyUnknown(Exception):
    """Wrong input: none of the three policies. The edge answers 400."""

    message = gettext_lazy("Choose what signers are asked for.")


def set_signing_policy(*, viewer: Viewer, key: str, sponsor: Sponsor, policy: str) -> Sponsor:
    """Let `policy` hold for every signature with `sponsor` from now on; what was signed before stays as it is.

    Saying what holds already changes nothing and leaves no trace. Raises NotPermitted, KeyReused,
    ProofNeeded, PolicyUnknown; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.SET_SIGNING_POLICY, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="set_signing_policy",
            request={"sponsor": str(sponsor.pk), "policy": policy},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        locked = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
        if begun.is_replay:
            return locked
        require_fresh_proof(viewer, sponsor)
        if policy not in SigningPolicy.values:
            raise PolicyUnknown
        before, locked.signing_policy = locked.signing_policy, policy
        if before != policy:
            locked.save(update_fields=["signing_policy"])
            note_event(
                "signing_policy_set",
                at=viewer.at,
                actor_id=viewer.user_id,
                sponsor_id=sponsor.pk,
                subject=f"sponsor:{sponsor.pk}",
                data={"from": before, "to": policy},
            )
        finish_act(begun.act, [sponsor.pk])
        return locked
