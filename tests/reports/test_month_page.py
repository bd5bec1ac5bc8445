"""The month page: one month of hours on the job by day and skill set, and its classes, never mixed."""

import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from reports import jobs
from reports.checks import columns_of_the_month_page
from reports.documents import UnknownPaper, request_document
from reports.gathering_months import NoSuchMonth, gather_month
from reports.models import RenderJob
from reports.month_columns import columns_in
from reports.month_papers import MonthPage, SetSums
from reports.paper_kinds import Wanted, paper_of
from reports.papers import frozen
from reports.templatetags.paper import crowding
from tests.cast import NOW, viewer_for
from tests.reports.reading import text_of
from tests.working import MONTH, WORKDAY, approved, logged, month_signed, work_line, work_taken_back

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, str]]


def month_of(book: Apprenticeship, *, month: date = MONTH, language: str = "en") -> MonthPage:
    return gather_month(book.pk, month=month, today=NOW.date(), language=language, paper="letter")


def order(by: User, book: Apprenticeship, month: date = MONTH) -> RenderJob:
    wanted, key = Wanted("month_page", month), str(uuid.uuid4())
    return request_document(viewer=viewer_for(by), key=key, apprenticeship=book, language="en", wanted=wanted)


def open_as(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_hours_stand_by_day_and_skill_set_with_what_came_before(apprenticeship: Apprenticeship, mentor: User) -> None:
    earlier = work_line(apprenticeship, "5", day=date(2026, 1, 30))
    approved(mentor, earlier, work_line(apprenticeship, "6"), work_line(apprenticeship, "1.5", order=2))
    work_taken_back(mentor, approved(mentor, work_line(apprenticeship, day=date(2026, 2, 2))))
    logged(work_line(apprenticeship, "4", day=date(2026, 2, 3)))
    page = month_of(apprenticeship)
    day = page.days[WORKDAY.day - 1]
    assert (len(page.days), day.hours[:3], day.total) == (28, ("6", "1.5", ""), "7.5")
    assert (day.worksites, day.approved_by) == (("Clean room",), ("Maria Alvarez",))
    assert (page.job.month, page.job.before, page.job.since, page.waiting) == ("7.5", "5", "12.5", "4")
    assert (page.sets[0].month, page.sets[0].before, page.sets[0].since) == ("6", "5", "11")
    assert (page.signed, page.lines, page.classes.since) == (None, (), "0")


def test_the_signature_says_whether_it_covers_what_stands(apprenticeship: Apprenticeship, mentor: User) -> None:
    month_signed(mentor, apprenticeship)
    signed = month_of(apprenticeship).signed
    assert signed
    assert (signed.signed.name, signed.hours, signed.stands) == ("Maria Alvarez", "8", True)
    approved(mentor, work_line(apprenticeship, "1", day=date(2026, 2, 3)))
    later = month_of(apprenticeship).signed
    assert later
    assert (later.hours, later.stands) == ("8", False)
    with time_machine.travel(NOW, tick=False):
        page = open_as(mentor).get(reverse("record_work", args=[apprenticeship.pk])).content.decode()
    assert "hours came or went since" in page


def test_logging_makes_another_page_of_that_moment_and_asking_again_does_not(
    apprenticeship: Apprenticeship, mentor: User, sent: Sent
) -> None:
    first = order(mentor, apprenticeship)
    assert order(mentor, apprenticeship) == first
    logged(work_line(apprenticeship), at=NOW + timedelta(hours=1))
    second = order(mentor, apprenticeship).document
    assert (second.as_of, second.kind) == (NOW + timedelta(hours=1), "month_page")
    assert paper_of(second.frozen) == month_of(apprenticeship)
    assert frozen(paper_of(second.frozen)) == second.frozen


@pytest.mark.parametrize("month", [date(2025, 12, 1), date(2026, 4, 1)])
def test_a_month_outside_the_apprenticeship_has_no_page(apprenticeship: Apprenticeship, month: date) -> None:
    with pytest.raises(NoSuchMonth):
        month_of(apprenticeship, month=month)
    with time_machine.travel(NOW, tick=False):
        address = reverse("record_month", args=[apprenticeship.pk, f"{month:%Y-%m}"])
        client = open_as(apprenticeship.apprentice)
        ordered = {"key": str(uuid.uuid4()), "kind": "month_page", "month": f"{month:%Y-%m}"}
        assert client.get(address).status_code == 404
        assert client.post(reverse("request_document", args=[apprenticeship.pk]), ordered).status_code == 404


@pytest.mark.parametrize("wanted", [Wanted("month_page"), Wanted("progress_record", MONTH), Wanted("diploma")])
def test_only_a_month_page_has_a_month(apprenticeship: Apprenticeship, mentor: User, wanted: Wanted) -> None:
    with pytest.raises(UnknownPaper):
        request_document(
            viewer=viewer_for(mentor), key="k", apprenticeship=apprenticeship, language="en", wanted=wanted
        )


def test_the_pdf_keeps_the_two_kinds_of_hours_apart(apprenticeship: Apprenticeship, mentor: User, sent: Sent) -> None:
    month_signed(mentor, apprenticeship)
    job = order(mentor, apprenticeship)
    jobs.run(job.pk, clock=lambda: NOW)
    with time_machine.travel(NOW, tick=False):
        answer = open_as(mentor).get(reverse("document_file", args=[job.document_id]))
        assert "Hours on the job" in open_as(mentor).get(reverse("document_job", args=[job.pk])).content.decode()
    assert "Rosa_Diaz_month_page_2026-02.pdf" in answer.headers["Content-Disposition"]
    page = text_of(answer.getvalue())
    for words in ("February 2026", "signed for 8 h", "No classes in this month.", "It is no form of a registration"):
        assert words in page
    assert "AT 14" not in page


def test_the_page_and_its_spreadsheet_say_the_same_and_no_cell_computes(
    apprenticeship: Apprenticeship, mentor: User, auditor: User
) -> None:
    approved(mentor, work_line(apprenticeship, "6.25"))
    apprenticeship.apprentice.name = "=HYPERLINK(1)"
    apprenticeship.apprentice.save()
    with time_machine.travel(NOW, tick=False):
        client, parts = open_as(auditor), [apprenticeship.pk, "2026-02"]
        page = client.get(reverse("record_month", args=parts)).content.decode()
        file = client.get(reverse("record_month_csv", args=parts)).content.decode()
    assert "6.25" in page
    assert "Month page as PDF" not in page
    assert file.startswith("\ufeff'=HYPERLINK(1),2026-02")
    assert "2026-02-25,6.25," in file


def test_a_month_takes_as_many_queries_with_one_line_as_with_many(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            month_of(apprenticeship)
        return len(seen)

    month_signed(mentor, apprenticeship)
    few = queries()
    days = [date(2026, 2, number) for number in range(2, 12)]
    approved(mentor, *(work_line(apprenticeship, "2", day=day, order=day.day % 5 + 1) for day in days))
    assert queries() == few


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("day", "dance"), "value is none of"),
        (('value = "total"', 'value = "day"'), "shows something twice"),
        (('"total"', '"nothing"'), "value is none of"),
        (("[[classes]]", "[[lessons]]"), "[[classes]] is missing"),
        (('en = "Total"', 'fr = "Total"'), "no English text"),
        (("heading = {", "heading = "), "month-page.toml"),
    ],
)
def test_a_file_of_columns_that_does_not_fit_is_told_at_the_start(
    change: tuple[str, str], says: str, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "month-page.toml"
    file.write_text(settings.MONTH_PAGE_COLUMNS.read_text().replace(*change))
    settings.MONTH_PAGE_COLUMNS = file
    (error,) = columns_of_the_month_page()
    assert says in error.msg


def test_the_site_names_the_columns_and_their_order(
    apprenticeship: Apprenticeship, tmp_path: Path, settings: Any
) -> None:
    assert columns_in(settings.MONTH_PAGE_COLUMNS).job[0].heading("es") == "Día"
    file = tmp_path / "columns.toml"
    file.write_text(
        """
        job = [{value = "total", heading = {en = "HOURS"}}, {value = "day", heading = {en = "DATE"}},
               {value = "skill_sets", heading = {en = "PROCESS"}}]
        classes = [{value = "day", heading = {en = "DATE"}}, {value = "topic", heading = {en = "SUBJECT"}},
                   {value = "hours", heading = {en = "HOURS"}}]
        """
    )
    settings.MONTH_PAGE_COLUMNS = file
    assert [column.heading for column in month_of(apprenticeship, language="es").job_columns] == [
        "HOURS",
        "DATE",
        "PROCESS",
    ]


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(("sets", "classes"), [(12, ""), (16, " wide"), (30, " wide crowded")])
def test_a_standard_with_many_skill_sets_gets_a_wider_sheet(sets: int, classes: str) -> None:
    assert crowding([SetSums(number, "Process", "", "", "") for number in range(sets)]) == classes
