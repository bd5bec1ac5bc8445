"""Programs and their Terms: transcribed as a draft, put in force, frozen by use; a change is the next number."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.demands import AdditionsInvalid
from apprenticeship.drafting import (
    Basics,
    TermsInvalid,
    TermsSettled,
    change_basics,
    draft_terms,
    put_in_force,
    set_additions,
    set_limits,
    set_wage_steps,
)
from apprenticeship.limits import LimitsInvalid
from apprenticeship.models import Apprenticeship, Program, Terms
from apprenticeship.programs import ProgramInvalid, ProgramSaid, add_program, change_program
from apprenticeship.terms_shown import differences, probation_is_too_long, sets_shown
from apprenticeship.wages import WageStepsInvalid
from competencies.models import SkillSet, StandardVersion
from tests.cast import make_apprenticeship, viewer_for

STEPS = [{"label": "Start", "percent": "50", "due": {"months": 0}}]


def acting(by: User, key: str = "") -> dict[str, Any]:
    return {"viewer": viewer_for(by), "key": key or str(uuid.uuid4())}


def basics(version: StandardVersion, **said: Any) -> Basics:
    return replace(Basics(version, date(2026, 3, 2), term_months=24, probation_months=6), **said)


@pytest.fixture
def a_program(sponsor: Sponsor, coordinator: User) -> Program:
    return add_program(**acting(coordinator), sponsor=sponsor, said=ProgramSaid("Technicians", "NYSDOL", "NY-1"))


@pytest.fixture
def draft(a_program: Program, coordinator: User, standard_version: StandardVersion) -> Terms:
    return draft_terms(**acting(coordinator), program=a_program, basics=basics(standard_version))


def first_set(terms: Terms) -> SkillSet:
    return SkillSet.objects.get(version=terms.standard_version_id, order=1)


def test_a_program_is_added_and_corrected_with_a_trace(a_program: Program, coordinator: User) -> None:
    said = ProgramSaid("Compounding Technicians", "NYSDOL", "NY-2")
    for _ in range(2):  # the second time it says nothing new
        changed = change_program(**acting(coordinator), program=a_program, said=said)
    assert (changed.title, changed.registration_number) == ("Compounding Technicians", "NY-2")
    traces = AuditEvent.objects.filter(subject=f"program:{a_program.pk}").order_by("pk").values_list("kind", "data")
    assert sorted(traces) == [("program_added", {}), ("program_changed", {"changed": ["title", "registration_number"]})]


@pytest.mark.parametrize("title", [" ", "x" * 201, "nul\x00", "Technicians"])
def test_a_title_that_is_missing_taken_or_too_long_is_refused(
    title: str, a_program: Program, coordinator: User, sponsor: Sponsor
) -> None:
    with pytest.raises(ProgramInvalid) as refused:
        add_program(**acting(coordinator), sponsor=sponsor, said=ProgramSaid(title))
    assert refused.value.field == "title"
    assert Program.objects.count() == 1


def test_a_draft_is_transcribed_part_by_part_and_put_in_force(draft: Terms, coordinator: User) -> None:
    added = {"1.1": {"evidence": True, "procedure": {"number": "SOP-12", "version": "3"}}, "1.2": {}}
    set_additions(**acting(coordinator), terms=draft, skill_set=first_set(draft), additions=added)
    set_limits(**acting(coordinator), terms=draft, limits={"late_after_days": 3})
    set_wage_steps(**acting(coordinator), terms=draft, steps=STEPS)
    hours = basics(draft.standard_version, instruction_hours_per_year=Decimal(144))
    change_basics(**acting(coordinator), terms=draft, basics=hours)
    done = put_in_force(**acting(coordinator), terms=draft)
    assert (done.number, done.is_draft, done.put_in_force_by) == (1, False, coordinator)
    assert done.additions == {"1.1": added["1.1"]}
    assert (done.signing_limits, done.wage_steps, done.instruction_hours_per_year) == (
        {"late_after_days": 3},
        STEPS,
        Decimal(144),
    )
    line = sets_shown(done)[0].lines[0]
    assert line.added == ["evidence of the work", "procedure SOP-12 v3"]


def test_the_next_terms_begin_with_the_last_and_show_what_differs(draft: Terms, coordinator: User) -> None:
    set_additions(**acting(coordinator), terms=draft, skill_set=first_set(draft), additions={"1.1": {"evidence": True}})
    set_wage_steps(**acting(coordinator), terms=draft, steps=STEPS)
    put_in_force(**acting(coordinator), terms=draft)
    longer = basics(draft.standard_version, term_months=36)
    following = draft_terms(**acting(coordinator), program=draft.program, basics=longer)
    first = Terms.objects.get(pk=draft.pk)
    assert (following.number, following.additions, following.wage_steps) == (2, {"1.1": {"evidence": True}}, STEPS)
    (one,) = differences(first, following)
    assert (one.what, one.before, one.now) == ("Expected length", "24 months", "36 months")


def test_terms_in_force_change_no_more_and_go_back_only_while_unused(
    draft: Terms, coordinator: User, apprentice: User
) -> None:
    put_in_force(**acting(coordinator), terms=draft)
    with pytest.raises(TermsSettled):
        set_wage_steps(**acting(coordinator), terms=draft, steps=STEPS)
    assert put_in_force(**acting(coordinator), terms=draft, in_force=False).is_draft
    put_in_force(**acting(coordinator), terms=draft)
    make_apprenticeship(apprentice, Terms.objects.get(pk=draft.pk))
    with pytest.raises(TermsSettled):
        put_in_force(**acting(coordinator), terms=draft, in_force=False)


def test_earlier_terms_do_not_go_back_behind_later_ones_and_one_draft_is_enough(
    draft: Terms, coordinator: User
) -> None:
    with pytest.raises(TermsSettled):
        draft_terms(**acting(coordinator), program=draft.program, basics=basics(draft.standard_version))
    put_in_force(**acting(coordinator), terms=draft)
    draft_terms(**acting(coordinator), program=draft.program, basics=basics(draft.standard_version))
    with pytest.raises(TermsSettled):
        put_in_force(**acting(coordinator), terms=draft, in_force=False)
    assert [one.is_draft for one in Terms.objects.order_by("number")] == [False, True]


def test_the_database_registers_nobody_under_a_draft(
    draft: Terms, apprentice: User, apprenticeship: Apprenticeship
) -> None:
    with pytest.raises(DatabaseError, match="draft"), transaction.atomic():
        make_apprenticeship(apprentice, draft)
    with pytest.raises(DatabaseError, match="draft"), transaction.atomic():
        Apprenticeship.objects.filter(pk=apprenticeship.pk).update(terms=draft)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"term_months": 0}, "term_months"),
        ({"probation_months": 121}, "probation_months"),
        ({"ratio_apprentices": 1}, "ratio_journeyworkers"),
        ({"instruction_hours_per_year": Decimal(2001)}, "instruction_hours_per_year"),
        ({"standard_version": None}, "standard_version"),
    ],
)
def test_numbers_that_no_standards_have_are_refused(
    draft: Terms, coordinator: User, said: dict[str, Any], field: str
) -> None:
    if field == "standard_version":  # a draft of the library cannot be adopted
        said = {
            field: StandardVersion.objects.create(
                standard=draft.standard_version.standard,
                number=99,
                created_at=viewer_for(None).at,
                content_hash="0" * 64,
            )
        }
    with pytest.raises(TermsInvalid) as refused:
        change_basics(**acting(coordinator), terms=draft, basics=basics(draft.standard_version, **said))
    assert refused.value.field == field


def test_what_is_no_addition_limit_or_wage_is_refused_and_nothing_is_kept(draft: Terms, coordinator: User) -> None:
    here = first_set(draft)
    for additions in ({"2.1": {"evidence": True}}, {"1.1": {"evidence": False}}, {"1.1": {"color": True}}):
        with pytest.raises(AdditionsInvalid):
            set_additions(**acting(coordinator), terms=draft, skill_set=here, additions=additions)
    with pytest.raises(LimitsInvalid):
        set_limits(**acting(coordinator), terms=draft, limits={"late_after_days": 367})
    with pytest.raises(WageStepsInvalid):
        set_wage_steps(**acting(coordinator), terms=draft, steps=[{"label": "Start"}])
    kept = Terms.objects.get(pk=draft.pk)
    assert (kept.additions, kept.signing_limits, kept.wage_steps) == ({}, {}, [])


@pytest.mark.parametrize("role", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_only_who_keeps_programs_does_any_of_it(role: str, draft: Terms, request: pytest.FixtureRequest) -> None:
    by, numbers = request.getfixturevalue(role), basics(draft.standard_version)
    acts: list[Callable[[], Any]] = [
        lambda: add_program(**acting(by), sponsor=draft.program.sponsor, said=ProgramSaid("Another")),
        lambda: change_program(**acting(by), program=draft.program, said=ProgramSaid("Another")),
        lambda: draft_terms(**acting(by), program=draft.program, basics=numbers),
        lambda: change_basics(**acting(by), terms=draft, basics=numbers),
        lambda: set_additions(**acting(by), terms=draft, skill_set=first_set(draft), additions={}),
        lambda: set_limits(**acting(by), terms=draft, limits={}),
        lambda: set_wage_steps(**acting(by), terms=draft, steps=[]),
        lambda: put_in_force(**acting(by), terms=draft),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


def test_the_same_key_drafts_once(a_program: Program, coordinator: User, standard_version: StandardVersion) -> None:
    first = draft_terms(**acting(coordinator, "k"), program=a_program, basics=basics(standard_version))
    assert draft_terms(**acting(coordinator, "k"), program=a_program, basics=basics(standard_version)) == first
    with pytest.raises(KeyReused):
        draft_terms(**acting(coordinator, "k"), program=a_program, basics=basics(standard_version, term_months=12))


@pytest.mark.django_db(databases=[])
@pytest.mark.parametrize(
    ("term", "probation", "too_long"),
    [(24, 6, False), (24, 7, True), (60, 12, False), (60, 13, True), (None, 13, True)],
)
def test_a_probation_over_a_quarter_or_a_year_is_warned_about(term: int | None, probation: int, too_long: bool) -> None:
    assert probation_is_too_long(Terms(term_months=term, probation_months=probation)) is too_long
