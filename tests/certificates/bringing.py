"""Bringing certificates, confirming them and taking them back, with facts that a test need not name."""

import uuid
from datetime import date, datetime
from io import BytesIO
from typing import Any

from accounts.models import Sponsor, User
from apprenticeship.evidence import upload
from apprenticeship.models import Apprenticeship
from instruction.certificates import CertificateFacts, add_certificate, add_own_certificate
from instruction.confirming import confirm_certificate
from instruction.entry_voiding import void_entry
from instruction.getters import get_certificate
from instruction.models import (
    Certificate,
    CertificateDecision,
    CertificateKind,
    InstructionVoid,
    StaffCertificateVoid,
    StaffFile,
)
from instruction.sponsor_files import keep
from instruction.staff_voiding import void_staff_certificate
from tests.cast import NOW, fresh, viewer_for
from tests.evidence.files import PDF

ISSUED = date(2026, 2, 2)


def kind(code: str = "cpr_card") -> CertificateKind:
    return CertificateKind.objects.get(sponsor=None, code=code)


def facts(**said: Any) -> CertificateFacts:
    """A CPR card of the Red Cross, good for two years, if nothing else is said."""
    usual: dict[str, Any] = {
        "kind": said.pop("kind", None) or kind(),
        "issuer": "American Red Cross",
        "issued_on": ISSUED,
        "number": "RC-4711",
        "expires_on": date(2028, 2, 2),
    }
    return CertificateFacts(**{**usual, **said})


def brought(
    book: Apprenticeship, by: User, *, key: str = "", at: datetime = NOW, files: int = 1, **said: Any
) -> Certificate:
    """A certificate that `by` brings into the book, with a file of its own."""
    key = key or str(uuid.uuid4())
    viewer, loaded = viewer_for(by, at), fresh(book)
    given = [
        upload(viewer=viewer, key=key, apprenticeship=loaded, file=BytesIO(PDF + bytes([65 + n])), name="card.pdf").pk
        for n in range(files)
    ]
    return add_certificate(viewer=viewer, key=key, apprenticeship=loaded, facts=facts(**said), evidence=given)


def brought_own(by: User, *, key: str = "", at: datetime = NOW, **said: Any) -> Certificate:
    """A certificate of `by` themselves, as a mentor or other staff."""
    key, viewer = key or str(uuid.uuid4()), viewer_for(by, at)
    sponsor: Sponsor = viewer.sponsors[0]
    file = keep(StaffFile, viewer=viewer, key=key, sponsor=sponsor, file=BytesIO(PDF), name="card.pdf")
    return add_own_certificate(viewer=viewer, key=key, sponsor=sponsor, facts=facts(**said), files=[file.pk])


def confirmed(certificate: Certificate, by: User, *, key: str = "", at: datetime = NOW) -> CertificateDecision:
    viewer = viewer_for(by, at)
    seen = get_certificate(viewer, certificate.pk)
    return confirm_certificate(viewer=viewer, key=key or str(uuid.uuid4()), certificate=seen)


def taken_back(
    decision: CertificateDecision, by: User, *, key: str = "", reason: str = "A forgery."
) -> InstructionVoid:
    assert decision.entry
    return void_entry(viewer=viewer_for(by), key=key or str(uuid.uuid4()), entry=decision.entry, reason=reason)


def staff_taken_back(
    decision: CertificateDecision, by: User, *, key: str = "", reason: str = "A forgery."
) -> StaffCertificateVoid:
    viewer = viewer_for(by)
    row = get_certificate(viewer, decision.certificate_id)
    return void_staff_certificate(viewer=viewer, key=key or str(uuid.uuid4()), certificate=row, reason=reason)
