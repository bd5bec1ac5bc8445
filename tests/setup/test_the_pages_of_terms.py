"""The pages of programs and Terms: what they show, what they keep of wrong input, and how many queries they take."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, Program, Terms
from competencies.models import SkillSet


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def draft(terms: Terms) -> Terms:
    additions = {"1.1": {"practical_test": True}}
    return Terms.objects.create(
        program=terms.program,
        number=2,
        standard_version=terms.standard_version,
        adopted_on=date(2026, 3, 2),
        additions=additions,
        is_draft=True,
    )


def sent(**said: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), **said}


def words(client: Client, name: str, *args: Any) -> str:
    return " ".join(client.get(reverse(name, args=args)).content.decode().split())


def test_draft_and_used_terms_say_what_they_are(desk: Client, draft: Terms, apprenticeship: Apprenticeship) -> None:
    listed = words(desk, "program", draft.program_id)
    assert "1 apprentice was registered under them, 1 in training" in listed
    assert "Draft the next Terms" not in listed  # one draft at a time
    used, drafted = words(desk, "terms", apprenticeship.terms_id), words(desk, "terms", draft.pk)
    assert ("In use, frozen" in used, "Change the numbers" in used) == (True, False)
    assert ("Nobody is held to it" in drafted, "Change the numbers" in drafted) == (True, True)
    assert "<strong>a hands-on test</strong>" in drafted
    assert "Skill 1.1" in words(desk, "terms_differences", draft.pk)


def test_what_is_added_to_a_set_is_kept_and_wrong_input_stays(desk: Client, draft: Terms) -> None:
    first = SkillSet.objects.get(version=draft.standard_version_id, order=1)
    address = reverse("terms_additions", args=[draft.pk, first.pk])
    wrong = desk.post(address, sent(**{"line-1-version": "3", "line-2-due_again_months": "12"}))
    assert wrong.status_code == 400
    assert "Enter the procedure that this is a version of." in wrong.content.decode()
    assert 'value="12"' in wrong.content.decode()
    right = {"line-1-evidence": "on", "line-1-number": "SOP-12", "line-1-version": "3", "line-2-due_again_months": "12"}
    assert desk.post(address, sent(**right)).status_code == 302
    draft.refresh_from_db()
    procedure = {"number": "SOP-12", "version": "3"}
    assert draft.additions == {"1.1": {"evidence": True, "procedure": procedure}, "1.2": {"due_again_months": 12}}


def test_wage_steps_are_typed_line_by_line_and_each_refusal_stands_beside_its_line(desk: Client, draft: Terms) -> None:
    address = reverse("terms_wages", args=[draft.pk])
    lines = {"step-0-label": "Start", "step-0-wage": "50%", "step-0-needed": "0", "step-0-measure": "months"}
    second = {"step-2-label": "Second year", "step-2-wage": "45", "step-2-needed": "12", "step-2-measure": "months"}
    first = {**sent(kind="percent"), "step-1-measure": "months", **lines}
    wrong = desk.post(address, {**first, **second})
    assert wrong.status_code == 400
    assert "Each step pays more than the one before it." in wrong.content.decode()
    assert 'value="Second year"' in wrong.content.decode()
    right = desk.post(address, {**first, **second, "key": str(uuid.uuid4()), "step-2-wage": "62.5"}, follow=True)
    assert "62.5%" in right.content.decode()
    assert "after 12 months" in right.content.decode()


def test_a_program_is_set_up_from_nothing_to_terms_in_force(desk: Client, terms: Terms) -> None:
    sponsor = terms.program.sponsor_id
    desk.post(reverse("add_program", args=[sponsor]), sent(title="Night shift", registration_number="NY-2"))
    made = Program.objects.get(title="Night shift")
    numbers = {"standard_version": terms.standard_version_id, "adopted_on": "2026-03-02", "term_months": "24"}
    wrong = desk.post(reverse("draft_terms", args=[made.pk]), sent(**numbers, ratio_apprentices="1"))
    assert wrong.status_code == 400
    assert "Enter both numbers of the ratio, or neither." in wrong.content.decode()
    desk.post(reverse("draft_terms", args=[made.pk]), sent(**numbers, ratio_apprentices="1", ratio_journeyworkers="1"))
    first = made.terms.get()
    desk.post(reverse("terms_limits", args=[first.pk]), sent(late_after_days="3"))
    desk.post(reverse("put_terms_in_force", args=[first.pk]), sent(in_force="yes"))
    page = words(desk, "terms", first.pk)
    assert "Put in force by Carol Jones." in page
    assert "1 apprentice to 1 journeyworker" in page
    assert "<strong>3 days</strong>" in page
    late = desk.post(reverse("terms_limits", args=[first.pk]), sent(late_after_days="5"))
    assert late.status_code == 409
    assert "Draft the next ones instead" in late.content.decode()


def test_the_lists_take_the_same_queries_for_one_and_for_many(desk: Client, terms: Terms) -> None:
    sponsor, version = terms.program.sponsor, terms.standard_version
    addresses = [reverse("programs", args=[sponsor.pk]), reverse("program", args=[terms.program_id])]
    counts = []
    desk.get(addresses[0])  # what a process reads once
    for numbers in (range(2, 4), range(4, 12)):
        for number in numbers:
            made = Program.objects.create(sponsor=sponsor, title=str(number))
            for program, its_number in ((made, 1), (terms.program, number)):
                Terms.objects.create(
                    program=program, number=its_number, standard_version=version, adopted_on=date(2026, 3, 2)
                )
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 7


def test_the_list_finds_orders_and_hands_out_programs(
    desk: Client, apprenticeship: Apprenticeship, draft: Terms
) -> None:
    sponsor = draft.program.sponsor
    Program.objects.create(sponsor=sponsor, title="=cmd()", registration_number="NY-2")
    address = reverse("programs", args=[sponsor.pk])
    busy = desk.get(address, {"sort": "apprentices"}).content.decode()
    assert busy.index(f"{draft.program.title}</strong>") < busy.index("=cmd()</strong>")
    found = desk.get(address, {"q": "ny-2"}).content.decode()
    assert ("=cmd()</strong>" in found, draft.program.title in found) == (True, False)
    assert "Try a shorter word" in desk.get(address, {"q": "nowhere"}).content.decode()
    table = desk.get(reverse("programs_csv", args=[sponsor.pk])).content.decode("utf-8-sig")
    assert table.splitlines()[1:] == ["'=cmd(),,NY-2,,,0", f"{draft.program.title},,,1,2,1"]
