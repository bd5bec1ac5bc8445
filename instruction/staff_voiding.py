"""Taking the confirmation of a mentor's or staff member's certificate back.

They have no book, so this stands in a row of its own beside the decision; the certificate stays on the pages, marked.
"""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from instruction.entry_voiding import VoidRefused, refuse_reason
from instruction.models import Certificate, CertificateDecision, Outcome, StaffCertificateVoid


class CertificateAlreadyVoided(Exception):
    """It was taken back before: `void` says by whom and when. The edge answers 409."""

    def __init__(self, void: StaffCertificateVoid) -> None:
        super().__init__(f"taken back by {void.by_id}")
        self.void = void


def void_staff_certificate(*, viewer: Viewer, key: str, certificate: Certificate, reason: str) -> StaffCertificateVoid:
    """Let a confirmed certificate of somebody who has no book count no more, for a `reason` that they read.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, VoidRefused and CertificateAlreadyVoided; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.CONFIRM_CERTIFICATE, on=certificate)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_staff_certificate",
            request={"certificate": str(certificate.pk), "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return StaffCertificateVoid.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [certificate.sponsor])
        refuse_reason(reason)
        _refuse_wrong_state(certificate)
        made = StaffCertificateVoid.objects.create(
            certificate=certificate, reason=reason, by=viewer.person, at=viewer.at, act=begun.act
        )
        finish_act(begun.act, [made.pk])
        return made


def _refuse_wrong_state(certificate: Certificate) -> None:
    """Lock the row and see that it is confirmed, of somebody without a book, and stands."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    confirmed = CertificateDecision.objects.filter(certificate=locked, outcome=Outcome.CONFIRMED)
    if locked.apprenticeship_id is not None or not confirmed.exists():
        raise VoidRefused(_("Only a certificate that was confirmed can be taken back."))
    before = StaffCertificateVoid.objects.filter(certificate=locked).select_related("by").first()
    if before:
        raise CertificateAlreadyVoided(before)
