"""Fixtures that every test may ask for: the cast, each person made on first use."""

import pytest

from accounts.models import Role, Sponsor, User
from competencies.builtin import load_builtin
from competencies.models import StandardVersion
from tests.cast import make_person, make_sponsor, viewer_for


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
    return load_builtin(viewer=viewer_for(None))
