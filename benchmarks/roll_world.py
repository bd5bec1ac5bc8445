"""A coordinator, a cohort of 2,000 with hours in every book, and classes whose roll waits; prints them as JSON.

Run with the settings of production, as the role of the web.
"""

import json
import sys
import uuid
from datetime import date, time, timedelta
from decimal import Decimal

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402  # Django is set up above
from django.utils import timezone  # noqa: E402

from accounts.models import Role, Sponsor, User  # noqa: E402
from accounts.proofs import Proof, ProofKind  # noqa: E402
from accounts.viewer import Viewer, build_viewer  # noqa: E402
from apprenticeship.models import Apprenticeship, Cohort, Employer, Program, Terms  # noqa: E402
from benchmarks.signing_world import ready_to_sign  # noqa: E402
from competencies.builtin import load_builtin  # noqa: E402
from competencies.models import Topic  # noqa: E402
from instruction.models import PlannedClass  # noqa: E402
from instruction.planning import ClassPlan, plan_classes  # noqa: E402
from instruction.rollcall import RollLine, record_roll  # noqa: E402

SIZES = {"small": 10, "large": 2000}
"""The cohorts, by how many apprentices they have."""
CLASSES = 7
"""Classes of each size, of which the first warms up and in the last the statements are counted."""
IN_A_CLASS, AT_ONCE = 200, 500


def cohort_of(size: int, terms: Terms, employer: Employer) -> tuple[Cohort, list[Apprenticeship]]:
    """A cohort and its books, which began 300 days ago."""
    sponsor, since = terms.program.sponsor, timezone.now().date() - timedelta(days=300)
    cohort = Cohort.objects.create(sponsor=sponsor, name=f"Cohort of {size}")
    people = [User(username=f"a{size}-{n}", name=f"Apprentice {n}", password="!") for n in range(size)]
    User.objects.bulk_create(people)
    facts = {"sponsor": sponsor, "terms": terms, "employer": employer, "cohort": cohort, "starts_on": since}
    Apprenticeship.objects.bulk_create(Apprenticeship(apprentice=person, **facts) for person in people)
    books = Apprenticeship.objects.filter(cohort=cohort).with_context().order_by("apprentice__username")
    return cohort, list(books)


def planned(viewer: Viewer, cohort: Cohort, books: list[Apprenticeship], topic: Topic, day: date) -> PlannedClass:
    """A morning for these books."""
    plan = ClassPlan(
        day=day,
        begins=time(9),
        ends=time(13),
        topics=[(topic, Decimal(4))],
        people=books,
        provider="American Red Cross",
        instructor_name="Ivan Petrov",
    )
    (made,) = plan_classes(viewer=viewer, key=str(uuid.uuid4()), cohort=cohort, plan=plan)
    return PlannedClass.objects.select_related("sponsor").get(pk=made.pk)


def make(password: str) -> dict[str, object]:
    at = timezone.now()
    version = load_builtin(viewer=build_viewer(None, at=at))
    sponsor = Sponsor.objects.create(name="Benchmark Compounding", slug="benchmark")
    employer = Employer.objects.create(sponsor=sponsor, name="Benchmark Compounding")
    program = Program.objects.create(sponsor=sponsor, title="Compounding Technicians")
    terms = Terms.objects.create(
        program=program, number=1, standard_version=version, adopted_on=at.date() - timedelta(days=400)
    )
    coordinator = User.objects.create(username="coordinator", name="Carol Jones", password=make_password(password))
    coordinator.memberships.create(sponsor=sponsor, role=Role.COORDINATOR, since=at.date() - timedelta(days=400))
    ready_to_sign(coordinator, sponsor)
    viewer = build_viewer(coordinator, at=at, proof=Proof(ProofKind.PASSWORD, at))
    topic = Topic.objects.select_related("course").filter(course__version=version).order_by("order")[0]
    cohorts, rolls, day = {}, {}, at.date() - timedelta(days=200)
    for name, size in SIZES.items():
        cohort, books = cohort_of(size, terms, employer)
        for start in range(0, size, AT_ONCE):
            some = books[start : start + AT_ONCE]
            one = planned(viewer, cohort, some, topic, day)
            record_roll(
                viewer=viewer,
                key=str(uuid.uuid4()),
                planned=one,
                lines=[RollLine(book, topic, Decimal(4)) for book in some],
            )
        here = books[:IN_A_CLASS]
        waiting = [planned(viewer, cohort, here, topic, day + timedelta(days=n + 1)) for n in range(CLASSES)]
        cohorts[name] = str(cohort.pk)
        rolls[name] = {"classes": [str(one.pk) for one in waiting], "books": [str(book.pk) for book in here]}
    return {"cohorts": cohorts, "rolls": rolls}


if __name__ == "__main__":
    json.dump(make(sys.argv[1]), sys.stdout)
