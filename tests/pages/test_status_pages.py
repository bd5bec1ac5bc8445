"""Whoever runs the program changes the status on two plain pages; all who read the record see it and its history."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff, StatusChange, Terms
from tests.cast import STARTS_ON, TODAY, asked, fresh, level_of, skill_of
from tests.record.every_kind import status_changed

At = Callable[[User], Client]
SINCE = "The apprenticeship of Rosa Diaz has been suspended since Mar 2, 2026."


def address(book: Apprenticeship, step: str = "") -> str:
    return f"/records/{book.pk}/status/" + (f"?step={step}" if step else "")


def filled(seen: str, *, reason: str = "", on: str = TODAY.isoformat(), **beside: str) -> dict[str, str]:
    return {"key": str(uuid.uuid4()), "seen": seen, "on": on, "reason": reason, **beside}


def suspended(book: Apprenticeship, by: User) -> Apprenticeship:
    status_changed(fresh(book), by, "activate", on=STARTS_ON)
    status_changed(fresh(book), by, "suspend", reason="On leave.")
    return fresh(book)


def test_only_the_steps_that_lead_on_are_offered(apprenticeship: Apprenticeship, coordinator: User, at: At) -> None:
    page = at(coordinator).get(address(apprenticeship)).content.decode()
    offered = [step for step in ("probation", "activate", "suspend", "resume", "cancel") if f"?step={step}" in page]
    assert offered == ["probation", "activate", "cancel"]
    assert "?step=probation" in at(coordinator).get(address(apprenticeship, "resume")).content.decode()


def test_a_press_suspends_and_everybody_reads_it_but_not_the_reason(
    apprenticeship: Apprenticeship, coordinator: User, apprentice: User, auditor: User, at: At
) -> None:
    status_changed(fresh(apprenticeship), coordinator, "activate", on=STARTS_ON)
    form = at(coordinator).get(address(apprenticeship, "suspend")).content.decode()
    assert "I suspend this apprenticeship from the date given" in form
    sent = filled("active", reason="On leave.")
    page = at(coordinator).post(address(apprenticeship, "suspend"), sent, follow=True).content.decode()
    assert SINCE in page
    assert "Status: Suspended." in page
    for reader, words in ((apprentice, "On leave."), (auditor, "sealed; your role does not read it")):
        page = at(reader).get(f"/records/{apprenticeship.pk}/").content.decode()
        assert SINCE in page
        assert words in page
        assert "Change status" not in page


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"cancelled_by": ""}, {"on": "2026-03-09"}, {"on": ""}, {"on": "2026-01-04"}]
)
def test_what_is_refused_keeps_what_was_typed(
    wrong: dict[str, str], apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    sent = filled("registered", reason="Moved away.", cancelled_by="apprentice") | wrong
    response = at(coordinator).post(address(apprenticeship, "cancel"), sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert sent["reason"] in page
    assert f'value="{sent["on"]}"' in page or not sent["on"]
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize("step", ["cancel", "probation"])
def test_an_older_page_says_what_stands_and_keeps_what_was_typed(
    step: str, apprenticeship: Apprenticeship, coordinator: User, administrator: User, at: At
) -> None:
    status_changed(fresh(apprenticeship), administrator, "activate")
    response = at(coordinator).post(
        address(apprenticeship, step), filled("registered", reason="Moved away.", cancelled_by="apprentice")
    )
    page = response.content.decode()
    assert (response.status_code, StatusChange.objects.count()) == (409, 1)
    assert "The status is now: Active." in page
    assert "Moved away." in page


def test_the_sheet_of_a_mentor_says_it_and_keeps_what_was_typed(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    skill = skill_of(suspended(apprenticeship, coordinator), "1.2")
    sent = {
        "key": str(uuid.uuid4()),
        "level": str(level_of(skill).pk),
        "method": "observed",
        "day": TODAY.isoformat(),
        "note": "Well done.",
    }
    response = at(mentor).post(reverse("sign_off", args=[apprenticeship.pk, skill.pk]), sent)
    page = response.content.decode()
    assert (response.status_code, SignOff.objects.count()) == (400, 0)
    assert SINCE in page
    assert "Well done." in page


def test_the_sheet_of_many_names_the_line_and_keeps_what_was_typed(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    skill = skill_of(suspended(apprenticeship, coordinator), "1.2")
    sent = {
        "key": str(uuid.uuid4()),
        "line": f"{skill.pk}:",
        f"level-{skill.scale_id}": str(level_of(skill).pk),
        "method": "observed",
        "day": TODAY.isoformat(),
        "note": "Well done.",
    }
    response = at(mentor).post(f"/records/{apprenticeship.pk}/sign-off/?skill={skill.pk}", sent)
    page = response.content.decode()
    assert (response.status_code, SignOff.objects.count()) == (400, 0)
    assert SINCE in page
    assert "Well done." in page


def test_asking_says_it_and_keeps_what_was_typed(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User, at: At
) -> None:
    skill = skill_of(suspended(apprenticeship, coordinator), "1.2")
    sent = {
        "key": str(uuid.uuid4()),
        "skills": str(skill.pk),
        "day": TODAY.isoformat(),
        "done_on": TODAY.isoformat(),
        "comment": "Done twice.",
    }
    response = at(apprentice).post(f"/records/{apprenticeship.pk}/ask/?skill={skill.pk}", sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert SINCE in page
    assert "Done twice." in page


def test_sending_back_says_it_and_keeps_what_was_typed(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    (row,) = asked(apprenticeship, "1.2")
    suspended(apprenticeship, coordinator)
    sent = {"key": str(uuid.uuid4()), "asked": str(row.pk), "comment": "Show me the log."}
    page = at(mentor).post(f"/requests/{row.request_id}/send-back/", sent).content.decode()
    assert SINCE in page
    assert "Show me the log." in page


def test_nothing_that_would_be_refused_is_offered(
    apprenticeship: Apprenticeship, mentor: User, apprentice: User, coordinator: User, at: At
) -> None:
    skill = skill_of(suspended(apprenticeship, coordinator), "1.2")
    for reader in (mentor, apprentice, coordinator):
        for where in (f"/records/{apprenticeship.pk}/", f"/records/{apprenticeship.pk}/skills/{skill.pk}/"):
            page = at(reader).get(where).content.decode()
            assert not [one for one in ("/sign-off/", "/ask/", "/credit/", "/tests/") if one in page], where


def test_the_record_tells_the_time_of_the_program_without_its_breaks(
    apprenticeship: Apprenticeship, coordinator: User, auditor: User, at: At
) -> None:
    assert "Program time" not in at(auditor).get(f"/records/{apprenticeship.pk}/").content.decode()
    status_changed(fresh(apprenticeship), coordinator, "activate", on=STARTS_ON)
    status_changed(fresh(apprenticeship), coordinator, "suspend", on=STARTS_ON + timedelta(days=10), reason="On leave.")
    status_changed(fresh(apprenticeship), coordinator, "resume", on=STARTS_ON + timedelta(days=30))
    assert "37 days, without 20 days of breaks" in at(auditor).get(f"/records/{apprenticeship.pk}/").content.decode()


def test_a_cancellation_for_cause_is_told_with_its_days(
    apprenticeship: Apprenticeship, coordinator: User, auditor: User, at: At
) -> None:
    status_changed(fresh(apprenticeship), coordinator, "activate", on=STARTS_ON)
    form = at(coordinator).get(address(apprenticeship, "cancel")).content.decode()
    assert "The record says that this is not in probation" in form
    assert "within 45 days" in form
    days = {"noticed_on": "2026-02-01", "correct_by": "2026-02-15"}
    sent = filled("active", reason="Twice without gloves.", cancelled_by="sponsor", **days)
    refused = at(coordinator).post(address(apprenticeship, "cancel"), sent | {"noticed_on": ""})
    assert "Enter the day on which the apprentice was given notice" in refused.content.decode()
    assert 'value="2026-02-15"' in refused.content.decode()
    at(coordinator).post(address(apprenticeship, "cancel"), sent)
    page = at(auditor).get(f"/records/{apprenticeship.pk}/").content.decode()
    assert "The sponsor, not in probation; notice of the cause on Feb 1, 2026, chance to correct it" in page
    assert "Agency not told yet; due by Apr 16, 2026" in page


def test_a_transfer_names_where_to(apprenticeship: Apprenticeship, coordinator: User, at: At) -> None:
    refused = at(coordinator).post(address(apprenticeship, "transfer"), filled("registered"))
    assert "Name the program and its sponsor." in refused.content.decode()
    sent = filled("registered", transferred_to="Compounding at Lakeside")
    page = at(coordinator).post(address(apprenticeship, "transfer"), sent, follow=True).content.decode()
    assert "The apprenticeship of Rosa Diaz went on in another program on Mar 2, 2026." in page
    assert "To: Compounding at Lakeside" in page


def test_whoever_runs_the_program_is_warned_before_a_probation_ends(
    terms: Terms, coordinator: User, apprentice: User, request: pytest.FixtureRequest, at: At
) -> None:
    Terms.objects.filter(pk=terms.pk).update(term_months=12, probation_months=2)
    apprenticeship: Apprenticeship = request.getfixturevalue("apprenticeship")
    status_changed(fresh(apprenticeship), coordinator, "probation", on=STARTS_ON)
    for reader, is_warned in ((coordinator, True), (apprentice, False)):
        page = at(reader).get(f"/records/{apprenticeship.pk}/").content.decode()
        assert "until Mar 5, 2026 by the terms; Apr 6, 2026 at the latest" in page
        assert ("The probation ends in 3 days, on Mar 5, 2026." in page) is is_warned
