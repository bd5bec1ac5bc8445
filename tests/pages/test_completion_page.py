"""The completion of a record: everybody who reads it sees what is missing; whoever may act finds the act there."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from apprenticeship.completing import prepare_completion
from apprenticeship.models import Apprenticeship, CompletionPreparation, RequirementDecision
from apprenticeship.signoff import sign_off_many
from competencies.models import Skill
from tests.cast import fresh, line, viewer_for
from tests.record.every_kind import decided_by_letter, status_changed, verified_set

At = Callable[[User], Client]
LETTER = {
    "grounds": "excused",
    "document": "Letter 2026-117",
    "decided_by": "Ann Reed, Department of Labor",
    "decided_on": "2026-02-20",
}


def address(book: Apprenticeship, rest: str = "") -> str:
    return f"/records/{book.pk}/completion/{rest}"


def key() -> dict[str, str]:
    return {"key": str(uuid.uuid4())}


def test_what_is_missing_is_said_to_everybody_who_reads(
    apprenticeship: Apprenticeship, coordinator: User, apprentice: User, auditor: User, at: At
) -> None:
    for reader in (coordinator, apprentice, auditor):
        page = at(reader).get(address(apprenticeship)).content.decode()
        assert "1 of 4 requirements are met" in page
        assert "49 skills are missing: 1.1, 1.2" in page
        assert ("/classes/decide/" in page) is (reader == coordinator)
        assert "Prepare the completion" not in page


def test_a_requirement_is_decided_on_its_form_and_shown_as_decided(
    apprenticeship: Apprenticeship, coordinator: User, auditor: User, at: At
) -> None:
    form = at(coordinator).get(address(apprenticeship, "classes/decide/")).content.decode()
    assert ("Your signature will say" in form, 'value="left_blank"' in form) == (True, False)
    done = at(coordinator).post(address(apprenticeship, "classes/decide/"), LETTER | key(), follow=True)
    assert "The decision is in the record." in done.content.decode()
    page = at(auditor).get(address(apprenticeship)).content.decode()
    assert "By decision, not measured. The registration agency excused it: Letter 2026-117, Ann Reed" in page


@pytest.mark.parametrize("wrong", [{"grounds": ""}, {"document": ""}, {"decided_on": ""}, {"decided_on": "2026-03-09"}])
def test_what_is_refused_keeps_what_was_typed(
    wrong: dict[str, Any], apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    response = at(coordinator).post(address(apprenticeship, "classes/decide/"), LETTER | key() | wrong)
    page = response.content.decode()
    assert (response.status_code, RequirementDecision.objects.exists()) == (400, False)
    assert 'value="Ann Reed, Department of Labor"' in page


@pytest.mark.parametrize("code", ["skills", "verified", "nothing"])
def test_what_cannot_be_decided_has_no_form(
    code: str, apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    assert at(coordinator).get(address(apprenticeship, f"{code}/decide/")).status_code == 404


def test_preparing_too_early_says_what_is_missing(apprenticeship: Apprenticeship, coordinator: User, at: At) -> None:
    page = at(coordinator).post(address(apprenticeship, "prepare/"), key(), follow=True).content.decode()
    assert "Nothing was prepared: not every requirement is met." in page
    assert not CompletionPreparation.objects.exists()


def test_one_prepares_and_an_administrator_signs(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, administrator: User, at: At
) -> None:
    skills = Skill.objects.filter(skill_set__version=apprenticeship.terms.standard_version_id)
    lines = [line(fresh(apprenticeship), code) for code in skills.values_list("code", flat=True)]
    sign_off_many(viewer=viewer_for(mentor), key="all", lines=lines)
    verified_set(apprenticeship, coordinator, None)
    decided_by_letter(fresh(apprenticeship), coordinator)
    page = at(coordinator).post(address(apprenticeship, "prepare/"), key(), follow=True).content.decode()
    assert "Prepared by Carol Jones" in page
    assert ("An administrator signs it." in page, "?step=complete" in page) == (True, False)
    sheet = f"/records/{apprenticeship.pk}/status/?step=complete"
    assert at(coordinator).get(sheet).status_code == 403
    assert "I have checked the whole record and verify" in at(administrator).get(sheet).content.decode()
    sent = {**key(), "seen": "registered", "on": "2026-03-02", "reason": ""}
    page = at(administrator).post(sheet, sent, follow=True).content.decode()
    assert "The apprenticeship of Rosa Diaz was completed on Mar 2, 2026." in page
    assert "This apprenticeship is completed." in at(mentor).get(address(apprenticeship)).content.decode()


def test_who_prepared_reads_that_another_signs(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, at: At, settings: Any
) -> None:
    settings.COMPLETION_REQUIREMENTS = ["apprenticeship.asked_of_skills.no_open_disagreement"]
    sheet = f"/records/{apprenticeship.pk}/status/?step=complete"
    sent = {"seen": "registered", "on": "2026-03-02", "reason": ""}
    assert "Nobody has prepared the completion yet." in at(administrator).post(sheet, sent | key()).content.decode()
    prepare_completion(viewer=viewer_for(administrator), key="k", apprenticeship=fresh(apprenticeship))
    refused = at(administrator).post(sheet, sent | key()).content.decode()
    assert "You prepared the completion yourself" in refused
    assert "another administrator signs" in at(administrator).get(address(apprenticeship)).content.decode()
    status_changed(fresh(apprenticeship), coordinator, "probation")
    page = at(coordinator).get(address(apprenticeship)).content.decode()
    assert "The status is: In probation. Once it is active it can be completed." in page
