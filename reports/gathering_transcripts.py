"""From the rows of one book to its transcript, at one state of the book."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from apprenticeship.models import Apprenticeship
from apprenticeship.plain_hours import plain_hours
from apprenticeship.taken import plain_points
from instruction.models import TopicSignOff, TopicTest, TopicWaiver
from instruction.sums import hours_of
from instruction.transcripts import earned_by
from instruction.years import ProgramHours, YearHours, program_hours
from reports import transcript_papers as papers
from reports.gathering import Head, at_rest, course_part, in_common, midnight, written_at
from reports.gathering_months import earned_line
from reports.papers import TestLine
from reports.signed_entries import signed_in


def gather_transcript(apprenticeship_id: uuid.UUID, *, today: date, language: str, paper: str) -> papers.Transcript:
    """The transcript of exactly one state of the book, with the years of the program up to `today`.

    Raises BookKeepsMoving, and EntryIllegible where what somebody signed about a topic cannot be read.
    """

    def read_transcript(book: Apprenticeship, head: Head) -> papers.Transcript:
        return _transcript(book, head=head, today=today, language=language, paper=paper)

    return at_rest(apprenticeship_id, read_transcript, language=language)


def _transcript(book: Apprenticeship, *, head: Head, today: date, language: str, paper: str) -> papers.Transcript:
    program = program_hours(book, today=today)
    waivers = TopicWaiver.objects.standing().filter(apprenticeship=book).with_all()
    sign_offs = TopicSignOff.objects.standing().filter(apprenticeship=book).with_all()
    tests = TopicTest.objects.standing().filter(apprenticeship=book).with_all()
    return papers.Transcript(
        **in_common(book, head, language=language, paper=paper, as_of=_as_of(book, head, program)),
        kind="transcript",
        template=papers.TRANSCRIPT_TEMPLATE,
        lines=tuple(earned_line(line) for line in earned_by(book)),
        hours=plain_hours(program.recorded),
        required="" if program.required is None else plain_hours(program.required),
        courses=tuple(course_part(course) for course in hours_of(book)),
        per_year="" if program.per_year is None else plain_hours(program.per_year),
        earlier=plain_hours(program.earlier) if program.earlier else "",
        years=tuple(_year(year) for year in program.years),
        tests=tuple(_tested(row) for row in tests.order_by("taken_on", "entry__sequence")),
        signed=_signed(sign_offs),
        waived=_signed(waivers),
    )


def _as_of(book: Apprenticeship, head: Head, program: ProgramHours) -> datetime:
    """The last entry, or the beginning of the newest year: then a year was over and is measured from there on."""
    begun = [midnight(year.first.isoformat(), book.sponsor) for year in program.years]
    return max([written_at(book, head), *begun])


def _year(year: YearHours) -> papers.YearLine:
    return papers.YearLine(
        number=year.number,
        first=year.first.isoformat(),
        last=year.last.isoformat(),
        hours=plain_hours(year.recorded),
        required="" if year.required is None else plain_hours(year.required),
        is_over=year.is_over,
        met=year.met,
    )


def _tested(row: TopicTest) -> papers.TopicTested:
    return papers.TopicTested(
        topic=row.topic.title,
        test=TestLine(
            kind=row.kind,
            taken_on=row.taken_on.isoformat(),
            passed=row.passed,
            score="" if row.score is None else plain_points(row.score),
            pass_mark="" if row.pass_mark is None else plain_points(row.pass_mark),
            instrument=row.instrument,
            examiner=row.examiner_name,
            organization=row.examiner_organization,
            sequence=row.entry.sequence,
        ),
    )


def _signed(rows: Iterable[TopicSignOff | TopicWaiver]) -> tuple[papers.TopicSigned, ...]:
    """What was signed about topics, as the entries tell it."""
    return tuple(papers.TopicSigned(row.topic.title, signed_in(row.entry)) for row in rows)
