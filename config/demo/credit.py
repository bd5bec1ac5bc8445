"""Earlier learning in the demo: credit that was granted, credit that is asked for, and a note for nobody else."""

import uuid
from datetime import datetime, timedelta

from accounts.models import User
from accounts.proofs import Proof, ProofKind
from accounts.viewer import build_viewer
from apprenticeship.asking import AskLine, ask, obstacles
from apprenticeship.models import Apprenticeship, AskKind, Method
from apprenticeship.notes import write_note
from apprenticeship.signoff import SignOffLine, sign_off_many
from competencies.models import RatingLevel, Skill
from config.demo.people import DemoWorld

NOTE = "Slow with the second label printer. Ask Dana for ten minutes with it on Thursday."


def earlier_learning(world: DemoWorld, *, now: datetime) -> None:
    """Ingrid was credited with one skill, Omar asks for another, and Priya writes something down for herself."""
    _granted(world, "ingrid", at=now - timedelta(days=12))
    _asked(world, "omar", at=now - timedelta(days=1, hours=4))
    note = build_viewer(world.people["priya"], at=now - timedelta(days=1))
    write_note(viewer=note, key=uuid.uuid4(), apprenticeship=_book(world, "priya"), text=NOTE)


def _granted(world: DemoWorld, username: str, *, at: datetime) -> None:
    book = _book(world, username)
    (skill,) = _creditable(book, world.people[username], at=at)
    line = SignOffLine(
        apprenticeship=book,
        skill=skill,
        level=RatingLevel.objects.select_related("scale").get(scale=skill.scale_id, is_threshold=True),
        method=Method.CREDIT,
        observed_on=book.starts_on - timedelta(days=300),
        replaces=None,
        note="Certificate of the county college, seen in the original.",
    )
    ruth = build_viewer(world.people["ruth"], at=at, proof=Proof(ProofKind.PASSWORD, at, fresh=True))
    sign_off_many(viewer=ruth, key="demo-credit", lines=[line])


def _asked(world: DemoWorld, username: str, *, at: datetime) -> None:
    book, person = _book(world, username), world.people[username]
    (skill,) = _creditable(book, person, at=at)
    ask(
        viewer=build_viewer(person, at=at),
        key="demo-credit-asked",
        apprenticeship=book,
        lines=[AskLine(skill, book.starts_on - timedelta(days=200))],
        comment="I did this for two years at the hospital pharmacy. They wrote me a letter about it.",
        kind=AskKind.CREDIT,
    )


def _creditable(book: Apprenticeship, person: User, *, at: datetime) -> list[Skill]:
    """The last skill of the standard that stands alone and that nobody has signed at all."""
    stuck = obstacles(book, viewer=build_viewer(person, at=at), kind=AskKind.CREDIT)
    skills = Skill.objects.filter(skill_set__version=book.terms.standard_version_id, parent=None, steps=None)
    fresh = skills.exclude(pk__in=stuck).exclude(standings__apprenticeship=book)
    return list(fresh.select_related("skill_set", "parent", "scale").order_by("-skill_set__order", "-order")[:1])


def _book(world: DemoWorld, username: str) -> Apprenticeship:
    return Apprenticeship.objects.with_context().get(pk=world.books[username].pk)
