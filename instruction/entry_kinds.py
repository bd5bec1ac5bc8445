"""More kinds of entry of this layer, and how each typed row must agree with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship
from instruction.confirming import certificate_in_entry
from instruction.models import CertificateDecision, InstructionVoid


def _certificates(apprenticeship: Apprenticeship) -> Iterable[CertificateDecision]:
    rows = CertificateDecision.objects.filter(entry__apprenticeship=apprenticeship)
    return rows.select_related(
        "entry", "certificate__kind", "certificate__topic__course", "certificate__added_by", "certificate__renews"
    )


def _describe_certificate(row: CertificateDecision) -> Mapping[str, Any]:
    certificate = row.certificate
    return {
        "apprenticeship": str(certificate.apprenticeship_id),
        "by.id": str(row.by_id),
        **{f"body.{name}": value for name, value in certificate_in_entry(certificate).items()},
    }


def _voids(apprenticeship: Apprenticeship) -> Iterable[InstructionVoid]:
    return InstructionVoid.objects.filter(entry__apprenticeship=apprenticeship).select_related(
        "entry", "reason", "voided"
    )


def _describe_void(row: InstructionVoid) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.voided.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.entry": row.voided.sequence,
        "body.kind": row.voided.kind,
        "body.reason": row.reason.digest,
    }


CERTIFICATE = RecordKind(code="certificate", rows=_certificates, describe=_describe_certificate)
INSTRUCTION_VOID = RecordKind(code="instruction_void", rows=_voids, describe=_describe_void)
