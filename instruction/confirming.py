"""Deciding about a certificate that was brought: confirming it, which makes it count, or declining it with a reason.

Confirmed, an apprentice's certificate is an entry in their book. Mentors and staff have no book: what was decided
about theirs stands in the row of the decision.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.models import Act
from acts.sealing import can_be_kept
from apprenticeship.evidence import in_entry
from apprenticeship.models import Evidence, RecordEntry
from apprenticeship.record import Draft, append_many, lock_books
from instruction.certificate_telling import announce_decided
from instruction.certificates import CertificateInvalid
from instruction.hours import topic_in_entry
from instruction.models import Certificate, CertificateDecision, Outcome

LONGEST_REASON = 2000


class AlreadyDecided(Exception):
    """Somebody decided about it before: `decision` says who, when and what. The edge answers 409."""

    def __init__(self, decision: CertificateDecision) -> None:
        super().__init__(f"{decision.outcome} by {decision.by_id}")
        self.decision = decision


def confirm_certificate(*, viewer: Viewer, key: str, certificate: Certificate) -> CertificateDecision:
    """Confirm that the certificate was examined; from now on it counts.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted, ProofNeeded and
    AlreadyDecided; after any of them nothing is stored.
    """
    with transaction.atomic():
        begun = _begin(viewer, key, "confirm_certificate", certificate)
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, [certificate.sponsor])
        _lock(certificate)
        entry = _entry(certificate, viewer=viewer, act=begun.act) if certificate.apprenticeship else None
        return _decided(certificate, Outcome.CONFIRMED, viewer=viewer, act=begun.act, entry=entry)


def decline_certificate(*, viewer: Viewer, key: str, certificate: Certificate, reason: str) -> CertificateDecision:
    """Decline a certificate; its holder reads the reason and may bring a better one.

    The same `key` with the same reason gives the first result again. Raises NotPermitted, KeyReused,
    CertificateInvalid and AlreadyDecided; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        begun = _begin(viewer, key, "decline_certificate", certificate, reason=reason)
        if begun.is_replay:
            return _earlier(begun.act)
        if not reason:
            raise CertificateInvalid([("reason", _("Say why it is declined; its holder will read it."))])
        if len(reason) > LONGEST_REASON or not can_be_kept(reason):
            message = _("Keep it to %(most)s plain characters.") % {"most": LONGEST_REASON}
            raise CertificateInvalid([("reason", message)])
        _lock(certificate)
        return _decided(certificate, Outcome.DECLINED, viewer=viewer, act=begun.act, reason=reason)


def _begin(viewer: Viewer, key: str, kind: str, certificate: Certificate, **request: str) -> Begun:
    require(viewer, Permission.CONFIRM_CERTIFICATE, on=certificate)
    return begin_act(
        actor_id=viewer.user_id,
        key=key,
        kind=kind,
        request={"certificate": str(certificate.pk), **request},
        at=viewer.at,
        authentication=viewer.authentication,
    )


def _earlier(act: Act) -> CertificateDecision:
    return CertificateDecision.objects.get(pk=uuid.UUID(act.result_ids[0]))


def _lock(certificate: Certificate) -> None:
    """Lock the book, or the row of one who has none, and see that nobody was quicker."""
    if certificate.apprenticeship_id:
        lock_books([certificate.apprenticeship_id])
    else:
        Certificate.objects.select_for_update().get(pk=certificate.pk)
    decided = CertificateDecision.objects.filter(certificate=certificate).select_related("by").first()
    if decided:
        raise AlreadyDecided(decided)


def _decided(
    certificate: Certificate,
    outcome: Outcome,
    *,
    viewer: Viewer,
    act: Act,
    reason: str = "",
    entry: RecordEntry | None = None,
) -> CertificateDecision:
    made = CertificateDecision.objects.create(
        certificate=certificate, outcome=outcome, reason=reason, by=viewer.person, at=viewer.at, act=act, entry=entry
    )
    announce_decided(certificate, act=act, viewer=viewer)
    finish_act(act, [made.pk])
    return made


def _entry(certificate: Certificate, *, viewer: Viewer, act: Act) -> RecordEntry:
    book = certificate.apprenticeship
    assert book is not None  # noqa: S101  # for the types: the caller asked
    draft = Draft(
        apprenticeship=book,
        kind="certificate",
        role=acting_role(viewer, Permission.CONFIRM_CERTIFICATE, on=certificate),
        body={
            **certificate_in_entry(certificate, files_of(certificate)),
            "meaning": {"language": get_language() or "en", "text": meaning_of_confirming()},
        },
    )
    (entry,) = append_many([draft], viewer=viewer, act=act)
    return entry


def files_of(certificate: Certificate) -> list[Evidence]:
    """The files of an apprentice's certificate, in the order in which they were given; one query."""
    uses = Evidence.objects.filter(certificate_uses__certificate=certificate)
    return list(uses.select_related("name", "file").order_by("certificate_uses__pk"))


def certificate_in_entry(certificate: Certificate, files: Sequence[Evidence]) -> dict[str, Any]:
    """What an entry says of a certificate beside its meaning."""
    former = certificate.renews
    former_decision = CertificateDecision.objects.filter(certificate=former).select_related("entry").first()
    former_entry = former_decision.entry if former_decision else None
    return {
        "certificate": str(certificate.pk),
        "kind": {"code": certificate.kind.code, "title": certificate.kind.title},
        "title": certificate.title or None,
        "issuer": certificate.issuer,
        "number": certificate.number or None,
        "issued_on": certificate.issued_on.isoformat(),
        "expires_on": certificate.expires_on.isoformat() if certificate.expires_on else None,
        "due_on": certificate.due_on.isoformat() if certificate.due_on else None,
        "topic": topic_in_entry(certificate.topic) if certificate.topic else None,
        "renews": former_entry.sequence if former_entry else None,
        "added_by": {"id": str(certificate.added_by_id), "name": certificate.added_by.name},
        "evidence": in_entry(files),
    }


def meaning_of_confirming() -> str:
    """What confirming says, in the active language; shown before it is done."""
    return _("I have examined this certificate and confirm what stands here about it.")
