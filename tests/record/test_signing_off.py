"""A mentor signs a skill: one entry, one signature, one thing that stands."""

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, SkillStanding
from apprenticeship.record import read
from apprenticeship.signoff import sign_off
from tests.cast import line, viewer_for

pytestmark = pytest.mark.django_db


def test_a_mentor_signs_a_skill_and_it_stands(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = sign_off(viewer=viewer_for(mentor), key="k", line=line(apprenticeship, "1.1"))
    standing = SkillStanding.objects.get(apprenticeship=apprenticeship, skill=made.skill)
    assert (standing.sign_off, standing.attained, standing.revocation) == (made, True, None)
    assert (made.entry.sequence, made.entry.kind, read(made.entry)["by"]["name"]) == (1, "sign_off", "Maria Alvarez")


@pytest.mark.django_db(transaction=True)
def test_real_commits_leave_an_empty_guarded_database_behind(apprenticeship: Apprenticeship, mentor: User) -> None:
    sign_off(viewer=viewer_for(mentor), key="k", line=line(apprenticeship, "1.1"))
    assert SkillStanding.objects.count() == 1
