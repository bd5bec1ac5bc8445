"""While an apprenticeship is suspended or cancelled nothing new is asked for, signed, credited or tested."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from apprenticeship.answering import SentBackWhileNotRunning, send_back
from apprenticeship.asking import AskedWhileNotRunning, withdraw
from apprenticeship.models import Apprenticeship, Method, SignOff
from apprenticeship.running import NotRunning
from apprenticeship.signoff import SignedWhileNotRunning, sign_off_many
from apprenticeship.takingback import take_back
from tests.agreements import agreed
from tests.cast import (
    STARTS_ON,
    TODAY,
    asked,
    fresh,
    line,
    make_apprenticeship,
    make_mentorship,
    make_person,
    signed,
    viewer_for,
)
from tests.demanding import record_taken
from tests.record.every_kind import sign_set, status_changed, verified_set

Does = Callable[[Apprenticeship, User, User], object]

REFUSED: dict[str, Does] = {
    "ask": lambda book, _mentor, _coordinator: asked(book, "1.2"),
    "sign": lambda book, mentor, _coordinator: signed(book, mentor, "1.2"),
    "sign for a day before": lambda book, mentor, _coordinator: signed(
        book, mentor, "1.2", observed_on=TODAY - timedelta(days=4)
    ),
    "credit": lambda book, _mentor, coordinator: signed(
        book, coordinator, "1.2", method=Method.CREDIT, observed_on=STARTS_ON - timedelta(days=9)
    ),
    "test": lambda book, mentor, _coordinator: record_taken(book, mentor, "1.2"),
}


def stopped(book: Apprenticeship, by: User, step: str = "suspend") -> Apprenticeship:
    status_changed(fresh(book), by, "activate", on=STARTS_ON)
    status_changed(fresh(book), by, step, on=TODAY - timedelta(days=1), reason="On leave.")
    return fresh(book)


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("step", ["suspend", "cancel", "transfer"])
def test_it_is_refused_in_words_of_its_own(
    step: str, what: str, apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    book = stopped(apprenticeship, coordinator, step)
    with pytest.raises(NotRunning) as refusal:
        REFUSED[what](book, mentor, coordinator)
    words = {
        "suspend": "has been suspended since Mar 1, 2026. ",
        "cancel": "has been cancelled since Mar 1, 2026. ",
        "transfer": "went on in another program on Mar 1, 2026. ",
    }
    assert str(refusal.value).startswith(f"The apprenticeship of Rosa Diaz {words[step]}")
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("back", [("suspend", "resume"), ("cancel", "reinstate")])
def test_it_goes_on_once_that_is_over(
    back: tuple[str, str], apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    book = stopped(apprenticeship, coordinator, back[0])
    status_changed(book, coordinator, back[1], reason="Back again.")
    for does in REFUSED.values():
        SignOff.objects.exists() or does(fresh(book), mentor, coordinator)
    assert SignOff.objects.exists()


def test_what_stands_can_still_be_agreed_to_verified_and_taken_back(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, administrator: User
) -> None:
    sign_set(apprenticeship, mentor, 7)
    made = signed(apprenticeship, mentor, "1.1")
    (waits,) = asked(apprenticeship, "1.2")
    stopped(apprenticeship, coordinator)
    agreed(made)
    verified_set(apprenticeship, administrator, 7)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind="no_longer_stands", reason="Seen otherwise.")
    assert withdraw(viewer=viewer_for(apprenticeship.apprentice), key="w", asked=waits).state == "withdrawn"


def test_what_waits_is_not_sent_back_where_it_could_not_be_asked_again(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    rows = asked(apprenticeship, "1.2")
    stopped(apprenticeship, coordinator)
    with pytest.raises(SentBackWhileNotRunning):
        send_back(viewer=viewer_for(mentor), key="s", asked=rows, comment="Show me the log.")
    with pytest.raises(AskedWhileNotRunning):
        asked(fresh(apprenticeship), "1.3", "1.4")


def test_of_many_the_line_in_the_book_that_rests_is_named(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    twin = make_apprenticeship(make_person("Tom Twin", sponsor=apprenticeship.sponsor), apprenticeship.terms)
    make_mentorship(twin, mentor)
    stopped(apprenticeship, coordinator)
    lines = [line(fresh(twin), "1.2"), line(fresh(apprenticeship), "1.2")]
    with pytest.raises(SignedWhileNotRunning) as refusal:
        sign_off_many(viewer=viewer_for(mentor), key="m", lines=lines)
    assert [problem.line for problem in refusal.value.problems] == [1]
    assert not SignOff.objects.exists()


def test_a_signature_sent_again_after_the_suspension_gives_the_first(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    wanted = line(fresh(apprenticeship), "1.2")
    (made,) = sign_off_many(viewer=viewer_for(mentor), key="k", lines=[wanted])
    stopped(apprenticeship, coordinator)
    assert sign_off_many(viewer=viewer_for(mentor), key="k", lines=[wanted]) == [made]
