"""What the sponsor has verified in the demo, and what a mentor asks to be taken back."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.proofs import Proof, ProofKind
from accounts.viewer import Viewer, build_viewer
from apprenticeship.models import Apprenticeship, SkillStanding
from apprenticeship.take_back_asking import ask_take_back
from apprenticeship.verification import verifiable, verify
from competencies.models import SkillSet
from config.demo.people import DemoWorld


def verified_and_doubted(world: DemoWorld, *, now: datetime) -> None:
    """Ruth has verified Hannah's first set; the others wait for her. Elena doubts a signature that Dana gave Priya."""
    book = Apprenticeship.objects.with_context().get(pk=world.books["hannah"].pk)
    first = SkillSet.objects.filter(version=book.terms.standard_version_id).order_by("order")[0]
    found = verifiable(book, first)
    if not found.lacking:
        viewer = signing_as(world.people["ruth"], at=now - timedelta(days=1, hours=4))
        verify(viewer=viewer, key="demo-verified", apprenticeship=book, skill_set=first, seen=found.ids)
    _doubt(world, now)


def _doubt(world: DemoWorld, now: datetime) -> None:
    standing = (
        SkillStanding.objects.filter(apprenticeship=world.books["priya"], sign_off__signer=world.people["dana"])
        .select_related("sign_off__entry", "sign_off__apprenticeship__sponsor", "sign_off__apprenticeship__terms")
        .order_by("sign_off__entry__sequence")
        .first()
    )
    if standing and standing.sign_off:
        ask_take_back(
            viewer=build_viewer(world.people["elena"], at=now - timedelta(hours=6)),
            key="demo-doubted",
            sign_off=standing.sign_off,
            reason="This was signed for another training, as far as I remember. I think it should be shown again.",
        )


def signing_as(person: User, *, at: datetime) -> Viewer:
    """`person`, who has just entered their password, as the sponsor's policy asks."""
    return build_viewer(person, at=at, proof=Proof(ProofKind.PASSWORD, at, fresh=True))
