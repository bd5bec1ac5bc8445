"""What is offered next, and what stands open."""

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, RevocationKind
from apprenticeship.takingback import take_back
from reports.progress import progress_of
from reports.shown import next_up, shown
from tests.cast import NOW, fresh, signed, viewer_for

pytestmark = pytest.mark.django_db


def upcoming(book: Apprenticeship, track: str = "") -> list[str]:
    return [skill.code for skill in next_up(progress_of(fresh(book), at=NOW), role_track=track)]


def test_a_new_apprentice_begins_at_the_beginning(apprenticeship: Apprenticeship) -> None:
    assert upcoming(apprenticeship) == ["1.1", "1.2", "1.3"]


def test_what_fell_back_comes_before_what_was_begun_and_before_the_own_track(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    for number in range(1, 7):
        signed(apprenticeship, mentor, f"1.{number}")
    signed(apprenticeship, mentor, "3.1", level="introduced")
    ended = signed(apprenticeship, mentor, "12.1")
    take_back(viewer=viewer_for(mentor), key="k", sign_off=ended, kind=RevocationKind.NO_LONGER_STANDS, reason="No.")
    assert upcoming(apprenticeship, "Laboratory Technician") == ["12.1", "3.1", "8.1"]


def test_a_filter_opens_every_set_it_leaves(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, "1.1")
    signed(apprenticeship, mentor, "9.1")
    seen = shown(
        progress_of(fresh(apprenticeship), at=NOW),
        show="open",
        query="",
        may_sign=lambda _track: False,
        opened=lambda _part: False,
    )
    assert (seen.skills, all(part.opened for part in seen.sets)) == (47, True)
    assert [(choice.show.value, choice.count) for choice in seen.choices] == [("", 49), ("open", 47)]
