"""The month page for a spreadsheet: the same columns in the same order, hours on the job first, classes below."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from reports.month_papers import DayLine, EarnedLine, MonthPage
from reports.templatetags.paper import earned_word

Row = list[str]


def month_as_csv(page: MonthPage) -> Iterator[Row]:
    """The rows of both tables, each under its name and its headings; their hours are never added to each other."""
    yield [page.who.apprentice, page.month]
    yield []
    yield [_("Hours on the job")]
    yield from _job(page)
    yield []
    yield [_("Classes and other related instruction")]
    yield from _classes(page)


def _job(page: MonthPage) -> Iterator[Row]:
    headings = {column.value: [column.heading] for column in page.job_columns}
    yield _row(page, {**headings, "skill_sets": [f"{part.order} {part.title}" for part in page.sets]})
    for line in page.days:
        yield _row(page, _of_day(line))
    yield _row(page, _of_sums(_("Month"), [part.month for part in page.sets], page.job.month))
    yield _row(page, _of_sums(_("Before"), [part.before for part in page.sets], page.job.before))
    yield _row(page, _of_sums(_("In all"), [part.since for part in page.sets], page.job.since))


def _row(page: MonthPage, told: Mapping[str, Sequence[str]]) -> Row:
    """What is `told` of each value, in the order of the columns; a group of columns has as many cells."""
    return [cell for column in page.job_columns for cell in told.get(column.value, [""])]


def _of_day(line: DayLine) -> Mapping[str, Sequence[str]]:
    return {
        "day": [line.day],
        "skill_sets": line.hours,
        "total": [line.total],
        "worksites": ["; ".join(line.worksites)],
        "approved_by": ["; ".join(line.approved_by)],
    }


def _of_sums(label: str, hours: Sequence[str], total: str) -> Mapping[str, Sequence[str]]:
    return {"day": [label], "skill_sets": hours, "total": [total]}


def _classes(page: MonthPage) -> Iterator[Row]:
    yield [column.heading for column in page.class_columns]
    for line in page.lines:
        yield [_of_class(column.value, line) for column in page.class_columns]
    for label, total in (
        (_("Month"), page.classes.month),
        (_("Before"), page.classes.before),
        (_("In all"), page.classes.since),
    ):
        told = {"day": label, "hours": total}
        yield [told.get(column.value, "") for column in page.class_columns]


def _of_class(value: str, line: EarnedLine) -> str:
    return earned_word(line.kind) if value == "kind" else str(getattr(line, value))
