"""Certificates in the demo: a CPR card that counts, one that runs out soon, one that waits, and a mentor's own."""

import io
from datetime import date, datetime, timedelta

from accounts.models import User
from accounts.proofs import Proof, ProofKind
from accounts.viewer import Viewer, build_viewer
from apprenticeship.evidence import upload
from apprenticeship.models import Apprenticeship
from config.demo.people import DemoWorld
from config.demo.pictures import cpr_card
from instruction.certificates import CertificateFacts, add_certificate, add_own_certificate
from instruction.confirming import confirm_certificate
from instruction.getters import get_certificate
from instruction.models import CertificateKind, StaffFile
from instruction.sponsor_files import keep


def certificates(world: DemoWorld, *, now: datetime) -> None:
    """Priya has a CPR card, Luis one that runs out in 20 days, Omar's waits, and Dana has one of her own."""
    card = CertificateKind.objects.get(sponsor=None, code="cpr_card")
    today = world.sponsor.local_date(now)
    for username, issued, days, is_confirmed in (
        ("priya", today - timedelta(days=300), 430, True),
        ("luis", today - timedelta(days=710), 20, True),
        ("omar", today - timedelta(days=12), 718, False),
    ):
        facts = _facts(card, issued, today + timedelta(days=days), number=f"RC-{username.upper()}")
        _bring(world, username, facts, at=now - timedelta(days=9), is_confirmed=is_confirmed)
    dana, at = build_viewer(world.people["dana"], at=now - timedelta(days=8)), now - timedelta(days=7)
    file = keep(
        StaffFile, viewer=dana, key="demo-own-card", sponsor=world.sponsor, file=io.BytesIO(cpr_card()), name="card.jpg"
    )
    facts = _facts(card, today - timedelta(days=100), today + timedelta(days=55), number="RC-DANA")
    own = add_own_certificate(viewer=dana, key="demo-own-card", sponsor=world.sponsor, facts=facts, files=[file.pk])
    ruth = _signing(world.people["ruth"], at)
    confirm_certificate(viewer=ruth, key="demo-own-card", certificate=get_certificate(ruth, own.pk))


def _facts(kind: CertificateKind, issued: date, expires: date, *, number: str) -> CertificateFacts:
    return CertificateFacts(kind, "American Red Cross", issued, number=number, expires_on=expires)


def _bring(world: DemoWorld, username: str, facts: CertificateFacts, *, at: datetime, is_confirmed: bool) -> None:
    key, viewer = f"demo-card-{username}", build_viewer(world.people[username], at=at)
    book = Apprenticeship.objects.with_context().get(pk=world.books[username].pk)
    file = upload(viewer=viewer, key=key, apprenticeship=book, file=io.BytesIO(cpr_card()), name="cpr-card.jpg")
    made = add_certificate(viewer=viewer, key=key, apprenticeship=book, facts=facts, evidence=[file.pk])
    if is_confirmed:
        ruth = _signing(world.people["ruth"], at + timedelta(hours=3))
        confirm_certificate(viewer=ruth, key=key, certificate=get_certificate(ruth, made.pk))


def _signing(person: User, at: datetime) -> Viewer:
    return build_viewer(person, at=at, proof=Proof(ProofKind.PASSWORD, at, fresh=True))
