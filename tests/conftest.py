"""Fixtures that every test may ask for: the cast, each person made on first use."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from accounts.models import Role, Sponsor, User
from acts.guards import lifted
from acts.models import forget_origin
from apprenticeship.models import Apprenticeship, Cohort, Employer, MentorshipRole, Program, Terms, Worksite
from competencies.models import StandardVersion
from tests import migrated
from tests.cast import (
    STARTS_ON,
    make_apprenticeship,
    make_mentorship,
    make_person,
    make_sponsor,
    make_terms,
)
from tests.library import builtin_standard, remember_builtin


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether the test database is there already, with every migration: SQLite's is a copy of an earlier run's."""
    return migrated.put_back()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            migrated.keep()
        remember_builtin()


@pytest.fixture(scope="session", autouse=True)
def guards_are_lifted_while_tables_are_emptied() -> Iterator[None]:
    """A test with real commits (`transaction=True`, `live_server`) ends with `flush`, which the guards refuse."""
    empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own hook, without stub

    def empty_tables_unguarded(case: TransactionTestCase) -> None:
        with lifted(connection):
            empty_tables(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables_unguarded)
        yield


@pytest.fixture(autouse=True)
def every_test_begins_in_english() -> None:
    """A page asked for in Spanish leaves its language to whatever runs next in the same thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def every_test_is_an_installation_of_its_own() -> None:
    """What the process remembers of the database goes with the database."""
    forget_origin()


@pytest.fixture
def sponsor(db: None) -> Sponsor:
    return make_sponsor()


@pytest.fixture
def other_sponsor(db: None) -> Sponsor:
    return make_sponsor("Lakeside Pharmacy", "lakeside")


@pytest.fixture
def mentor(sponsor: Sponsor) -> User:
    return make_person("Maria Alvarez", Role.MENTOR, sponsor=sponsor)


@pytest.fixture
def deputy(sponsor: Sponsor) -> User:
    return make_person("Dev Patel", Role.MENTOR, sponsor=sponsor)


@pytest.fixture
def coordinator(sponsor: Sponsor) -> User:
    return make_person("Carol Jones", Role.COORDINATOR, sponsor=sponsor)


@pytest.fixture
def administrator(sponsor: Sponsor) -> User:
    return make_person("Ada Brooks", Role.ADMINISTRATOR, sponsor=sponsor)


@pytest.fixture
def instructor(sponsor: Sponsor) -> User:
    return make_person("Ivan Petrov", Role.INSTRUCTOR, sponsor=sponsor)


@pytest.fixture
def apprentice(sponsor: Sponsor) -> User:
    return make_person("Rosa Diaz", Role.APPRENTICE, sponsor=sponsor)


@pytest.fixture
def auditor(sponsor: Sponsor) -> User:
    return make_person("Owen Grant", Role.AUDITOR, sponsor=sponsor)


@pytest.fixture
def outsider(other_sponsor: Sponsor) -> User:
    """A coordinator, of another sponsor."""
    return make_person("Otto Stranger", Role.COORDINATOR, sponsor=other_sponsor)


@pytest.fixture
def published_standard(db: None) -> StandardVersion:
    """The built-in standard of 49 skills, published."""
    return builtin_standard()


@pytest.fixture
def standard_version(published_standard: StandardVersion) -> StandardVersion:
    return published_standard


@pytest.fixture
def terms(sponsor: Sponsor, standard_version: StandardVersion) -> Terms:
    return make_terms(sponsor, standard_version)


@pytest.fixture
def program(terms: Terms) -> Program:
    return terms.program


@pytest.fixture
def cohort(sponsor: Sponsor) -> Cohort:
    return Cohort.objects.create(sponsor=sponsor, name="Winter 2026", starts_on=STARTS_ON)


@pytest.fixture
def apprenticeship(terms: Terms, cohort: Cohort, apprentice: User, mentor: User, deputy: User) -> Apprenticeship:
    """Rosa's book, in the cohort; Maria is her primary mentor and Dev her deputy mentor."""
    book = make_apprenticeship(apprentice, terms)
    book.cohort = cohort
    book.save(update_fields=["cohort"])
    make_mentorship(book, mentor)
    make_mentorship(book, deputy, role=MentorshipRole.DEPUTY)
    return book


@pytest.fixture
def employer(apprenticeship: Apprenticeship) -> Employer:
    return apprenticeship.employer


@pytest.fixture
def worksite(apprenticeship: Apprenticeship) -> Worksite:
    assert apprenticeship.worksite
    return apprenticeship.worksite
