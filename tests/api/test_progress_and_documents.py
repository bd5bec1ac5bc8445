"""Progress, hours and documents by the API: the figures and files of the pages."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Sponsor, User
from apprenticeship.models import Apprenticeship
from reports import jobs
from reports.models import RenderJob
from reports.progress import progress_of
from tests.api.conftest import token_of
from tests.api.contract import Asker
from tests.cast import NOW, fresh, signed
from tests.instruction.classroom import attend


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    signed(apprenticeship, mentor, "1.1")
    return fresh(apprenticeship)


def test_progress_counts_as_the_pages_do(book: Apprenticeship, machine: Asker) -> None:
    told, counted = machine.get("api_progress", pk=book.pk).json, progress_of(book, at=NOW)
    assert (told["attained"], told["total"]) == (counted.attained, counted.total) == (1, 49)
    assert told["counts"]["not_started"] == 48
    skills = [skill for part in told["sets"] for skill in part["skills"]]
    assert [skill["code"] for skill in skills] == [skill.code for skill in counted.all_skills]
    assert (skills[0]["state"], skills[0]["signature"]["by"]["name"]) == ("signed_off", "Maria Alvarez")


def test_steps_name_their_parent(book: Apprenticeship, machine: Asker) -> None:
    told = machine.get("api_progress", pk=book.pk).json
    skills = [skill for part in told["sets"] for skill in part["skills"]]
    parents = {skill["parent"] for skill in skills if skill["parent"]}
    assert len(parents) == 1
    assert sum(1 for skill in skills if skill["parent"]) == 7


def test_progress_is_sent_again_only_when_the_book_or_the_day_changed(
    book: Apprenticeship, mentor: User, machine: Asker, at_ten_on_a_monday: Any
) -> None:
    def status() -> int:
        return machine.get("api_progress", pk=book.pk, headers={"If-None-Match": tag}).status

    tag = machine.get("api_progress", pk=book.pk).headers["ETag"]
    assert status() == 304
    at_ten_on_a_monday.move_to(NOW + timedelta(days=1))
    assert status() == 200
    at_ten_on_a_monday.move_to(NOW)
    signed(book, mentor, "1.2")
    assert status() == 200


def test_progress_costs_the_same_for_one_signature_and_for_ten(
    book: Apprenticeship, mentor: User, machine: Asker
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            machine.get("api_progress", pk=book.pk)
        return len(queries)

    cost()
    few = cost()
    for code in ("1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "3.1", "3.2", "4.1"):
        signed(book, mentor, code)
    assert cost() == few <= 10


def test_hours_are_told_by_topic_against_the_standard(
    book: Apprenticeship, coordinator: User, instructor: User, machine: Asker
) -> None:
    assert machine.get("api_hours", pk=book.pk).json["courses"][0]["recorded"] == "0"
    (attended,) = attend(coordinator, [book], instructor=instructor)
    [course] = machine.get("api_hours", pk=book.pk).json["courses"]
    assert (course["required"], course["met"], len(course["topics"])) == ("44", False, 8)
    topic = next(topic for topic in course["topics"] if topic["recorded"] != "0")
    assert topic["id"] == str(attended.class_topic.topic_id)


@pytest.mark.django_db(transaction=True)  # while it renders, its lease is renewed on a connection of its own
def test_a_document_is_ordered_watched_and_fetched(
    book: Apprenticeship, apprentice: User, sponsor: Sponsor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.jobs.current_app.send_task", lambda *_args, **_kwargs: None)
    person, program = Asker(apprentice), Asker(token=token_of(apprentice, sponsor))
    ordered = person.post("api_documents", {"language": "es"}, pk=book.pk)
    assert (ordered.status, ordered.json["state"], ordered.json["document"]["file"]) == (202, "queued", None)
    jobs.run(RenderJob.objects.get().pk, clock=lambda: NOW)
    done = program.get_address(ordered.headers["Location"]).json
    assert (done["state"], done["document"]["language"]) == ("done", "es")
    pdf = program.get_address(done["document"]["file"])
    assert (pdf.bytes[:5], pdf.headers["Cache-Control"]) == (b"%PDF-", "private, no-store")
    assert [row["id"] for row in program.get("api_documents", pk=book.pk).json["results"]] == [done["document"]["id"]]


def test_ordering_twice_with_one_key_orders_once(book: Apprenticeship, apprentice: User) -> None:
    asker = Asker(apprentice)
    first, second = (asker.post("api_documents", {}, pk=book.pk) for _ in range(2))
    assert (first.json["id"], second.headers["Idempotent-Replayed"]) == (second.json["id"], "true")
    assert asker.post("api_documents", {"paper": "a4"}, pk=book.pk).problem == "key-reused"


@pytest.mark.parametrize(("body", "place"), [({"paper": "napkin"}, "#/paper"), ({"language": "fr"}, "#/language")])
def test_another_paper_or_language_is_wrong_input(
    body: dict[str, str], place: str, book: Apprenticeship, apprentice: User
) -> None:
    answer = Asker(apprentice).post("api_documents", body, pk=book.pk)
    assert (answer.status, answer.pointers, RenderJob.objects.count()) == (400, [place], 0)


def test_an_auditor_reads_but_orders_nothing_and_a_token_orders_nothing(
    book: Apprenticeship, auditor: User, machine: Asker
) -> None:
    for asker in (Asker(auditor), machine):
        assert asker.get("api_documents", pk=book.pk).status == 200
        assert asker.post("api_documents", {}, pk=book.pk).problem == "not-permitted"


def test_a_file_that_is_not_made_is_not_there(book: Apprenticeship, apprentice: User) -> None:
    ordered = Asker(apprentice).post("api_documents", {}, pk=book.pk).json
    assert Asker(apprentice).get("api_document_file", pk=ordered["document"]["id"]).problem == "not-found"


@pytest.mark.parametrize("role", ["outsider", "instructor"])
def test_documents_of_a_book_out_of_sight_are_not_there(
    role: str, book: Apprenticeship, apprentice: User, request: pytest.FixtureRequest
) -> None:
    ordered = Asker(apprentice).post("api_documents", {}, pk=book.pk).json
    asker = Asker(request.getfixturevalue(role))
    found = [
        asker.get("api_document_job", pk=ordered["id"]).status,
        asker.get("api_document", pk=ordered["document"]["id"]).status,
        asker.get("api_document_file", pk=ordered["document"]["id"]).status,
        asker.get("api_documents", pk=book.pk).status,
        asker.get("api_progress", pk=book.pk).status,
        asker.get("api_hours", pk=book.pk).status,
    ]
    assert found == [404] * 6
