"""Hours on the job on the progress record: by skill set and month, and what only was logged is said apart."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from apprenticeship.models import Apprenticeship, WorkLog
from apprenticeship.work_logging import delete_log
from reports.gathering import gather
from reports.papers import ProgressRecord, frozen, thaw
from tests.cast import NOW, viewer_for
from tests.reports.sample import sample
from tests.working import approved, logged, month_signed, work_line

pytestmark = pytest.mark.django_db


def record_of(book: Apprenticeship) -> ProgressRecord:
    return gather(book.pk, at=NOW + timedelta(days=1), language="en", paper="letter")


def test_approved_hours_stand_by_skill_set_and_month_with_signatures(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    approved(mentor, work_line(apprenticeship, "5", day=date(2026, 1, 30), order=2))
    month_signed(mentor, apprenticeship)
    work = record_of(apprenticeship).work
    assert work
    assert (work.hours, work.required, work.waiting) == ("13", "", "")
    assert [(part.order, part.hours) for part in work.sets[:3]] == [(1, "8"), (2, "5"), (3, "0")]
    assert [(month.month, month.hours, bool(month.signed)) for month in work.months] == [
        ("2026-01", "5", False),
        ("2026-02", "8", True),
    ]
    approved(mentor, work_line(apprenticeship, "1", day=date(2026, 2, 3)))
    changed = record_of(apprenticeship).work
    assert changed
    assert changed.months[1].signed
    assert not changed.months[1].signed.stands


def test_what_only_was_logged_is_said_apart_since_it_was_logged(apprenticeship: Apprenticeship) -> None:
    before = record_of(apprenticeship)
    (log,) = logged(work_line(apprenticeship, "4"), at=NOW)
    record = record_of(apprenticeship)
    assert record.work
    assert (record.work.hours, record.work.waiting, record.work.months) == ("0", "4", ())
    assert record.as_of.startswith("2026-03-02T15:00")
    delete_log(viewer=viewer_for(apprenticeship.apprentice), key="d", log=WorkLog.objects.get(pk=log.pk))
    assert record_of(apprenticeship) == before


@pytest.mark.one_lane("sqlite")
def test_a_record_frozen_before_there_were_such_hours_reads_on() -> None:
    text = frozen(sample())
    assert '"work"' not in text
    assert thaw(text).work is None


def test_the_record_takes_as_many_queries_for_one_month_as_for_many(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            record_of(apprenticeship)
        return len(seen)

    month_signed(mentor, apprenticeship)
    few = queries()
    days = [date(2026, 1, 5) + timedelta(days=number) for number in range(30)]
    approved(mentor, *(work_line(apprenticeship, "2", day=day, order=day.day % 4 + 1) for day in days))
    assert queries() == few
