"""A file of the demo: a timesheet that Ruth brought in, with one row whose day can be read in two ways."""

import io
from datetime import datetime, timedelta

from accounts import import_jobs
from accounts.importing import keep_file
from accounts.viewer import build_viewer
from acts.sheet_files import as_csv
from apprenticeship.models import Apprenticeship
from config.demo.people import DemoWorld
from instruction.import_kinds import TIMESHEET


def timesheet_of_last_week(world: DemoWorld, *, now: datetime) -> None:
    """Luis's last three days: two would be logged, the third must be mended in the file first."""
    book = Apprenticeship.objects.select_related("worksite__employer").get(pk=world.books["luis"].pk)
    if book.worksite is None:
        return
    place = f"{book.worksite.employer.name}, {book.worksite.name}"
    today = world.sponsor.local_date(now)
    days = [today - timedelta(days=back) for back in (3, 2, 1)]
    said = [days[0].isoformat(), days[1].isoformat(), f"{days[2]:%m/%d/%Y}"]
    rows = [[day, "luis", place, "1", "7.5"] for day in said]
    brought = keep_file(
        viewer=build_viewer(world.people["ruth"], at=now),
        key="demo-timesheet",
        kind=TIMESHEET,
        sponsor=world.sponsor,
        file=io.BytesIO(as_csv([["Date", "Apprentice", "Worksite", "Skill set", "Hours"], *rows])),
        name="Timesheet of Luis.csv",
    )
    import_jobs.run(brought.pk, clock=lambda: now)
