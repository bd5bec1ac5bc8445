"""The pages of hours on the job: logging on the phone, the mentor's week, and what a record shows."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice, Role, Sponsor, User
from apprenticeship.models import Apprenticeship, WorkHours, WorkLog
from apprenticeship.work_sums import work_requirements
from competencies.models import Approach
from reports.work import anniversary
from tests.cast import NOW, STARTS_ON, make_apprenticeship, make_mentorship, make_person
from tests.telling.delivering import told
from tests.working import WORKDAY, approved, decided, logged, reviewed, set_of, work_line, work_taken_back


@pytest.fixture(autouse=True)
def at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def open_as(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def log_form(book: Apprenticeship, hours: str, **more: str) -> dict[str, str]:
    assert book.worksite
    said = {"worked_on": WORKDAY.isoformat(), "hours": hours, "worksite": str(book.worksite.pk)}
    said["skill_set"] = str(set_of(book).pk)
    return {"key": str(uuid.uuid4()), **{f"line-0-{name}": value for name, value in said.items()}, **more}


def test_an_apprentice_logs_a_day_and_sees_it_wait(apprenticeship: Apprenticeship) -> None:
    client, address = open_as(apprenticeship.apprentice), reverse("log_work", args=[apprenticeship.pk])
    answer = client.post(address, log_form(apprenticeship, "7.5"), follow=True)
    assert "Waits for a mentor" in answer.content.decode()
    refused = client.post(address, log_form(apprenticeship, "7.1"))
    assert refused.status_code == 400
    page = refused.content.decode()
    assert page.index("in quarters") < page.index("<form class")  # at the top, also where a day could be logged again
    assert "Today the same as" not in page
    assert client.post(address, log_form(apprenticeship, "1")).status_code == 409
    assert client.post(address, {"line-0-hours": ""}).status_code == 400


def test_the_last_day_is_logged_again_by_one_press(apprenticeship: Apprenticeship) -> None:
    logged(work_line(apprenticeship, "4"), work_line(apprenticeship, "3.5", order=2))
    client, address = open_as(apprenticeship.apprentice), reverse("log_work", args=[apprenticeship.pk])
    assert "Today the same as" in client.get(address).content.decode()
    client.post(address, {"key": "again", "again": "1"})
    client.post(address, {"key": "again", "again": "1"})
    assert WorkLog.objects.filter(worked_on=NOW.date()).count() == 2


def test_a_coordinator_enters_a_timesheet_of_which_blank_lines_are_left_out(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    client, address = open_as(coordinator), reverse("log_work", args=[apprenticeship.pk])
    form = log_form(apprenticeship, "8")
    form |= {name.replace("line-0", "line-3"): value for name, value in form.items() if name.startswith("line-0")}
    form["line-3-worked_on"] = (WORKDAY + timedelta(days=1)).isoformat()
    assert client.post(address, form).status_code == 302
    assert WorkLog.objects.count() == 2
    assert client.post(address, {"key": "blank"}).status_code == 400


def test_a_line_is_changed_and_deleted_on_its_page(apprenticeship: Apprenticeship) -> None:
    (log,) = logged(work_line(apprenticeship))
    client, address = open_as(apprenticeship.apprentice), reverse("change_work_log", args=[log.pk])
    form = {name.removeprefix("line-0-"): value for name, value in log_form(apprenticeship, "6").items()}
    assert client.post(address, form).status_code == 302
    assert client.post(address, {**form, "key": "c", "hours": "25"}).status_code == 400
    log.refresh_from_db()
    assert log.hours == 6
    client.post(reverse("delete_work_log", args=[log.pk]), {"key": "d"})
    assert client.get(address).status_code == 404


def sent(*logs: WorkLog, **more: Any) -> dict[str, Any]:
    weeks = {f"{log.apprenticeship_id}_{log.worked_on - timedelta(days=log.worked_on.weekday())}" for log in logs}
    seen = {f"seen-{log.pk}": str(log.revision) for log in logs}
    return {"key": str(uuid.uuid4()), "week": sorted(weeks), **seen, **more}


def test_a_mentor_approves_the_weeks_of_five_apprentices_in_one_press(
    apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor
) -> None:
    books = [apprenticeship]
    for name in ("Ana", "Ben", "Cy", "Dee"):
        books.append(make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms))
        make_mentorship(books[-1], mentor)
    logs = [log for book in books for log in logged(work_line(book), work_line(book, day=WORKDAY + timedelta(days=1)))]
    client, form = open_as(mentor), sent(*logs)
    assert "5 weeks wait for you" in client.get(reverse("mentor_home")).content.decode()
    answer = client.post(reverse("review_work"), form, follow=True)
    assert "10 lines approved." in answer.content.decode()
    assert client.post(reverse("review_work"), form).status_code == 302
    assert WorkHours.objects.count() == 10


def test_the_place_of_a_week_is_said_once_unless_it_was_worked_at_two(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    place = apprenticeship.worksite
    assert place
    logged(work_line(apprenticeship), work_line(apprenticeship, day=WORKDAY - timedelta(days=1)))
    client, address = open_as(mentor), reverse("review_work")
    assert client.get(address).content.decode().count(place.name) == 1
    other = place.employer.worksites.create(name="Second floor")
    logged(work_line(apprenticeship, "1", day=WORKDAY - timedelta(days=2), worksite=other))
    page = client.get(address).content.decode()
    assert (page.count(place.name), page.count("Second floor")) == (2, 1)


def test_a_mentor_changes_hours_and_sends_back_and_the_apprentice_reads_why(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    (one, two) = logged(work_line(apprenticeship), work_line(apprenticeship, "2", order=2))
    client, address = open_as(mentor), reverse("review_work")
    assert client.post(address, sent(one, two, **{f"hours-{one.pk}": "7"})).status_code == 400
    assert client.post(address, sent(one, two, week=[])).status_code == 400
    code = f"{apprenticeship.pk}_2026-02-23"
    words = {f"hours-{one.pk}": "7", f"back-{two.pk}": "on", f"words-{code}": "You left at three."}
    answer = client.post(address, sent(one, two, **words), follow=True).content.decode()
    assert "1 line approved. 1 line sent back." in answer
    page = open_as(apprenticeship.apprentice).get(reverse("record_work", args=[apprenticeship.pk])).content.decode()
    assert page.count("You left at three.") == 2
    told(NOW)
    kinds = Notice.objects.filter(person=apprenticeship.apprentice).values_list("kind", flat=True)
    assert sorted(kinds) == ["work_changed", "work_sent_back"]


def test_a_stale_page_approves_nothing(apprenticeship: Apprenticeship, mentor: User) -> None:
    (log,) = logged(work_line(apprenticeship))
    form = sent(log)
    WorkLog.objects.update(revision=2)
    answer = open_as(mentor).post(reverse("review_work"), form)
    assert answer.status_code == 409
    assert "not what you saw" in answer.content.decode()


def test_hours_are_taken_back_on_a_page(apprenticeship: Apprenticeship, mentor: User) -> None:
    (made,) = approved(mentor, work_line(apprenticeship))
    client, address = open_as(mentor), reverse("void_work_hours", args=[made.pk])
    assert client.post(address, {"key": str(uuid.uuid4()), "reason": ""}).status_code == 400
    answer = client.post(address, {"key": str(uuid.uuid4()), "reason": "Another week."}, follow=True)
    assert "taken back by Maria Alvarez" in answer.content.decode()
    assert client.post(address, {"key": str(uuid.uuid4()), "reason": "Again."}).status_code == 409


def test_the_rotation_stands_by_month_and_the_year_is_that_of_the_program(
    apprenticeship: Apprenticeship, mentor: User, auditor: User
) -> None:
    approved(mentor, work_line(apprenticeship, day=date(2026, 1, 30)), work_line(apprenticeship, "2.5", order=2))
    work_taken_back(mentor, approved(mentor, work_line(apprenticeship, day=date(2026, 2, 2))))
    page = open_as(auditor).get(reverse("record_work", args=[apprenticeship.pk])).content.decode()
    assert "January 2026" in page
    assert "Program year 1 (from Jan 5, 2026): 10.5 h" in page
    assert "She was on leave." not in page
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("approach", "asked"),
    [
        (Approach.COMPETENCY, []),
        (Approach.TIME, ["8 of 20 hours; 12 to go", "8 of 10 hours; 2 to go"]),
        (Approach.HYBRID, ["8 of 20 hours; 12 to go", "8 of 10 hours; 2 to go"]),
    ],
)
def test_only_standards_by_hours_ask_for_hours(
    approach: Approach, asked: list[str], apprenticeship: Apprenticeship, mentor: User
) -> None:
    approved(mentor, work_line(apprenticeship))
    first, version = set_of(apprenticeship), apprenticeship.terms.standard_version
    version.approach, version.job_hours_min, first.hours_min = approach, 20, 10
    apprenticeship.terms.standard_version = version
    found = [asks.detail for asks in work_requirements(apprenticeship, at=NOW)]
    assert found[:1] == asked[:1]


def test_as_many_queries_for_one_week_as_for_many(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, sponsor: Sponsor
) -> None:
    addresses = [reverse("record_work", args=[apprenticeship.pk]), reverse("review_work"), reverse("work_waiting")]

    def queries() -> list[int]:
        found = []
        for person, address in zip((mentor, mentor, coordinator), addresses, strict=True):
            client = open_as(person)
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    def work(book: Apprenticeship, since: int) -> None:
        days = [STARTS_ON + timedelta(days=since + n) for n in range(3)]
        logs = logged(*(work_line(book, day=day, order=n + 1) for n, day in enumerate(days)))
        reviewed(mentor, [decided(logs[0]), decided(logs[1], None, "Where?")])

    work(apprenticeship, 0)
    few = queries()
    for name in ("Ana", "Ben"):
        book = make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms)
        make_mentorship(book, mentor)
        work(book, 0)
    for since in (7, 14, 21, 28):
        work(apprenticeship, since)
    assert queries() == few
