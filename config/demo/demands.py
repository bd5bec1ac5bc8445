"""What the demo's program adds to the standard, how its people meet it, and one signature that came late."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from accounts.proofs import Proof, ProofKind
from accounts.viewer import Viewer, build_viewer
from apprenticeship.models import Apprenticeship, Method, SkillStanding, TestKind
from apprenticeship.signoff import SignOffLine, sign_off
from apprenticeship.taken import TestTaken
from apprenticeship.testing import record_test
from competencies.models import RatingLevel, Skill
from config.demo.people import DemoWorld

EXAMINER = "Walter Nkemelu"
ORGANIZATION = "Rockland Testing Services"
INSTRUMENTS = {TestKind.PRACTICAL: "Milling checklist, revision 3", TestKind.WRITTEN: "Lab workflow quiz, form B"}


def meeting(line: SignOffLine) -> SignOffLine:
    """The line with what it demands: the procedure confirmed, and each test passed on the day it was shown."""
    demanded = line.demands
    tests = tuple(
        TestTaken(kind, line.observed_on, True, INSTRUMENTS[kind], EXAMINER, ORGANIZATION, Decimal(19), Decimal(17))
        for kind in demanded.tests
    )
    return replace(
        line,
        procedure_number=demanded.procedure_number,
        procedure_version=demanded.procedure_version,
        tests=tests,
    )


def meet_demands(world: DemoWorld, *, now: datetime) -> None:
    """Luis has passed a written test and waits for the signature; one of Omar's was signed long after it was shown."""
    _luis_was_tested(world, now)
    _omar_was_signed_late(world, now)


def _luis_was_tested(world: DemoWorld, now: datetime) -> None:
    book = Apprenticeship.objects.with_context().get(pk=world.books["luis"].pk)
    at = now - timedelta(days=3, hours=4)
    day = world.sponsor.local_date(at)
    taken = TestTaken(
        TestKind.WRITTEN, day, True, INSTRUMENTS[TestKind.WRITTEN], EXAMINER, ORGANIZATION, Decimal(44), Decimal(40)
    )
    record_test(
        viewer=_signing(world.people["ruth"], at),
        key="demo-luis-tested",
        apprenticeship=book,
        skill=_skill(book, "11.1"),
        taken=taken,
    )


def _omar_was_signed_late(world: DemoWorld, now: datetime) -> None:
    book = Apprenticeship.objects.with_context().get(pk=world.books["omar"].pk)
    skill = _skill(book, "6.3")
    if SkillStanding.objects.filter(apprenticeship=book, skill=skill).exists():
        return
    at = now - timedelta(days=5, hours=3)
    line = SignOffLine(
        apprenticeship=book,
        skill=skill,
        level=RatingLevel.objects.select_related("scale").filter(scale=skill.scale_id).order_by("order")[0],
        method=Method.OBSERVED,
        observed_on=world.sponsor.local_date(at) - timedelta(days=16),
        replaces=None,
        worksite=book.worksite,
        late_reason="The call was on my last day before two weeks of leave; I had it in my paper notes.",
    )
    sign_off(viewer=_signing(world.people["dana"], at), key="demo-omar-late", line=line)


def _skill(book: Apprenticeship, code: str) -> Skill:
    skills = Skill.objects.select_related("skill_set", "parent", "scale")
    return skills.get(skill_set__version=book.terms.standard_version_id, code=code)


def _signing(person: User, at: datetime) -> Viewer:
    return build_viewer(person, at=at, proof=Proof(ProofKind.PASSWORD, at, fresh=True))
