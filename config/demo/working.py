"""Hours on the job in the demo: three weeks of Priya that Dana approved, and the last one, which waits for her."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import User
from accounts.proofs import Proof, ProofKind
from accounts.viewer import Viewer, build_viewer
from apprenticeship.models import Apprenticeship, WorkLog
from apprenticeship.work_days import WorkLine
from apprenticeship.work_logging import log_work
from apprenticeship.work_review import Decision, review_work
from competencies.models import SkillSet
from config.demo.people import DemoWorld

HOURS = ("8", "7.5", "8", "6", "7.75")
"""Of Monday to Friday."""
WEEKS = 4


def hours_of_work(world: DemoWorld, *, now: datetime) -> None:
    """Priya logged the last four weeks; Dana approved all but the last one this morning."""
    book = Apprenticeship.objects.with_context().get(pk=world.books["priya"].pk)
    today = world.sponsor.local_date(now)
    this_monday = today - timedelta(days=today.weekday())
    for back in range(WEEKS, 0, -1):
        monday = this_monday - timedelta(weeks=back)
        at = now - timedelta(hours=back + 1)
        logs = log_work(
            viewer=build_viewer(world.people["priya"], at=at),
            key=f"demo-work-{back}",
            lines=_week(book, monday, back),
        )
        if back > 1:
            _approve(world.people["dana"], logs, at=at + timedelta(minutes=30))


def _week(book: Apprenticeship, monday: date, number: int) -> list[WorkLine]:
    """One week on one or two skill sets, at the own worksite."""
    sets = list(SkillSet.objects.filter(version=book.terms.standard_version_id).order_by("order"))
    place = book.worksite
    if place is None:
        return []
    return [
        WorkLine(book, monday + timedelta(days=day), place, sets[(number + day // 3) % len(sets)], Decimal(hours))
        for day, hours in enumerate(HOURS)
    ]


def _approve(mentor: User, logs: list[WorkLog], *, at: datetime) -> None:
    """`mentor` approves the rows as they are; one for fewer hours, with the reason."""
    rows = WorkLog.objects.with_place().with_book().by_day().filter(pk__in=[log.pk for log in logs])
    decisions = [Decision(row, row.revision, row.hours) for row in rows]
    first = decisions[0]
    decisions[0] = Decision(first.log, first.revision, Decimal("7.5"), "You left at half past four that day.")
    review_work(viewer=_signing(mentor, at=at), key=f"demo-approved-{logs[0].worked_on}", decisions=decisions)


def _signing(person: User, *, at: datetime) -> Viewer:
    """`person`, who has just entered their password, as the sponsor's policy asks."""
    return build_viewer(person, at=at, proof=Proof(ProofKind.PASSWORD, at, fresh=True))
