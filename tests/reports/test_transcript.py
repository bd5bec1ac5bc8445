"""The transcript: what stands of related instruction, line by line, with its sums, and nothing that was taken back."""

import uuid
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from reports import jobs
from reports.documents import request_document
from reports.gathering_transcripts import gather_transcript
from reports.paper_kinds import Wanted, paper_of
from reports.papers import TopicLine
from reports.transcript_papers import Transcript
from tests.cast import NOW, STARTS_ON, viewer_for
from tests.instruction.classroom import FIRST_AID, LOCKOUT, attend
from tests.instruction.earning import earned, exam, signed_topic, undone, waived
from tests.reports.reading import text_of

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def transcript_of(book: Apprenticeship, *, today: date = TODAY) -> Transcript:
    return gather_transcript(book.pk, today=today, language="en", paper="letter")


def of_everything(book: Apprenticeship, coordinator: User, instructor: User) -> None:
    """A class, self-study, credit before the beginning, a test, a signature, a waiver; of each one taken back, too."""
    attend(coordinator, [book], instructor=instructor, held_on=date(2026, 2, 18))
    earned(coordinator, book, hours="2.5")
    earned(coordinator, book, hours="3", way="transfer", earned_on=STARTS_ON - timedelta(days=90), provider="A school")
    exam(coordinator, book)
    signed_topic(instructor, book)
    waived(coordinator, book)
    for row in (
        earned(coordinator, book, hours="9", earned_on=date(2026, 2, 3)),
        exam(coordinator, book, instrument="Wrong quiz"),
    ):
        undone(coordinator, row.entry)


def test_every_line_that_stands_is_on_it_with_its_sums(
    apprenticeship: Apprenticeship, coordinator: User, instructor: User
) -> None:
    of_everything(apprenticeship, coordinator, instructor)
    paper = transcript_of(apprenticeship)
    told = [(line.kind, line.hours, line.provider, line.instructor) for line in paper.lines]
    assert [kind for kind, *_rest in told] == ["transfer", "class", "self_study"]
    assert told[1][1:] == ("4", "American Red Cross", "Ivan Petrov")
    assert (paper.hours, paper.earlier, paper.required) == ("9.5", "3", "")
    first_aid, lockout = (_topic(paper, title) for title in (FIRST_AID, LOCKOUT))
    assert (first_aid.hours, first_aid.minimum, first_aid.met, lockout.waived) == ("9.5", "6.5", True, True)
    assert [(year.number, year.hours, year.is_over, year.met) for year in paper.years] == [(1, "6.5", False, None)]
    assert [(one.test.instrument, one.test.score) for one in paper.tests] == [("Quiz, form B", "41")]
    assert [one.topic for one in (*paper.signed, *paper.waived)] == [first_aid.title, lockout.title]


def _topic(paper: Transcript, title: str) -> TopicLine:
    return next(topic for topic in paper.courses[0].topics if topic.title.startswith(title))


def test_a_new_year_makes_another_transcript_of_its_first_day(apprenticeship: Apprenticeship) -> None:
    early, late = (transcript_of(apprenticeship, today=STARTS_ON + timedelta(days=days)) for days in (9, 380))
    assert (len(early.years), len(late.years), late.years[0].is_over) == (1, 2, True)
    assert datetime.fromisoformat(late.as_of).date() == STARTS_ON.replace(year=STARTS_ON.year + 1)


def test_it_is_ordered_printed_and_shown_and_its_spreadsheet_computes_nothing(
    apprenticeship: Apprenticeship, coordinator: User, instructor: User, sent: list[tuple[str, str]]
) -> None:
    of_everything(apprenticeship, coordinator, instructor)
    earned(coordinator, apprenticeship, provider="=1+1 School", earned_on=date(2026, 2, 4))
    job = request_document(
        viewer=viewer_for(coordinator),
        key=str(uuid.uuid4()),
        apprenticeship=apprenticeship,
        language="en",
        wanted=Wanted("transcript"),
    )
    assert isinstance(paper_of(job.document.frozen), Transcript)
    jobs.run(job.pk, clock=lambda: NOW)
    client = Client()
    client.force_login(coordinator)
    with time_machine.travel(NOW, tick=False):
        pdf = text_of(client.get(reverse("document_file", args=[job.document_id])).getvalue())
        page = client.get(reverse("record_transcript", args=[apprenticeship.pk])).content.decode()
        file = client.get(reverse("record_transcript_csv", args=[apprenticeship.pk])).content.decode()
    for words in ("Self-study with a certificate", "Waived topics", "Quiz, form B", "Ivan Petrov"):
        assert words in pdf
        assert words in page
        assert words in file
    assert "No machines here." not in pdf + page + file
    assert ",'=1+1 School," in file


def test_it_takes_as_many_queries_for_few_lines_as_for_many(
    apprenticeship: Apprenticeship, coordinator: User, instructor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            transcript_of(apprenticeship)
        return len(seen)

    of_everything(apprenticeship, coordinator, instructor)
    few = queries()
    for number in range(3):
        attend(coordinator, [apprenticeship], hours="1", held_on=date(2026, 2, 2 + number))
        exam(coordinator, apprenticeship, instrument=f"Quiz {number}")
    assert queries() == few
