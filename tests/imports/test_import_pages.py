"""The pages of files that are brought in: the template, the refusals, the rows with their filter, and the press."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import FileImport, SigningPolicy, Sponsor, User
from acts.acting import new_key
from acts.tables import rows_of
from apprenticeship.models import Apprenticeship, WorkLog
from instruction.import_kinds import ATTENDANCE, TIMESHEET
from instruction.models import Attendance
from tests.cast import NOW, PASSWORD
from tests.imports.bringing import ROLL, TIMES, checked, lines
from tests.instruction.timetable import planned

GOOD = "2026-02-25,rosa,Clean room,1,8"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.middleware.timezone.now", lambda: NOW)


def page_of(client: Client, brought: FileImport, query: str = "") -> str:
    return client.get(reverse("hours_import", args=[brought.pk]) + query).content.decode()


def pressed(client: Client, brought: FileImport, seen: str = "", **typed: str) -> str:
    seen = seen or (brought.checked_at.isoformat() if brought.checked_at else "")
    sent = {"key": new_key(), "seen": seen, **typed}
    return client.post(reverse("hours_import", args=[brought.pk]), sent, follow=True).content.decode()


@pytest.mark.parametrize("kind", ["attendance", "timesheet"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_holds_the_headings_that_are_taken(
    kind: str, ending: str, client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    answer = client.get(reverse("import_template", args=[kind, ending]))
    (header,) = rows_of(answer.content, most=1)
    assert [cell.text for cell in header.cells][-1] == "Hours"
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(("data", "why"), [(b"", "The file is empty."), (b"\xd0\xcf\x11\xe0", "an old kind")])
def test_a_file_that_is_refused_comes_back_with_the_reason(
    data: bytes, why: str, client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    sent: dict[str, Any] = {"key": new_key(), "file": SimpleUploadedFile("x.csv", data)}
    answer = client.post(reverse("bring_in_timesheets"), sent)
    assert answer.status_code == 400
    assert why in answer.content.decode()


def test_a_file_is_kept_under_a_plain_name_and_waits(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    file = SimpleUploadedFile("../<b>March.exe", lines(TIMES, GOOD))
    shown = client.post(reverse("bring_in_timesheets"), {"key": new_key(), "file": file}, follow=True)
    assert "The file is waiting in line" in shown.content.decode()
    assert FileImport.objects.get().name == "<b>March.csv"
    assert "<b>March" not in shown.content.decode()


def test_rows_that_are_refused_can_be_looked_at_alone(
    client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    brought = checked(coordinator, TIMESHEET, lines(TIMES, GOOD, "2026-02-26,rosa,Clean room,1,x<i>"))
    client.force_login(coordinator)
    text = page_of(client, brought, "?show=refused")
    assert "Row 3" in text
    assert "Row 2" not in text
    assert "“x&lt;i&gt;” is no number of hours" in text
    assert "Log 1 row" not in text


def test_pressing_logs_all_and_what_is_stale_is_checked_again(
    client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    brought = checked(coordinator, TIMESHEET, lines(TIMES, GOOD))
    client.force_login(coordinator)
    assert "Log 1 row" in page_of(client, brought)
    assert "the file is checked again" in pressed(client, brought, seen="2026-01-01")
    brought = checked(coordinator, TIMESHEET, lines(TIMES, GOOD))
    assert "1 row is logged. It waits for a mentor to approve it." in pressed(client, brought)
    assert "This file was recorded before" in pressed(client, brought)
    assert WorkLog.objects.count() == 1


def test_attendance_asks_for_the_password_beside_its_button(
    client: Client, rosa: Apprenticeship, coordinator: User
) -> None:
    Sponsor.objects.update(signing_policy=SigningPolicy.REAUTHENTICATE)
    planned(coordinator, [rosa])
    brought = checked(coordinator, ATTENDANCE, lines(ROLL, "2026-02-25,,First Aid/CPR,rosa,4"))
    client.force_login(coordinator)
    assert "Your password" in page_of(client, brought)
    assert "Enter your password." in pressed(client, brought)
    assert "1 row is recorded." in pressed(client, brought, password=PASSWORD)
    assert Attendance.objects.get().entry.act.authentication == "reauthenticated"


def test_an_instructor_presses_for_their_own_class(
    client: Client, rosa: Apprenticeship, coordinator: User, instructor: User
) -> None:
    planned(coordinator, [rosa], instructor=instructor)
    brought = checked(instructor, ATTENDANCE, lines(ROLL, "2026-02-25,,First Aid/CPR,rosa,4"))
    client.force_login(instructor)
    assert "1 row is recorded." in pressed(client, brought)
    assert Attendance.objects.count() == 1


def test_a_page_of_rows_asks_as_much_for_many_as_for_one(
    client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    client.force_login(coordinator)
    asked = []
    for rows in ([GOOD], [f"2026-02-{day},rosa,Clean room,1,8" for day in range(10, 28)]):
        brought = checked(coordinator, TIMESHEET, lines(TIMES, *rows))
        with CaptureQueriesContext(connection) as queries:
            page_of(client, brought)
        asked.append(len(queries))
    assert asked[0] == asked[1]
