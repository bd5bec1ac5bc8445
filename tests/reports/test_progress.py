"""One apprentice's progress, told from true signatures."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.states import State
from apprenticeship.models import Apprenticeship, RevocationKind
from apprenticeship.takingback import take_back
from reports.progress import SkillProgress, progress_of
from tests.cast import NOW, fresh, signed, skill_of, viewer_for

pytestmark = pytest.mark.django_db


def progress_on(book: Apprenticeship, code: str) -> SkillProgress:
    found = progress_of(fresh(book), at=NOW).skill(skill_of(book, code).pk)
    assert found
    return found


def test_an_empty_book_counts_49_skills_and_none_signed(apprenticeship: Apprenticeship) -> None:
    progress = progress_of(fresh(apprenticeship), at=NOW)
    assert (progress.attained, progress.total) == (0, 49)
    assert [part.total for part in progress.sets] == [6, 4, 6, 8, 2, 5, 2, 5, 3, 3, 1, 4]
    assert dict(progress.counts) == {State.NOT_STARTED: 49}


def test_a_signed_skill_shows_who_signed_it_when_and_in_what_words(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    signed(apprenticeship, mentor, "1.1")
    skill = progress_on(apprenticeship, "1.1")
    assert (skill.state, skill.attained) == (State.SIGNED_OFF, True)
    assert skill.signature
    assert (skill.signature.name, skill.signature.role_label, skill.signature.qualification) == (
        "Maria Alvarez",
        "Mentor",
        "CPhT",
    )
    assert (skill.signature.at, skill.signature.zone) == (NOW, "America/New_York")
    assert skill.signature.meaning.startswith("I watched the apprentice")


def test_the_signature_keeps_the_name_it_was_signed_with(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, "1.1")
    User.objects.filter(pk=mentor.pk).update(name="Maria Brown")
    signature = progress_on(apprenticeship, "1.1").signature
    assert signature
    assert signature.name == "Maria Alvarez"


def test_a_level_below_the_threshold_is_in_training(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, "1.1", level="in-training")
    skill = progress_on(apprenticeship, "1.1")
    assert (skill.state, skill.attained) == (State.IN_TRAINING, False)


def test_a_parent_is_in_training_until_all_its_steps_are_signed(apprenticeship: Apprenticeship, mentor: User) -> None:
    for code in ("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.1"):
        signed(apprenticeship, mentor, code)
    assert progress_on(apprenticeship, "4.1").state == State.IN_TRAINING
    signed(apprenticeship, mentor, "4.8")
    parent = progress_on(apprenticeship, "4.1")
    assert (parent.state, parent.attained, len(parent.steps)) == (State.SIGNED_OFF, True, 7)
    assert progress_of(fresh(apprenticeship), at=NOW).attained == 8


def test_what_no_longer_stands_names_who_said_so_and_keeps_the_signature(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor, "1.1")
    take_back(
        viewer=viewer_for(coordinator, NOW + timedelta(days=3)),
        key="k",
        sign_off=made,
        kind=RevocationKind.NO_LONGER_STANDS,
        reason="The procedure changed.",
    )
    skill = progress_on(apprenticeship, "1.1")
    assert (skill.state, skill.attained, skill.live_signature) == (State.NO_LONGER_STANDS, False, None)
    assert skill.signature
    assert skill.taken_back
    assert (skill.taken_back.name, skill.taken_back.role_label) == ("Carol Jones", "Program coordinator")


def test_the_number_of_queries_is_the_same_for_one_signature_and_for_all(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    counts = []
    for codes in (["1.1"], ["1.2", "2.1", "2.2", "3.1", "6.1", "9.1", "12.4"]):
        for code in codes:
            signed(apprenticeship, mentor, code)
        book = fresh(apprenticeship)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            progress_of(book, at=NOW)
        counts.append(len(queries))
    assert counts == [2, 2]
