"""Registering one apprentice: who may, what comes of it, and every reason for which nothing does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import Invitation, Membership, Notice, Role, User
from acts.acting import KeyReused
from acts.models import Act, AuditEvent
from apprenticeship.mentoring import MentoringInvalid
from apprenticeship.models import Apprenticeship, Cohort, Employer, Mentorship, Terms, Worksite
from apprenticeship.registering import AlreadyRegistered, RegistrationInvalid
from tests.cast import NOW, STARTS_ON, TODAY, fresh, make_person, make_terms
from tests.registering.wanting import newcomer, registered, wanted
from tests.telling.delivering import told

TRACK = "Claims Processing Technician"


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_somebody_new_is_invited_and_registered_with_mentors(
    who: str, apprenticeship: Apprenticeship, mentor: User, deputy: User, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    book = registered(by, wanted(apprenticeship, primary=mentor, deputies=(deputy,)))
    assert (book.apprentice.name, book.cohort, book.status) == ("Luis Ortiz", apprenticeship.cohort, "registered")
    assert Invitation.objects.get().email == "luis@example.org"
    assert Membership.objects.get(user=book.apprentice).pending
    roles = Mentorship.objects.filter(apprenticeship=book).values_list("mentor", "role", "since")
    assert set(roles) == {(mentor.pk, "primary", TODAY), (deputy.pk, "deputy", TODAY)}
    assert told()
    assert Notice.objects.filter(person__in=[mentor, deputy], kind="mentoring_begun").count() == 2
    noted = AuditEvent.objects.get(kind="apprentice_registered")
    assert (noted.actor_id, noted.subject) == (by.pk, f"apprenticeship:{book.pk}")


def test_before_the_start_the_mentors_wait_for_it(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    later = TODAY + timedelta(days=10)
    book = registered(coordinator, wanted(apprenticeship, primary=mentor, starts_on=later))
    assert book.mentorships.get().since == later


def test_the_same_key_registers_once(apprenticeship: Apprenticeship, coordinator: User) -> None:
    asked = wanted(apprenticeship)
    assert registered(coordinator, asked, key="k") == registered(coordinator, asked, key="k")
    with pytest.raises(KeyReused):
        registered(coordinator, wanted(apprenticeship, newcomer("Ana Ruiz", "ana@example.org")), key="k")
    assert Apprenticeship.objects.count() == 2


def test_somebody_who_is_there_already_keeps_their_account(apprenticeship: Apprenticeship, coordinator: User) -> None:
    sponsor = apprenticeship.sponsor
    luis = make_person("Luis Ortiz", Role.APPRENTICE, sponsor=sponsor)
    assert registered(coordinator, wanted(apprenticeship)).apprentice == luis
    ana = make_person("Ana Ruiz", Role.APPRENTICE, sponsor=sponsor)
    assert registered(coordinator, wanted(apprenticeship, ana, registration_number="")).apprentice == ana
    assert not Invitation.objects.exists()


def of_others(book: Apprenticeship, others: Any) -> dict[str, Any]:
    return {
        "terms": {"terms": make_terms(others, book.terms.standard_version)},
        "employer": {"employer": Employer.objects.create(sponsor=others, name="Theirs"), "worksite": None},
        "cohort": {"cohort": Cohort.objects.create(sponsor=others, name="Theirs")},
        "worksite": {
            "worksite": Worksite.objects.create(
                employer=Employer.objects.create(sponsor=book.sponsor, name="Beside"), name="Annex"
            )
        },
    }


@pytest.mark.parametrize("field", ["terms", "employer", "cohort", "worksite"])
def test_what_is_not_of_this_sponsor_or_employer_is_refused(
    field: str, apprenticeship: Apprenticeship, coordinator: User, other_sponsor: Any
) -> None:
    facts = of_others(apprenticeship, other_sponsor)[field]
    with pytest.raises(RegistrationInvalid) as refusal:
        registered(coordinator, wanted(apprenticeship, **facts))
    assert field in {one.field for one in refusal.value.problems}
    assert not Act.objects.filter(kind="register_apprentice").exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"role_track": "Welder"}, "role_track"),
        ({"registration_number": "n" * 61}, "registration_number"),
        ({"starts_on": STARTS_ON.replace(year=1026)}, "starts_on"),
        ({"starts_on": TODAY + timedelta(days=400)}, "starts_on"),
    ],
)
def test_facts_that_cannot_be_are_refused(
    facts: dict[str, Any], field: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(RegistrationInvalid) as refusal:
        registered(coordinator, wanted(apprenticeship, **facts))
    assert [one.field for one in refusal.value.problems] == [field]


@pytest.mark.parametrize("table", [Employer, Worksite, Cohort])
def test_what_is_archived_is_refused(table: Any, apprenticeship: Apprenticeship, coordinator: User) -> None:
    table.objects.update(archived_at=NOW)
    with pytest.raises(RegistrationInvalid, match="is archived"):
        registered(coordinator, wanted(fresh(apprenticeship)))


def test_nobody_is_registered_by_a_draft(apprenticeship: Apprenticeship, coordinator: User) -> None:
    old = apprenticeship.terms
    facts = {"program": old.program, "standard_version": old.standard_version, "adopted_on": TODAY}
    draft = Terms.objects.create(number=2, is_draft=True, **facts)
    with pytest.raises(RegistrationInvalid, match="are a draft"):
        registered(coordinator, wanted(apprenticeship, terms=draft))


Facts = Callable[[Any], dict[str, Any]]


@pytest.mark.parametrize(
    "facts",
    [
        lambda cast: {"primary": cast["mentor"], "deputies": (cast["mentor"],)},
        lambda cast: {"deputies": (cast["deputy"], cast["deputy"])},
        lambda cast: {"primary": cast["both"], "who": cast["both"]},
    ],
)
def test_who_cannot_mentor_beside_themselves_is_refused(
    facts: Facts, apprenticeship: Apprenticeship, coordinator: User, mentor: User, deputy: User
) -> None:
    both = make_person("Bo Both", Role.APPRENTICE, Role.MENTOR, sponsor=apprenticeship.sponsor)
    with pytest.raises(RegistrationInvalid):
        registered(coordinator, wanted(apprenticeship, **facts({"mentor": mentor, "deputy": deputy, "both": both})))


def test_nobody_mentors_without_the_role(apprenticeship: Apprenticeship, coordinator: User, instructor: User) -> None:
    with pytest.raises(MentoringInvalid):
        registered(coordinator, wanted(apprenticeship, primary=instructor))
    assert Apprenticeship.objects.count() == 1
    assert not Invitation.objects.exists()


def test_twice_by_the_same_terms_and_a_number_of_another_are_refused(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    registered(coordinator, wanted(apprenticeship))
    with pytest.raises(AlreadyRegistered) as refusal:
        registered(coordinator, wanted(apprenticeship))
    assert "Luis Ortiz is registered with these terms already" in refusal.value.problems[0].message
    with pytest.raises(AlreadyRegistered) as refusal:
        registered(coordinator, wanted(apprenticeship, newcomer("Ana Ruiz", "ana@example.org")))
    assert "Luis Ortiz has this registration number" in refusal.value.problems[0].message
    assert not Invitation.objects.filter(email="ana@example.org").exists()


def test_a_name_that_cannot_be_is_refused_beside_its_field(apprenticeship: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(RegistrationInvalid) as refusal:
        registered(coordinator, wanted(apprenticeship, newcomer("", "not a mail")))
    assert {one.field for one in refusal.value.problems} == {"name", "email"}


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor"])
def test_nobody_else_registers(who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        registered(request.getfixturevalue(who), wanted(apprenticeship))
