"""One long book, checked again and again; prints the entries and the seconds of each check as JSON,
those on the clock and those that the process itself was at work.

Every skill is signed over and over, one signature in ten with a sealed note and one in fifty taken back: as
many kinds of work for the checker as a real book has, only longer.
"""

import json
import sys
import time
import uuid
from datetime import datetime

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402  # Django is set up above

from accounts.models import Role, Sponsor, User  # noqa: E402
from accounts.proofs import Proof, ProofKind  # noqa: E402
from accounts.viewer import Viewer, build_viewer  # noqa: E402
from apprenticeship.models import Apprenticeship, Employer, Program, SignOff, Terms, Worksite  # noqa: E402
from apprenticeship.signoff import SignOffLine, sign_off_many  # noqa: E402
from apprenticeship.takingback import take_back  # noqa: E402
from apprenticeship.verifying import verify_record  # noqa: E402
from benchmarks import signing_world  # noqa: E402
from competencies.builtin import load_builtin  # noqa: E402
from competencies.models import RatingLevel, Skill  # noqa: E402

ENTRIES = 4000
ROUNDS = 7


def make() -> Apprenticeship:
    """The book, with ENTRIES entries or a few more."""
    version = load_builtin(viewer=build_viewer(None, at=timezone.now()))
    sponsor = Sponsor.objects.create(name="Empire Compounding", slug="empire")
    (mentor,) = signing_world.people(1, "mentor", Role.MENTOR, sponsor, "")
    (apprentice,) = signing_world.people(1, "apprentice", Role.APPRENTICE, sponsor, "")
    program = Program.objects.create(sponsor=sponsor, title="Compounding Technicians")
    day = sponsor.local_date(timezone.now())
    terms = Terms.objects.create(program=program, number=1, standard_version=version, adopted_on=day)
    employer = Employer.objects.create(sponsor=sponsor, name="Empire Compounding")
    worksite = Worksite.objects.create(employer=employer, name="Clean room")
    (book,) = signing_world.books_of(mentor, [apprentice], terms, worksite)
    lengthen(Apprenticeship.objects.with_context().get(pk=book.pk), mentor, worksite)
    return book


def lengthen(book: Apprenticeship, mentor: User, worksite: Worksite) -> None:
    """Sign every skill again and again."""
    skills = list(
        Skill.objects.filter(skill_set__version=book.terms.standard_version_id).select_related(
            "skill_set", "parent", "scale"
        )
    )
    thresholds = {
        level.scale_id: level for level in RatingLevel.objects.filter(is_threshold=True).select_related("scale")
    }
    live: dict[uuid.UUID, SignOff] = {}
    for number in range(ENTRIES // len(skills) + 1):
        viewer = signing(mentor, timezone.now())
        lines = [
            SignOffLine(
                apprenticeship=book,
                skill=skill,
                level=thresholds[skill.scale_id],
                method="observed",
                observed_on=book.sponsor.local_date(viewer.at),
                replaces=live[skill.pk].pk if skill.pk in live else None,
                worksite=worksite,
                note="Worked carefully." if (place + number) % 10 == 0 else "",
            )
            for place, skill in enumerate(skills)
        ]
        live = {made.skill_id: made for made in sign_off_many(viewer=viewer, key=f"long {number}", lines=lines)}
        slip = live.pop(skills[number % len(skills)].pk)
        ended = "no_longer_stands"
        take_back(viewer=viewer, key=f"back {number}", sign_off=slip, kind=ended, reason="Out of practice.")


def signing(mentor: User, at: datetime) -> Viewer:
    return build_viewer(mentor, at=at, proof=Proof(ProofKind.PASSWORD, at))


def check(book: Apprenticeship) -> tuple[int, list[float], list[float]]:
    """How many entries the book has, and the seconds of each check: passed, and worked by this process.

    RuntimeError where a check finds anything.
    """
    seconds, worked = [], []
    for _round in range(ROUNDS):
        began, before = time.perf_counter(), time.process_time()
        verdict = verify_record(Apprenticeship.objects.get(pk=book.pk))
        seconds.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
        if not verdict.is_intact:
            raise RuntimeError(f"the book is off: {verdict.findings[:3]}")
    return verdict.entries, seconds, worked


def gather_statistics() -> None:
    """What PostgreSQL's autovacuum does within a minute or so of a running installation; a fresh one plans blindly."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    book = make()
    gather_statistics()
    entries, seconds, worked = check(book)
    json.dump({"entries": entries, "seconds": seconds, "worked": worked}, sys.stdout)
