"""Hours on the job by the API: the lines, their sums, the months with their signatures, and ordering their paper."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.api.contract import Asker
from tests.cast import STARTS_ON
from tests.working import approved, logged, month_signed, work_line, work_taken_back


def test_sums_stand_by_skill_set_month_and_year_with_the_signature(
    apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    approved(mentor, work_line(apprenticeship, "2.5", day=date(2026, 1, 30), order=2))
    signed = month_signed(mentor, apprenticeship)
    logged(work_line(apprenticeship, "4", day=date(2026, 2, 3)))
    told = machine.get("api_work", pk=apprenticeship.pk).json
    assert (told["approved"], told["waiting"], told["minimum"]) == ("10.5", "4", None)
    assert [(part["order"], part["approved"], part["met"]) for part in told["sets"][:2]] == [
        (1, "8", None),
        (2, "2.5", None),
    ]
    newest, oldest = told["months"]
    assert (newest["month"], newest["signed"], newest["signature"]["hours"]) == ("2026-02", True, "8")
    assert newest["signature"]["id"] == str(signed.pk)
    assert (oldest["month"], oldest["approved"], oldest["signature"]) == ("2026-01", "2.5", None)
    approved(mentor, work_line(apprenticeship, "1", day=date(2026, 2, 4)))
    assert machine.get("api_work", pk=apprenticeship.pk).json["months"][0]["signed"] is False
    assert [(year["number"], year["since"]) for year in told["years"]] == [(1, STARTS_ON.isoformat())]


def test_lines_are_listed_by_month_and_say_what_was_taken_back(
    apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    approved(mentor, work_line(apprenticeship, "2.5", day=date(2026, 1, 30)))
    rows = approved(mentor, work_line(apprenticeship, "6", day=date(2026, 2, 3)))
    work_taken_back(mentor, rows)
    (line,) = machine.get("api_work_hours", query={"month": "2026-02"}, pk=apprenticeship.pk).json["results"]
    assert (line["hours"], line["taken_back"], line["worksite"]["name"]) == ("6", True, "Clean room")
    both = machine.get("api_work_hours", pk=apprenticeship.pk).json["results"]
    assert [row["taken_back"] for row in both] == [True, False]
    assert machine.get("api_work_hours", query={"month": "2026-13"}, pk=apprenticeship.pk).status == 400


@pytest.mark.parametrize("name", ["api_work", "api_work_hours"])
def test_one_line_costs_as_many_statements_as_twenty(
    name: str, apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            machine.get(name, pk=apprenticeship.pk)
        return len(seen)

    month_signed(mentor, apprenticeship)
    cost()
    few = cost()
    days = [date(2026, 1, 8) + timedelta(days=number) for number in range(20)]
    approved(mentor, *(work_line(apprenticeship, "2", day=day, order=day.day % 4 + 1) for day in days))
    assert cost() == few <= 14


def test_nobody_of_another_sponsor_sees_any_of_it(apprenticeship: Apprenticeship, outsider: User) -> None:
    asker = Asker(outsider)
    assert [asker.get(name, pk=apprenticeship.pk).status for name in ("api_work", "api_work_hours")] == [404, 404]


def test_a_month_page_is_ordered_by_its_month(
    apprenticeship: Apprenticeship, mentor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.jobs.current_app.send_task", lambda *_args, **_kwargs: None)
    asker = Asker(mentor)
    wanted = {"kind": "month_page", "month": "2026-02"}
    ordered = asker.post("api_documents", wanted, pk=apprenticeship.pk).json["document"]
    assert (ordered["kind"], ordered["month"]) == ("month_page", "2026-02")
    for number, wrong in enumerate(({"kind": "month_page"}, {"month": "2026-02"}, {**wanted, "month": "2031-01"})):
        refused = asker.post("api_documents", wrong, key=f"wrong-{number}", pk=apprenticeship.pk)
        assert (refused.status, refused.pointers) == (400, ["#/month"])
    transcript = asker.post("api_documents", {"kind": "transcript"}, key="t", pk=apprenticeship.pk)
    assert transcript.json["document"]["month"] is None
