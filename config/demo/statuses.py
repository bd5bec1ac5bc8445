"""A suspension in the demo: Jonah was away for two weeks of the last month, and is back; the agency knows the first."""

from datetime import datetime, timedelta

from apprenticeship.agency_notices import tell_agency
from apprenticeship.models import Apprenticeship, StatusStep
from apprenticeship.status import change_status
from config.demo.people import DemoWorld
from config.demo.verified import signing_as


def suspended_and_resumed(world: DemoWorld, *, now: datetime) -> None:
    """Ruth makes Jonah's apprenticeship active when it begins, suspends it and resumes it."""
    book = Apprenticeship.objects.with_context().get(pk=world.books["jonah"].pk)
    steps = (
        (StatusStep.ACTIVATE, book.starts_on, ""),
        (StatusStep.SUSPEND, book.sponsor.local_date(now) - timedelta(days=18), "On leave to look after his father."),
        (StatusStep.RESUME, book.sponsor.local_date(now) - timedelta(days=4), ""),
    )
    for number, (step, on, reason) in enumerate(steps):
        seen = Apprenticeship.objects.values_list("status", flat=True).get(pk=book.pk)
        ruth = signing_as(world.people["ruth"], at=now - timedelta(days=4, minutes=9 - number))
        key = f"demo-status-{number}"
        change = change_status(viewer=ruth, key=key, apprenticeship=book, step=step, on=on, reason=reason, seen=seen)
        if step == StatusStep.SUSPEND:
            tell_agency(viewer=ruth, key="demo-agency", changes=[change.pk], told_on=change.on + timedelta(days=6))
