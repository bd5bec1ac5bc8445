"""What lacks the apprentice's OK waits and does not count: in progress, in the grid and on paper."""

import pytest
from django.template.loader import render_to_string

from accounts.models import User
from accounts.states import State
from apprenticeship.models import Apprenticeship, Cohort
from reports.cohorts import cohort_grid
from reports.gathering import gather
from reports.papers import SkillLine
from reports.progress import SkillProgress, progress_of
from reports.shown import next_up
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.cast import NOW, fresh, signed, skill_of

pytestmark = pytest.mark.django_db


def progress_on(book: Apprenticeship, code: str = "1.1") -> SkillProgress:
    found = progress_of(fresh(book), at=NOW).skill(skill_of(book, code).pk)
    assert found
    return found


def printed(book: Apprenticeship) -> tuple[SkillLine, str]:
    """The first skill as frozen for the paper, and its row as printed."""
    record = gather(book.pk, at=NOW, language="en", paper="letter")
    line = record.sets[0].skills[0]
    return line, " ".join(render_to_string("documents/paper/skill.html", {"skill": line}).split())


def test_it_waits_until_the_apprentice_agrees(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    skill = progress_on(apprenticeship)
    assert (skill.state, skill.attained, skill.waits_for_ok, skill.said) == (State.WAITING, False, True, None)
    assert progress_of(fresh(apprenticeship), at=NOW).counts[State.WAITING] == 1
    disagreed(made)
    skill = progress_on(apprenticeship)
    assert skill.said
    assert (skill.state, skill.said.agrees, skill.said.is_open) == (State.WAITING, False, True)
    agreed(made)
    skill = progress_on(apprenticeship)
    assert (skill.state, skill.attained, skill.waits_for_ok) == (State.SIGNED_OFF, True, False)


def test_a_parent_waits_with_its_step(apprenticeship: Apprenticeship, mentor: User) -> None:
    demands_ok(apprenticeship, "4.4")
    for number in (2, 3, 4, 5, 6, 7, 8, 1):
        signed(apprenticeship, mentor, f"4.{number}")
    assert progress_on(apprenticeship, "4.4").state == State.WAITING
    parent = progress_on(apprenticeship, "4.1")
    assert (parent.state, parent.attained) == (State.IN_TRAINING, False)


def test_it_is_no_work_to_do_next(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(demands_ok(apprenticeship, "1.1"), mentor)
    coming = next_up(progress_of(fresh(apprenticeship), at=NOW), role_track="")
    assert "1.1" not in [skill.code for skill in coming]


def test_the_grid_shows_that_something_waits(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort
) -> None:
    demands_ok(apprenticeship, "1.1", "1.2")
    made = [signed(apprenticeship, mentor, code) for code in ("1.1", "1.2")]

    def cell() -> tuple[int, State]:
        grid = cohort_grid(Apprenticeship.objects.filter(cohort=cohort), at=NOW)
        found = grid.panels[0].rows[0].cells[0]
        return found.attained, found.state

    assert cell() == (0, State.WAITING)
    agreed(made[0])
    disagreed(made[1])
    assert cell() == (1, State.WAITING)
    agreed(made[1])
    assert cell() == (2, State.IN_TRAINING)


def test_the_paper_says_what_the_apprentice_said(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    line, row = printed(apprenticeship)
    assert (line.state, line.attained, line.said) == ("waiting", False, None)
    assert "It does not count without the apprentice’s OK." in row
    answered(disagreed(made, "I was on leave."), coordinator, words="The log says otherwise.")
    _line, row = printed(apprenticeship)
    assert "The apprentice disagrees" in row
    assert "Answered by the program: The sign-off stands." in row
    assert "on leave" not in row
    agreed(made)
    line, row = printed(apprenticeship)
    assert (line.state, line.attained) == ("signed_off", True)
    assert "I have read this sign-off of my work, and I agree with it." in row


def test_a_paper_without_a_word_is_frozen_as_before(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor)
    line, row = printed(apprenticeship)
    assert (line.said, "The apprentice" in row) == (None, False)
