"""The sponsor, mentors and books that the signing benchmark signs in; prints them as JSON.

Run with the settings of production, as the role of the web: what it may not do here it could not do there.
"""

import json
import sys
import uuid
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402  # Django is set up above
from django.utils import timezone  # noqa: E402

from accounts.models import (  # noqa: E402
    IdentityConfirmation,
    IdentityMeans,
    Membership,
    Role,
    SignatureAcceptance,
    Sponsor,
    User,
)
from accounts.proofs import Proof, ProofKind  # noqa: E402
from accounts.viewer import build_viewer  # noqa: E402
from acts.models import Authentication  # noqa: E402
from apprenticeship.models import Apprenticeship, Employer, Mentorship, Program, Terms, Worksite  # noqa: E402
from apprenticeship.signoff import SignOffLine, sign_off_many  # noqa: E402
from competencies.builtin import load_builtin  # noqa: E402
from competencies.models import RatingLevel, Skill, StandardVersion  # noqa: E402

MENTORS = 9
BOOKS = 14
LONG_RECORD = 2000
"""Entries of the long book, in which the number of statements is counted again."""


def ready_to_sign(person: User, sponsor: Sponsor) -> None:
    """Accepted and identified, as everybody is before a first signature."""
    SignatureAcceptance.objects.create(
        sponsor=sponsor,
        person=person,
        statement="My electronic signature stands for my handwritten one.",
        language="en",
        authentication=Authentication.REAUTHENTICATED,
        accepted_at=timezone.now(),
    )
    IdentityConfirmation.objects.create(
        sponsor=sponsor, person=person, how=IdentityMeans.values[0], confirmed_at=timezone.now()
    )


def people(number: int, name: str, role: Role, sponsor: Sponsor, password: str) -> list[User]:
    users = [User(username=f"{name}{n}", name=f"{name.title()} Number {n}", password=password) for n in range(number)]
    User.objects.bulk_create(users)
    since = timezone.now().date() - timedelta(days=400)
    Membership.objects.bulk_create(Membership(user=user, sponsor=sponsor, role=role, since=since) for user in users)
    for user in users:
        ready_to_sign(user, sponsor)
    return users


def books_of(mentor: User, apprentices: list[User], terms: Terms, worksite: Worksite) -> list[Apprenticeship]:
    since = timezone.now().date() - timedelta(days=300)
    books = [
        Apprenticeship(
            sponsor=terms.program.sponsor,
            apprentice=apprentice,
            terms=terms,
            employer=worksite.employer,
            worksite=worksite,
            starts_on=since,
        )
        for apprentice in apprentices
    ]
    Apprenticeship.objects.bulk_create(books)
    Mentorship.objects.bulk_create(
        Mentorship(apprenticeship=book, mentor=mentor, qualification="Certified Pharmacy Technician", since=since)
        for book in books
    )
    return books


def lengthen(book: Apprenticeship, mentor: User, skills: list[Skill], levels: dict[uuid.UUID, RatingLevel]) -> None:
    """Sign every skill again and again, until the book has LONG_RECORD entries."""
    live: dict[uuid.UUID, uuid.UUID] = {}
    for round_ in range(LONG_RECORD // len(skills) + 1):
        at = datetime.now(UTC)
        viewer = build_viewer(mentor, at=at, proof=Proof(ProofKind.PASSWORD, at))
        lines = [
            SignOffLine(book, skill, levels[skill.pk], "observed", book.sponsor.local_date(at), live.get(skill.pk))
            for skill in skills
        ]
        made = sign_off_many(viewer=viewer, key=f"long {round_}", lines=lines)
        live = {sign_off.skill_id: sign_off.pk for sign_off in made}


def make(password: str) -> dict[str, object]:
    viewer = build_viewer(None, at=timezone.now())
    version: StandardVersion = load_builtin(viewer=viewer)
    sponsor = Sponsor.objects.create(name="Benchmark Compounding", slug="benchmark")
    employer = Employer.objects.create(sponsor=sponsor, name="Benchmark Compounding")
    worksite = Worksite.objects.create(employer=employer, name="Clean room")
    program = Program.objects.create(sponsor=sponsor, title="Compounding Technicians")
    terms = Terms.objects.create(
        program=program, number=1, standard_version=version, adopted_on=timezone.now().date() - timedelta(days=400)
    )
    hashed = make_password(password)
    mentors = people(MENTORS, "mentor", Role.MENTOR, sponsor, hashed)
    apprentices = people(MENTORS * BOOKS, "apprentice", Role.APPRENTICE, sponsor, hashed)
    skills = list(
        Skill.objects.filter(skill_set__version=version)
        .select_related("skill_set", "parent", "scale")
        .order_by("skill_set__order", "order")
    )
    thresholds = {level.scale_id: level for level in RatingLevel.objects.filter(is_threshold=True)}
    levels = {skill.pk: thresholds[skill.scale_id] for skill in skills}
    told = []
    for n, mentor in enumerate(mentors):
        books = books_of(mentor, apprentices[n * BOOKS : (n + 1) * BOOKS], terms, worksite)
        told.append({"username": mentor.username, "books": [str(book.pk) for book in books]})
    last = Apprenticeship.objects.get(pk=str(told[-1]["books"][-1]))
    lengthen(last, mentors[-1], skills, levels)
    return {
        "day": sponsor.local_date(timezone.now()).isoformat(),
        "worksite": str(worksite.pk),
        "mentors": told,
        "skills": [
            {"pk": str(s.pk), "scale": str(s.scale_id), "level": str(levels[s.pk].pk), "parent": bool(s.parent_id)}
            for s in skills
        ],
    }


if __name__ == "__main__":
    json.dump(make(sys.argv[1]), sys.stdout)
