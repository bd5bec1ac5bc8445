"""A cohort of two whose standard has one course of 44 hours and eight topics."""

import pytest

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import StandardVersion
from tests.cast import make_person
from tests.instruction.classroom import enroll


@pytest.fixture
def cohort(sponsor: Sponsor) -> Cohort:
    return Cohort.objects.create(sponsor=sponsor, name="Fall 2025")


@pytest.fixture
def rosa(apprentice: User, cohort: Cohort, published_standard: StandardVersion) -> Apprenticeship:
    return enroll(apprentice, cohort=cohort, version=published_standard)


@pytest.fixture
def luis(cohort: Cohort, published_standard: StandardVersion) -> Apprenticeship:
    person = make_person("Luis Ortiz", Role.APPRENTICE, sponsor=cohort.sponsor)
    return enroll(person, cohort=cohort, version=published_standard)
