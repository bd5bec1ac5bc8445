"""From the rows of one book to the paper of one month: hours on the job by day and skill set, and its classes."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from apprenticeship.models import Apprenticeship, WorkHours
from apprenticeship.plain_hours import plain_hours
from apprenticeship.record import read, told
from apprenticeship.work_months import hours_of_month, next_month
from competencies.models import SkillSet
from instruction.transcripts import EarnedHours, earned_by
from reports import month_papers as papers
from reports.gathering import Head, at_rest, in_common, written_at
from reports.gathering_work import month_signatures, waiting_in
from reports.month_columns import month_columns

NONE = Decimal(0)
BySet = Mapping[uuid.UUID, Decimal]


class NoSuchMonth(Exception):
    """The month is before the apprenticeship began, or has not begun. The edge answers 404 or 400."""


def gather_month(
    apprenticeship_id: uuid.UUID, *, month: date, today: date, language: str, paper: str
) -> papers.MonthPage:
    """The page of the month that begins on `month`, of exactly one state of the book.

    Raises NoSuchMonth, BookKeepsMoving, and EntryIllegible where an entry of the month cannot be read.
    """

    def read_month(book: Apprenticeship, head: Head) -> papers.MonthPage:
        if not book.starts_on.replace(day=1) <= month <= today:
            raise NoSuchMonth
        return _month(book, head=head, month=month, language=language, paper=paper)

    return at_rest(apprenticeship_id, read_month, language=language)


def _month(book: Apprenticeship, *, head: Head, month: date, language: str, paper: str) -> papers.MonthPage:
    rows, before = hours_of_month(book, month), _hours_before(book, month)
    sets = list(SkillSet.objects.filter(version=book.terms.standard_version_id).order_by("order"))
    earned, waiting, written = earned_by(book), waiting_in(book, month), written_at(book, head)
    columns = month_columns()
    return papers.MonthPage(
        **in_common(book, head, language=language, paper=paper, as_of=max(written, waiting.since or written)),
        kind="month_page",
        template=papers.MONTH_TEMPLATE,
        month=f"{month:%Y-%m}",
        job_columns=tuple(papers.Column(column.value, column.heading(language)) for column in columns.job),
        sets=_sets(sets, rows, before),
        days=_days(sets, rows, month),
        job=_sums(sum((row.hours for row in rows), NONE), sum(before.values(), NONE)),
        waiting=waiting.plain,
        class_columns=tuple(papers.Column(column.value, column.heading(language)) for column in columns.classes),
        lines=tuple(earned_line(line) for line in earned if month <= line.day < next_month(month)),
        classes=_class_sums(earned, month),
        signed=month_signatures(book, {month: [row.pk for row in rows]}).get(month),
    )


def _hours_before(book: Apprenticeship, month: date) -> BySet:
    """The approved hours of each skill set before the month; one query."""
    rows = WorkHours.objects.standing().filter(apprenticeship=book, worked_on__lt=month)
    return dict(rows.values_list("skill_set").annotate(Sum("hours")))


def _sets(sets: Sequence[SkillSet], rows: Iterable[WorkHours], before: BySet) -> tuple[papers.SetSums, ...]:
    """Every skill set of the standard with its sums."""
    in_month: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
    for row in rows:
        in_month[row.skill_set_id] += row.hours
    return tuple(
        papers.SetSums(
            order=one.order,
            title=one.title,
            month=_or_blank(in_month[one.pk]),
            before=_or_blank(before.get(one.pk, NONE)),
            since=_or_blank(in_month[one.pk] + before.get(one.pk, NONE)),
        )
        for one in sets
    )


def _days(sets: Sequence[SkillSet], rows: Iterable[WorkHours], month: date) -> tuple[papers.DayLine, ...]:
    """Every day of the month, with hours or without."""
    by_day: dict[date, list[WorkHours]] = defaultdict(list)
    for row in rows:
        by_day[row.worked_on].append(row)
    days = [month + timedelta(days=number) for number in range((next_month(month) - month).days)]
    return tuple(_day(day, sets, by_day[day]) for day in days)


def _day(day: date, sets: Sequence[SkillSet], rows: Sequence[WorkHours]) -> papers.DayLine:
    """One day: names as the entries have them, as they were when the hours were approved."""
    contents = [read(row.entry) for row in rows]
    return papers.DayLine(
        day=day.isoformat(),
        hours=tuple(_or_blank(sum((r.hours for r in rows if r.skill_set_id == one.pk), NONE)) for one in sets),
        total=_or_blank(sum((row.hours for row in rows), NONE)),
        worksites=_once(told(content, "body.worksite.name", str) for content in contents),
        approved_by=_once(told(content, "by.name", str) for content in contents),
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _or_blank(hours: Decimal) -> str:
    return plain_hours(hours) if hours else ""


def earned_line(line: EarnedHours) -> papers.EarnedLine:
    """One line of related instruction as paper has it."""
    return papers.EarnedLine(
        day=line.day.isoformat(),
        course=line.course,
        topic=line.topic,
        hours=plain_hours(line.hours),
        kind=line.kind,
        provider=line.provider,
        instructor=line.instructor,
        sequence=line.sequence,
    )


def _class_sums(earned: Iterable[EarnedHours], month: date) -> papers.Sums:
    inside, before = NONE, NONE
    for line in earned:
        if line.day < month:
            before += line.hours
        elif line.day < next_month(month):
            inside += line.hours
    return _sums(inside, before)


def _sums(inside: Decimal, before: Decimal) -> papers.Sums:
    return papers.Sums(plain_hours(inside), plain_hours(before), plain_hours(inside + before))
