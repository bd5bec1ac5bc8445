"""A sponsor into which a file of 2,000 people is brought; prints the seconds as JSON.

With `write` as its word it is the second process: it writes one small row after the other until it is told to stop,
and prints how long it waited at most.
"""

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402  # Django is set up above
from django.utils import timezone  # noqa: E402

from accounts import import_jobs  # noqa: E402
from accounts.import_models import FileImport, ImportState  # noqa: E402
from accounts.importing import check_of, keep_file, order_import  # noqa: E402
from accounts.models import Role, Sponsor, User  # noqa: E402
from accounts.viewer import build_viewer  # noqa: E402
from acts.models import Lease  # noqa: E402
from acts.sheet_files import as_xlsx  # noqa: E402
from apprenticeship.import_kinds import PEOPLE  # noqa: E402
from apprenticeship.models import Apprenticeship, Cohort, Employer, Mentorship, Program, Terms, Worksite  # noqa: E402
from competencies.builtin import load_builtin  # noqa: E402

APPRENTICES, MENTORS, COHORTS = 1950, 50, 20
EVERY = 0.02
"""Seconds between two small writes of the second process."""


def make() -> tuple[Sponsor, User]:
    """A sponsor with terms, a worksite and cohorts, and its coordinator."""
    at = timezone.now()
    day = at.date() - timedelta(days=400)
    version = load_builtin(viewer=build_viewer(None, at=at))
    sponsor = Sponsor.objects.create(name="Benchmark Compounding", slug="benchmark")
    program = Program.objects.create(sponsor=sponsor, title="Compounding Technicians")
    Terms.objects.create(program=program, number=1, standard_version=version, adopted_on=day)
    Worksite.objects.create(employer=Employer.objects.create(sponsor=sponsor, name="Main"), name="Clean room")
    for number in range(COHORTS):
        Cohort.objects.create(sponsor=sponsor, name=f"Cohort {number}")
    coordinator = User.objects.create_user(username="coordinator", name="Carol Jones")
    coordinator.memberships.create(sponsor=sponsor, role=Role.COORDINATOR, since=day)
    return sponsor, coordinator


def file_of_people() -> bytes:
    """A workbook: every apprentice with a cohort, a primary mentor and a deputy, who stand in the same file."""
    rows = [["Role", "Name", "Mail address", "Starts on", "Program", "Registration number", "Employer", "Worksite"]]
    rows[0] += ["Cohort", "Role track", "Primary mentor", "Deputy mentors"]
    start = timezone.now().date().isoformat()
    for n in range(APPRENTICES):
        who = ["apprentice", f"Apprentice {n} Lastname{n}", f"apprentice{n}@example.org", start]
        where = ["Compounding Technicians", f"NY-{n}", "Main", "Clean room", f"Cohort {n % COHORTS}", ""]
        rows.append([*who, *where, f"mentor{n % MENTORS}@example.org", f"Mentor {(n + 1) % MENTORS} Lastname"])
    for n in range(MENTORS):
        rows.append(["mentor", f"Mentor {n} Lastname", f"mentor{n}@example.org", *[""] * 9])
    return as_xlsx(rows)


@contextmanager
def timed_transactions() -> Iterator[list[tuple[float, float]]]:
    """How long each outermost transaction of this process is open, and how much of that the process itself worked."""
    found: list[tuple[float, float]] = []
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__
    began: list[tuple[float, float]] = []

    def timed_enter(self: transaction.Atomic) -> None:
        enter(self)
        began.append((time.perf_counter(), time.process_time()))

    def timed_leave(self: transaction.Atomic, *error: Any) -> None:
        leave(self, *error)
        since, worked = began.pop()
        if not began:
            found.append((time.perf_counter() - since, time.process_time() - worked))

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = timed_enter, timed_leave  # type: ignore[method-assign]  # measured
    try:
        yield found
    finally:
        transaction.Atomic.__enter__, transaction.Atomic.__exit__ = enter, leave  # type: ignore[method-assign]  # put back


def bring_in(sponsor: Sponsor, coordinator: User) -> dict[str, float]:
    """Upload, dry run, press and recording, as page and worker do them one after the other."""
    data, figures = file_of_people(), {}
    viewer = build_viewer(coordinator, at=timezone.now())
    began, worked = time.perf_counter(), time.process_time()
    brought = keep_file(viewer=viewer, key="b", kind=PEOPLE, sponsor=sponsor, file=io.BytesIO(data), name="People")
    import_jobs.run(brought.pk, clock=timezone.now)
    figures["dry run"] = time.perf_counter() - began
    brought = FileImport.objects.select_related("sponsor").get(pk=brought.pk)
    order_import(viewer=viewer, brought=brought, seen=check_of(brought))
    import_jobs.run(brought.pk, clock=timezone.now)
    figures["whole seconds"] = time.perf_counter() - began
    figures["its own work"] = time.process_time() - worked
    state = FileImport.objects.get(pk=brought.pk).state
    if (state, Apprenticeship.objects.count(), Mentorship.objects.count()) != (
        ImportState.RECORDED,
        APPRENTICES,
        2 * APPRENTICES,
    ):
        raise RuntimeError(f"not everybody is in: {state}")
    return figures


def write_beside(stop: Path) -> float:
    """Move one row again and again; the longest that it took."""
    Lease.objects.get_or_create(name="benchmark", defaults={"held_until": timezone.now()})
    longest = 0.0
    while not stop.exists():
        began = time.perf_counter()
        with transaction.atomic():
            Lease.objects.filter(name="benchmark").update(held_until=timezone.now())
        longest = max(longest, time.perf_counter() - began)
        time.sleep(EVERY)
    return longest


def main() -> None:
    if sys.argv[1:2] == ["write"]:
        print(write_beside(Path(sys.argv[2])))
        return
    sponsor, coordinator = make()
    stop = Path(tempfile.mkdtemp(prefix="journeybook-")) / "stop"
    beside = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.people_world", "write", str(stop)], stdout=subprocess.PIPE, text=True
    )
    time.sleep(4)  # until it writes
    try:
        with timed_transactions() as transactions:
            figures = bring_in(sponsor, coordinator)
    finally:
        stop.touch()
    said, _nothing = beside.communicate(timeout=60)
    longest, own_work = max(transactions)
    figures |= {"longest lock": longest, "own work in it": own_work, "longest wait of others": float(said)}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
