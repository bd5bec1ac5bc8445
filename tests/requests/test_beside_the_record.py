"""What is asked for stands beside the record on pages and never in it: not in counts, files, or on paper."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.states import State
from apprenticeship.models import Apprenticeship
from apprenticeship.verifying import verify_record
from reports.asks import asks_of
from reports.gathering import gather
from reports.progress import Progress, progress_of
from tests.cast import NOW, asked, fresh, signed, skill_of, viewer_for

pytestmark = pytest.mark.django_db


def with_asks(book: Apprenticeship) -> Progress:
    loaded = fresh(book)
    return progress_of(loaded, at=NOW, asks=asks_of(loaded, viewer=viewer_for(book.apprentice)))


@pytest.mark.parametrize(
    ("level", "state", "shown"),
    [
        (None, State.NOT_STARTED, State.WAITING),
        ("in-training", State.IN_TRAINING, State.WAITING),
    ],
)
def test_an_open_ask_shows_as_waiting_and_changes_no_state(
    apprenticeship: Apprenticeship, mentor: User, level: str | None, state: State, shown: State
) -> None:
    if level:
        signed(apprenticeship, mentor, level=level)
    asked(apprenticeship)
    progress = with_asks(apprenticeship)
    skill = progress.skill(skill_of(apprenticeship, "1.1").pk)
    assert skill
    assert (skill.state, skill.shown_state, skill.attained, progress.attained) == (state, shown, False, 0)
    assert progress.counts[State.WAITING] == 0


def test_reading_what_is_under_way_costs_the_same_for_one_and_for_many(apprenticeship: Apprenticeship) -> None:
    counts = []
    for codes in (["1.1"], ["1.2", "2.1", "2.2", "6.1", "9.1"]):
        asked(apprenticeship, *codes)
        book, viewer = fresh(apprenticeship), viewer_for(apprenticeship.apprentice)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            asks_of(book, viewer=viewer)
        counts.append(len(queries))
    assert counts == [4, 4]


def test_a_record_on_paper_is_the_same_document_before_and_after_asking(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    signed(apprenticeship, mentor, "2.1")
    before = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    asked(apprenticeship, "1.1", "2.2", comment="Please.")
    after = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    assert after == before
    assert not [line.state for part in after.sets for line in part.skills if line.state == State.WAITING]


def test_a_book_in_which_only_was_asked_is_an_empty_book(apprenticeship: Apprenticeship) -> None:
    before = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    asked(apprenticeship)
    assert gather(apprenticeship.pk, at=NOW, language="en", paper="letter") == before
    assert verify_record(fresh(apprenticeship)).is_intact
