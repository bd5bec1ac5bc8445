"""A supervisor signs a month of hours: when it may be, what it covers, and who is reminded."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import Notice, Role, Sponsor, User
from accounts.proofs import ProofNeeded
from acts.models import OutboxMessage
from apprenticeship.models import Apprenticeship, MonthSignature
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from apprenticeship.work_months import (
    MonthInvalid,
    MonthNotAsSeen,
    MonthNotReady,
    due_on,
    hours_of_month,
    months_to_sign,
    sign_month,
)
from apprenticeship.work_reminding import remind_of_months
from tests.cast import NOW, fresh, make_apprenticeship, make_mentorship, make_person, viewer_for
from tests.telling.delivering import told
from tests.working import (
    MONTH,
    WORKDAY,
    approved,
    logged,
    month_signed,
    signed_as_it_stands,
    work_line,
    work_taken_back,
)

AFTER = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def open_months(mentor: User) -> list[str]:
    scope = Apprenticeship.objects.mentored_by(viewer_for(mentor))
    return [one.code for one in months_to_sign(scope, viewer=viewer_for(mentor))]


def test_a_month_is_signed_over_the_entries_it_names(apprenticeship: Apprenticeship, mentor: User) -> None:
    approved(mentor, work_line(apprenticeship, "7.5", day=WORKDAY + timedelta(days=1)))
    made = month_signed(mentor, apprenticeship)
    body = read(made.entry)["body"]
    assert (body["month"], body["hours"], body["covers"]) == ("2026-02", "15.5", [1, 2])
    assert not verify_record(fresh(apprenticeship)).findings
    assert open_months(mentor) == []


@pytest.mark.parametrize("who", ["apprentice", "coordinator", "administrator", "auditor", "instructor", "outsider"])
def test_nobody_but_a_mentor_signs(
    who: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    approved(mentor, work_line(apprenticeship))
    with pytest.raises(NotPermitted):
        signed_as_it_stands(request.getfixturevalue(who), apprenticeship)


def test_a_month_that_runs_and_one_without_hours_are_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    with pytest.raises(MonthInvalid):
        signed_as_it_stands(mentor, apprenticeship)
    approved(mentor, work_line(apprenticeship))
    with pytest.raises(MonthInvalid):
        signed_as_it_stands(mentor, apprenticeship, at=datetime(2026, 2, 28, 15, 0, tzinfo=UTC))
    Sponsor.objects.update(signing_policy="every")
    with pytest.raises(ProofNeeded):
        signed_as_it_stands(mentor, apprenticeship)


def test_what_waits_what_was_not_seen_and_what_is_signed_are_refused(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    made = month_signed(mentor, apprenticeship, key="k")
    assert signed_as_it_stands(mentor, apprenticeship, key="k") == made
    with pytest.raises(MonthNotReady):
        signed_as_it_stands(mentor, apprenticeship)
    with pytest.raises(MonthNotAsSeen):
        sign_month(
            viewer=viewer_for(mentor), key="o", apprenticeship=fresh(apprenticeship), month=MONTH, seen=[uuid.uuid4()]
        )
    logged(work_line(apprenticeship, day=date(2026, 2, 3)))
    with pytest.raises(MonthNotReady):
        signed_as_it_stands(mentor, apprenticeship)
    assert MonthSignature.objects.count() == 1


def test_hours_that_come_or_go_later_want_a_new_signature(apprenticeship: Apprenticeship, mentor: User) -> None:
    month_signed(mentor, apprenticeship)
    later = approved(mentor, work_line(apprenticeship, day=date(2026, 2, 3)))
    assert open_months(mentor) == ["2026-02"]
    signed_as_it_stands(mentor, apprenticeship)
    assert open_months(mentor) == []
    work_taken_back(mentor, later)
    assert open_months(mentor) == ["2026-02"]
    signed_as_it_stands(mentor, apprenticeship)
    assert open_months(mentor) == []
    work_taken_back(mentor, hours_of_month(apprenticeship, MONTH))
    assert open_months(mentor) == []


def test_the_day_is_that_of_the_terms(apprenticeship: Apprenticeship) -> None:
    assert due_on(apprenticeship.terms, date(2026, 12, 1)) == date(2027, 1, 5)
    apprenticeship.terms.signing_limits = {"month_due_day": 10}
    assert due_on(apprenticeship.terms, MONTH) == date(2026, 3, 10)


def test_mentors_are_reminded_once_and_coordinators_told_once(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, coordinator: User
) -> None:
    approved(mentor, work_line(apprenticeship))
    assert [remind_of_months(at=at) for at in (NOW, NOW, AFTER, AFTER)] == [1, 0, 1, 0]
    told(AFTER)
    who = Notice.objects.filter(kind__startswith="month_").values_list("kind", "person__username")
    assert sorted(who) == [("month_due", "dev"), ("month_due", "maria"), ("month_late", "carol")]
    signed_as_it_stands(mentor, apprenticeship, at=AFTER)
    told(AFTER)
    over = Notice.objects.filter(kind__startswith="month_", over_at=None)
    assert [notice.kind for notice in over] == ["month_signed"]


def test_a_worker_killed_while_reminding_reminds_again(
    apprenticeship: Apprenticeship, mentor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(mentor, work_line(apprenticeship))
    before = OutboxMessage.objects.count()
    with monkeypatch.context() as killed:
        killed.setattr("apprenticeship.work_reminding.announce", lambda *_args, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            remind_of_months(at=NOW)
    assert (remind_of_months(at=NOW), OutboxMessage.objects.count()) == (1, before + 1)


def test_a_mentor_signs_on_the_page_and_the_coordinator_sees_what_is_late(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, client: Client
) -> None:
    (made,) = approved(mentor, work_line(apprenticeship))
    address = reverse("sign_month", args=[apprenticeship.pk, "2026-02"])
    with time_machine.travel(AFTER, tick=False):
        client.force_login(coordinator)
        assert "1 month of hours on the job was not signed" in client.get(reverse("coordinator_home")).content.decode()
        assert "Rosa Diaz: February 2026" in client.get(reverse("work_waiting")).content.decode()
        client.force_login(mentor)
        assert "Rosa Diaz: sign February 2026" in client.get(reverse("mentor_home")).content.decode()
        assert client.post(address, {"key": str(uuid.uuid4())}).status_code == 400
        assert client.post(address, {"key": str(uuid.uuid4()), "seen": str(uuid.uuid4())}).status_code == 409
        answer = client.post(address, {"key": str(uuid.uuid4()), "seen": str(made.pk)}, follow=True)
    page = answer.content.decode()
    assert "The month is signed." in page
    assert "Maria Alvarez, 8 h, entry 2" in page
    for code in ("2026-13", "0000-01", "9999-12"):
        assert client.get(reverse("sign_month", args=[apprenticeship.pk, code])).status_code == 404


def test_as_many_queries_for_one_late_month_as_for_many(
    apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor
) -> None:
    def queries() -> int:
        scope, viewer = Apprenticeship.objects.filter(sponsor=sponsor), viewer_for(mentor)
        with CaptureQueriesContext(connection) as seen:
            assert months_to_sign(scope, viewer=viewer)
        return len(seen)

    approved(mentor, work_line(apprenticeship))
    few = queries()
    for name in ("Ana", "Ben"):
        book = make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms)
        make_mentorship(book, mentor)
        approved(mentor, work_line(book), work_line(book, day=date(2026, 1, 6)))
    assert queries() == few
