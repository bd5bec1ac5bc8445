"""From "Download my record" to the file: ordering, watching, getting."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from reports import jobs
from reports.models import Document, FailureReason, JobState, RenderJob
from tests.cast import NOW, signed
from tests.reports.reading import text_of

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, str]]


def page_of(client: Client, job: RenderJob) -> str:
    return client.get(reverse("document_job", args=[job.pk])).content.decode()


@pytest.fixture
def visit(client: Client, apprentice: User) -> Client:
    client.force_login(apprentice)
    return client


def order(client: Client, book: Apprenticeship, **fields: str) -> object:
    return client.post(reverse("request_document", args=[book.pk]), {"key": str(uuid.uuid4()), **fields})


def test_ordering_leads_to_the_page_of_the_job(visit: Client, book: Apprenticeship, sent: Sent) -> None:
    answer = order(visit, book)
    job = RenderJob.objects.get()
    assert answer.headers["Location"] == reverse("document_job", args=[job.pk])  # type: ignore[attr-defined]  # Django's test response
    assert (job.document.language, job.document.paper) == ("en", "letter")


def test_the_document_speaks_the_language_of_the_page(
    visit: Client, book: Apprenticeship, apprentice: User, sent: Sent
) -> None:
    apprentice.language = "es"
    apprentice.save()
    order(visit, book)
    assert RenderJob.objects.get().document.language == "es"


def test_a_form_without_a_key_orders_nothing(visit: Client, book: Apprenticeship) -> None:
    assert visit.post(reverse("request_document", args=[book.pk])).status_code == 400
    assert RenderJob.objects.count() == 0


def test_sending_the_form_twice_orders_once_and_another_order_under_its_key_is_refused(
    visit: Client, book: Apprenticeship, mentor: User, sent: Sent
) -> None:
    key = str(uuid.uuid4())
    order(visit, book, key=key)
    signed(book, mentor, "3.1")
    order(visit, book, key=key)
    assert RenderJob.objects.count() == 1
    assert order(visit, book, key=key, paper="a4").status_code == 422  # type: ignore[attr-defined]  # Django's test response


def test_while_it_waits_the_page_says_so_and_asks_again_by_itself(visit: Client, job: RenderJob) -> None:
    page = page_of(visit, job)
    assert "The PDF is waiting in line" in page
    assert 'hx-trigger="every 1s"' in page
    assert f'<a href="{reverse("document_job", args=[job.pk])}">Look again</a>' in page


def test_the_place_in_line_is_shown(visit: Client, job: RenderJob) -> None:
    RenderJob.objects.create(document=_another(job), requested_at=NOW - timedelta(seconds=9))
    assert "1 other is made before it." in page_of(visit, job)


def _another(job: RenderJob) -> Document:
    document = job.document
    document.pk, document.sha256, document.public_code = uuid.uuid4(), "f" * 64, "f" * 32
    document.save(force_insert=True)
    return document


def test_while_it_is_made_the_page_says_so(visit: Client, job: RenderJob) -> None:
    jobs.claim(job.pk, at=NOW)
    assert "The PDF is being made" in page_of(visit, job)


def test_an_attempt_that_broke_is_told(visit: Client, job: RenderJob) -> None:
    jobs.claim(job.pk, at=NOW)
    jobs.sweep(at=NOW + timedelta(hours=1))
    text = " ".join(re.sub("<[^>]+>", " ", page_of(visit, job)).split())
    assert "Attempt 1 of 3 came to nothing: The process that was making it ended before it was done." in text


def test_when_it_is_ready_the_page_offers_the_file_and_rests(visit: Client, job: RenderJob) -> None:
    jobs.run(job.pk, clock=lambda: NOW)
    page = page_of(visit, job)
    assert reverse("document_file", args=[job.document_id]) in page
    assert "hx-trigger" not in page
    assert "March 2, 2026, 10:00 EST" in page


def test_when_it_failed_the_page_says_why_and_lets_one_try_again(visit: Client, job: RenderJob) -> None:
    RenderJob.objects.update(state=JobState.FAILED, reason=FailureReason.OUT_OF_MEMORY, finished_at=NOW)
    page = page_of(visit, job)
    assert "needed more memory than is allowed" in page
    assert reverse("request_document", args=[job.document.apprenticeship_id]) in page


def test_an_auditor_sees_the_failure_but_no_button(client: Client, auditor: User, job: RenderJob) -> None:
    RenderJob.objects.update(state=JobState.FAILED, reason=FailureReason.OUT_OF_MEMORY, finished_at=NOW)
    client.force_login(auditor)
    assert reverse("request_document", args=[job.document.apprenticeship_id]) not in page_of(client, job)


def test_the_file_comes_as_an_attachment_that_nobody_caches(visit: Client, job: RenderJob) -> None:
    jobs.run(job.pk, clock=lambda: NOW)
    answer = visit.get(reverse("document_file", args=[job.document_id]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Rosa_Diaz_progress_record_2026-03-02.pdf"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    assert "Rosa Diaz" in text_of(answer.getvalue())


def test_a_name_with_signs_of_its_own_is_encoded_for_the_file(visit: Client, job: RenderJob, apprentice: User) -> None:
    jobs.run(job.pk, clock=lambda: NOW)
    User.objects.filter(pk=apprentice.pk).update(name='Zoë "Z" Žižka\r\n')
    answer = visit.get(reverse("document_file", args=[job.document_id]))
    assert answer.getvalue().startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''Zo%C3%AB_Z_%C5%BDi%C5%BEka_progress_record_2026-03-02.pdf"
    )


def test_a_file_that_is_not_made_yet_is_not_there(visit: Client, job: RenderJob) -> None:
    assert visit.get(reverse("document_file", args=[job.document_id])).status_code == 404
