"""A mentor reviews what was logged: approved, changed, sent back, refused, taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from accounts.proofs import ProofNeeded
from apprenticeship.models import Apprenticeship, RecordEntry, WorkHours, WorkLog, WorkLogState
from apprenticeship.record import read
from apprenticeship.signoff import NotQualified
from apprenticeship.verifying import verify_record
from apprenticeship.work_days import WorkConflict, WorkInvalid
from apprenticeship.work_logging import change_log
from apprenticeship.work_review import Decision, review_work
from apprenticeship.work_voiding import WorkAlreadyVoided, WorkVoidInvalid, void_work
from tests.cast import STARTS_ON, fresh, make_apprenticeship, make_mentorship, make_person, viewer_for
from tests.instruction.classroom import attend
from tests.working import WORKDAY, approved, decided, logged, reviewed, work_line, work_taken_back


def test_a_week_of_several_apprentices_is_one_act_of_one_entry_each(
    apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor
) -> None:
    luis = make_apprenticeship(make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms)
    make_mentorship(luis, mentor)
    logs = [*logged(work_line(apprenticeship)), *logged(work_line(luis, "7.5"))]
    made = reviewed(mentor, [decided(log) for log in logs])
    assert [row.hours for row in made] == [Decimal(8), Decimal("7.5")]
    assert len({row.entry.act_id for row in made}) == 1
    body = read(made[1].entry)["body"]
    assert (body["hours"], body["logged"], body["reason"], body["worksite"]["name"]) == (
        "7.5",
        "7.5",
        None,
        "Clean room",
    )
    assert all(not verify_record(fresh(book)).findings for book in (apprenticeship, luis))


def test_hours_are_changed_for_a_reason_that_is_sealed(apprenticeship: Apprenticeship, mentor: User) -> None:
    (log,) = logged(work_line(apprenticeship))
    (made,) = reviewed(mentor, [decided(log, "6.5", "You left at two.")])
    assert (made.hours, made.logged_hours) == (Decimal("6.5"), Decimal(8))
    assert made.reason
    assert made.reason.text == "You left at two."
    assert "You left" not in made.entry.canonical


def test_what_is_sent_back_is_no_entry_and_waits_again_once_changed(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    (log,) = logged(work_line(apprenticeship))
    assert reviewed(mentor, [decided(log, None, "Which clean room?")]) == []
    log.refresh_from_db()
    assert (log.state, RecordEntry.objects.count()) == (WorkLogState.SENT_BACK, 0)
    change_log(viewer=viewer_for(apprenticeship.apprentice), key="c", log=log, line=work_line(apprenticeship, "7"))
    assert reviewed(mentor, [decided(log)])[0].hours == 7


@pytest.mark.parametrize("who", ["apprentice", "coordinator", "administrator", "auditor", "instructor", "outsider"])
def test_only_mentors_approve_and_nobody_for_themselves(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    (log,) = logged(work_line(apprenticeship))
    with pytest.raises(NotPermitted):
        reviewed(request.getfixturevalue(who), [decided(log)])
    assert not WorkHours.objects.exists()


def test_a_mentor_without_qualification_does_not_approve(apprenticeship: Apprenticeship, mentor: User) -> None:
    apprenticeship.mentorships.update(qualification=" ")
    with pytest.raises(NotQualified):
        approved(mentor, work_line(apprenticeship))


def test_the_policy_of_the_sponsor_asks_for_a_proof(apprenticeship: Apprenticeship, mentor: User) -> None:
    Sponsor.objects.update(signing_policy="every")
    with pytest.raises(ProofNeeded):
        approved(mentor, work_line(apprenticeship))
    made = WorkLog.objects.get()
    assert made.state == WorkLogState.WAITING


@pytest.mark.parametrize(
    ("decide", "field"),
    [
        (lambda log: decided(log, "8.1", "x"), "hours"),
        (lambda log: decided(log, "0", "x"), "hours"),
        (lambda log: decided(log, "7"), "words"),
        (lambda log: decided(log, None), "words"),
        (lambda log: decided(log, "7", "x" * 2001), "words"),
        (lambda log: decided(log, "7", "a\x00b"), "words"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    decide: Callable[[WorkLog], Decision], field: str, apprenticeship: Apprenticeship, mentor: User
) -> None:
    (log,) = logged(work_line(apprenticeship))
    with pytest.raises(WorkInvalid) as error:
        reviewed(mentor, [decide(log)])
    assert [problem.field for problem in error.value.problems] == [field]
    assert not WorkHours.objects.exists()


def test_nothing_and_the_same_row_twice_are_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    (log,) = logged(work_line(apprenticeship))
    for decisions in ([], [decided(log), decided(log)]):
        with pytest.raises(WorkInvalid):
            reviewed(mentor, decisions)


def test_what_was_changed_or_answered_meanwhile_is_not_approved(apprenticeship: Apprenticeship, mentor: User) -> None:
    (log, other) = logged(work_line(apprenticeship), work_line(apprenticeship, order=2))
    seen = decided(log)
    change_log(viewer=viewer_for(apprenticeship.apprentice), key="c", log=log, line=work_line(apprenticeship, "12"))
    with pytest.raises(WorkConflict) as error:
        reviewed(mentor, [decided(other), seen])
    assert [(p.line, p.field) for p in error.value.problems] == [(1, "revision")]
    with pytest.raises(WorkConflict):  # the number of now with the facts of before
        reviewed(mentor, [replace(seen, revision=2)])
    approval = decided(log)
    reviewed(mentor, [approval])
    with pytest.raises(WorkConflict):
        reviewed(mentor, [approval])


def test_a_day_is_not_approved_beyond_its_hours(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    logs = logged(work_line(apprenticeship, "12"), work_line(apprenticeship, "8", order=2))
    attend(coordinator, [apprenticeship], hours="6", held_on=WORKDAY)
    with pytest.raises(WorkConflict, match="26 hours"):
        reviewed(mentor, [decided(log) for log in logs])
    assert reviewed(mentor, [decided(logs[0])])


def test_the_same_key_approves_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    (log,) = logged(work_line(apprenticeship))
    decision = decided(log)
    assert reviewed(mentor, [decision], key="k") == reviewed(mentor, [decision], key="k")
    assert WorkHours.objects.count() == 1


@pytest.mark.parametrize("who", ["mentor", "deputy", "coordinator"])
def test_hours_are_taken_back_for_a_reason(
    who: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    made = approved(mentor, work_line(apprenticeship))
    work_taken_back(request.getfixturevalue(who), made)
    assert not WorkHours.objects.standing().exists()
    assert WorkHours.objects.count() == 1
    assert not verify_record(fresh(apprenticeship)).findings
    with pytest.raises(WorkAlreadyVoided):
        work_taken_back(mentor, made)


@pytest.mark.parametrize("who", ["apprentice", "administrator", "auditor", "instructor", "outsider"])
def test_nobody_else_takes_hours_back(
    who: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    made = approved(mentor, work_line(apprenticeship))
    with pytest.raises(NotPermitted):
        work_taken_back(request.getfixturevalue(who), made)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\x00b"])
def test_a_reason_that_cannot_be_is_refused(reason: str, apprenticeship: Apprenticeship, mentor: User) -> None:
    made = approved(mentor, work_line(apprenticeship))
    with pytest.raises(WorkVoidInvalid):
        work_taken_back(mentor, made, reason)
    with pytest.raises(WorkVoidInvalid):
        void_work(viewer=viewer_for(mentor), key="k", hours=[], reason="x")


def test_as_many_queries_for_two_rows_as_for_thirty(apprenticeship: Apprenticeship, mentor: User) -> None:
    def queries(days: int, since: int) -> int:
        logs = logged(*(work_line(apprenticeship, day=STARTS_ON + timedelta(days=since + n)) for n in range(days)))
        decisions = [decided(log) for log in logs]
        with CaptureQueriesContext(connection) as seen:
            review_work(viewer=viewer_for(mentor), key=str(since), decisions=decisions)
        return len(seen)

    assert queries(2, 0) == queries(30, 5)
