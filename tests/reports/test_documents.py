"""A document is the state it prints: the same state is the same document."""

import json
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from apprenticeship.models import Apprenticeship, RecordHead, SkillStanding
from apprenticeship.verifying import verify_record
from reports import gathering
from reports.documents import UnknownPaper, request_document
from reports.gathering import BookKeepsMoving, gather
from reports.models import Document, RenderJob
from reports.papers import thaw
from reports.progress import progress_of
from tests.cast import NOW, fresh, signed, viewer_for

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, str]]


def ask(
    viewer: User,
    book: Apprenticeship,
    *,
    key: str = "",
    at: datetime = NOW,
    language: str = "en",
    paper: str = "letter",
) -> RenderJob:
    key = key or str(uuid.uuid4())
    return request_document(viewer=viewer_for(viewer, at), key=key, apprenticeship=book, language=language, paper=paper)


def test_what_is_frozen_is_the_book_as_it_stands(job: RenderJob) -> None:
    record = thaw(job.document.frozen)
    assert (record.attained, record.total, record.head_sequence) == (2, 49, 2)
    assert (record.who.apprentice, record.against.rapids_code) == ("Rosa Diaz", "")
    assert record.sets[0].skills[0].signed
    assert record.sets[0].skills[0].signed.name == "Maria Alvarez"
    assert record.courses[0].required == "44"
    assert [(line.text[:6], line.depth) for line in record.sets[3].skills[:2]] == [("Obtain", 0), ("Step 1", 1)]


def test_the_same_state_is_the_same_document_whoever_asks_and_whenever(
    job: RenderJob, book: Apprenticeship, coordinator: User
) -> None:
    later = ask(coordinator, book, at=NOW + timedelta(days=9))
    assert later == job
    assert Document.objects.count() == 1


def test_a_new_sign_off_makes_another_document(job: RenderJob, book: Apprenticeship, mentor: User) -> None:
    signed(book, mentor, "3.1")
    assert ask(mentor, fresh(book)).document != job.document


@pytest.mark.parametrize(("language", "paper"), [("es", "letter"), ("en", "a4")])
def test_language_and_paper_make_another_document(
    job: RenderJob, book: Apprenticeship, apprentice: User, language: str, paper: str
) -> None:
    assert ask(apprentice, book, language=language, paper=paper).document != job.document


def test_its_time_is_that_of_the_last_entry_never_of_asking(job: RenderJob) -> None:
    assert job.document.as_of == NOW


def test_what_became_due_since_makes_another_document_of_that_day(
    job: RenderJob, book: Apprenticeship, apprentice: User
) -> None:
    SkillStanding.objects.filter(skill__code="1.1").update(due_on="2026-03-10")
    early, late = (ask(apprentice, fresh(book), at=NOW + timedelta(days=days)).document for days in (1, 20))
    assert early.as_of == NOW
    assert late.as_of == datetime.fromisoformat("2026-03-10T00:00:00-04:00")
    assert ask(apprentice, fresh(book), at=NOW + timedelta(days=99)).document == late


def test_an_empty_book_can_be_printed(apprenticeship: Apprenticeship, apprentice: User, sent: Sent) -> None:
    document = ask(apprentice, fresh(apprenticeship)).document
    assert (document.head_sequence, len(document.head_hash)) == (0, 64)


def test_the_public_code_is_random_and_not_printed(job: RenderJob) -> None:
    assert len(job.document.public_code) == 32
    assert job.document.public_code not in job.document.frozen


def test_nothing_sealed_is_frozen(book: Apprenticeship, mentor: User, sent: Sent) -> None:
    signed(book, mentor, "3.1", note="Spilled twice")
    text = ask(mentor, fresh(book)).document.frozen
    assert "Spilled" not in text
    assert "note" not in json.loads(text)["sets"][2]["skills"][0]


def test_a_head_that_moves_while_reading_is_read_again(
    book: Apprenticeship, mentor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, moves = progress_of, iter([True])

    def move_once(apprenticeship: Apprenticeship, *, at: datetime) -> object:
        progress = read(apprenticeship, at=at)
        if next(moves, False):
            signed(book, mentor, "3.1")
        return progress

    monkeypatch.setattr(gathering, "progress_of", move_once)
    record = gather(book.pk, at=NOW, language="en", paper="letter")
    assert (record.head_sequence, record.attained) == (3, 3)


def test_a_head_that_never_rests_is_given_up(book: Apprenticeship, monkeypatch: pytest.MonkeyPatch) -> None:
    heads = iter(range(99))
    monkeypatch.setattr(gathering, "head_of", lambda _pk: gathering.Head(next(heads), "x"))
    with pytest.raises(BookKeepsMoving):
        gather(book.pk, at=NOW, language="en", paper="letter")


def test_the_same_key_gives_the_first_job_and_another_request_under_it_is_refused(
    job: RenderJob, book: Apprenticeship, apprentice: User, mentor: User
) -> None:
    signed(book, mentor, "3.1")
    assert ask(apprentice, book, key="first") == job
    with pytest.raises(KeyReused):
        ask(apprentice, book, key="first", paper="a4")


def test_unknown_papers_and_languages_are_refused(book: Apprenticeship, apprentice: User) -> None:
    for language, paper in (("en", "legal"), ("tlh", "letter")):
        with pytest.raises(UnknownPaper):
            ask(apprentice, book, language=language, paper=paper)
    assert Document.objects.count() == 0


def test_an_auditor_may_read_but_not_order(book: Apprenticeship, auditor: User) -> None:
    with pytest.raises(NotPermitted):
        ask(auditor, book)
    assert RenderJob.objects.count() == 0


def test_nobody_of_another_sponsor_sees_documents_or_jobs(job: RenderJob, outsider: User, mentor: User) -> None:
    for rows in (Document.objects, RenderJob.objects):
        assert rows.visible_to(viewer_for(outsider)).count() == 0
        assert rows.visible_to(viewer_for(mentor)).count() == 1


def test_gathering_costs_the_same_queries_for_two_signatures_and_for_eight(book: Apprenticeship, mentor: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            gather(book.pk, at=NOW, language="en", paper="letter")
        return len(captured)

    few = queries()
    for code in ("1.2", "2.2", "3.1", "6.1", "9.1", "12.4"):
        signed(book, mentor, code)
    assert (few, queries()) == (21, 21)


def test_a_sound_book_agrees_with_its_documents(job: RenderJob, book: Apprenticeship) -> None:
    assert verify_record(book).is_intact


def test_a_book_that_was_cut_off_behind_a_document_is_found_out(job: RenderJob, book: Apprenticeship) -> None:
    Document.objects.update(head_sequence=3)
    findings = verify_record(book).findings
    assert [finding.sequence for finding in findings] == [3]
    assert "printed entry 3, which is missing" in findings[0].what


def test_a_document_that_printed_another_hash_is_found_out(job: RenderJob, book: Apprenticeship) -> None:
    Document.objects.update(head_hash="0" * 64)
    assert any("printed another hash for entry 2" in finding.what for finding in verify_record(book).findings)


def test_a_document_whose_frozen_text_was_changed_is_found_out(job: RenderJob, book: Apprenticeship) -> None:
    Document.objects.update(frozen=job.document.frozen.replace("Rosa", "Rosy"))
    assert any("frozen text" in finding.what for finding in verify_record(book).findings)


def test_the_head_of_the_book_is_what_is_printed(job: RenderJob, book: Apprenticeship) -> None:
    head = RecordHead.objects.get(pk=book.pk)
    assert (job.document.head_sequence, job.document.head_hash) == (head.sequence, head.hash)
