"""Texts that only look like numbers, and zeros with a sign: no page breaks, and every entry agrees with its row."""

import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from tests.instruction.classroom import topic_of
from tests.instruction.earning import earned, exam
from tests.instruction.timetable import planned
from tests.pages.conftest import at_ten_in_the_morning as at_ten_in_the_morning
from tests.working import WORKDAY, logged, work_line

ODD = ("sNaN", "-NaN", "Infinity", "1e999", "1e99999999999", "1e-30", "-0", "0x4", "4\x00", "--1", "")


def test_a_mentors_week_and_a_roll_refuse_what_is_no_number_of_hours(
    client: Client, rosa: Apprenticeship, apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    (log,) = logged(work_line(apprenticeship))
    (one,) = planned(coordinator, [rosa])
    monday = WORKDAY.replace(day=23)
    week = {"week": f"{apprenticeship.pk}_{monday}", f"words-{apprenticeship.pk}_{monday}": "Look again."}
    roll = {"present": str(rosa.pk), "seen": ""}
    for odd in ODD:
        for who, address, form in (
            (mentor, reverse("review_work"), {**week, f"seen-{log.pk}": "1", f"hours-{log.pk}": odd}),
            (mentor, reverse("review_work"), {**week, f"seen-{log.pk}": odd * 5000, f"hours-{log.pk}": "8"}),
            (coordinator, reverse("attendance", args=[one.pk]), {**roll, f"hours_{rosa.pk}_{topic_of(rosa).pk}": odd}),
        ):
            client.force_login(who)
            assert client.post(address, {"key": str(uuid.uuid4()), **form}).status_code in (400, 409), odd


@pytest.mark.parametrize("zero", ["-0", "0E+5", "0.000"])
def test_a_zero_is_written_one_way_however_it_was_typed(
    zero: str, rosa: Apprenticeship, coordinator: User, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    credit = earned(coordinator, rosa, hours=zero, way="transfer")
    test = exam(coordinator, rosa, score=Decimal("4E+1"), pass_mark=Decimal(zero))
    assert read(credit.entry)["body"]["hours"] == "0"
    assert read(test.entry)["body"]["points"] == {"score": "40", "pass_mark": "0"}
    assert verify_record(rosa).findings == ()
