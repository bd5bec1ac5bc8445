"""What is on the screen as a file for a spreadsheet, in which no cell can turn into a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _

from acts.sheet_files import safe
from instruction.sums import plain_hours
from reports.cohorts import CohortGrid, GridPanel


def csv_answer(rows: Iterable[Iterable[str]], name: str) -> HttpResponse:
    """The rows as the file `name`.csv, with the mark by which spreadsheets know UTF-8; every cell is made safe."""
    file = io.StringIO()
    csv.writer(file).writerows([safe(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def grid_as_csv(grid: CohortGrid) -> str:
    """The whole grid, not only the page on the screen. Cells hold how many are attained; the heading says of how many.

    "7/8" in a cell would be read as a date.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    for panel in grid.panels:
        writer.writerow([safe(cell) for cell in _heading(panel)])
        writer.writerows([safe(cell) for cell in row] for row in _rows(panel))
    return file.getvalue()


def _heading(panel: GridPanel) -> Iterable[str]:
    return [
        _("Apprentice"),
        _("Role track"),
        _("Registration number"),
        *(
            _("%(number)s. %(title)s (of %(total)s)") % {"number": c.order, "title": c.title, "total": c.total}
            for c in panel.columns
        ),
        _("Skills attained"),
        _("Skills in all"),
        _("Hours of classes"),
        _("Hours demanded"),
        _("Last signed on"),
        _("Sets verified by the sponsor"),
        _("Standard"),
    ]


def _rows(panel: GridPanel) -> Iterator[list[str]]:
    for row in panel.rows:
        book = row.line.apprenticeship
        yield [
            row.line.name,
            book.role_track,
            book.registration_number,
            *(str(cell.attained) for cell in row.cells),
            str(row.line.attained),
            str(row.line.total),
            plain_hours(row.hours.recorded),
            plain_hours(row.hours.required) if row.hours.required is not None else "",
            row.line.last_day.isoformat() if row.line.last_day else "",
            "; ".join(str(cell.column.order) for cell in row.cells if cell.verified),
            str(panel.version),
        ]
