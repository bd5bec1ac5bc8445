"""Two at the same instant about the same Terms: with real commits, one wins and the other is told."""

import uuid

import pytest

from accounts.models import User
from apprenticeship.drafting import Basics, TermsSettled, draft_terms, put_in_force
from apprenticeship.models import Apprenticeship, Terms
from tests.at_once import at_once
from tests.cast import LONG_AGO, make_apprenticeship, viewer_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_is_registered_under_terms_that_become_a_draft(
    terms: Terms, coordinator: User, apprentice: User, apprenticeship: Apprenticeship
) -> None:
    basics = Basics(terms.standard_version, LONG_AGO)
    viewer = viewer_for(coordinator)
    following = draft_terms(viewer=viewer, key="draft", program=terms.program, basics=basics)
    put_in_force(viewer=viewer, key="force", terms=following)
    back, book = at_once(
        [
            lambda: put_in_force(viewer=viewer, key="back", terms=following, in_force=False),
            lambda: make_apprenticeship(apprentice, Terms.objects.get(pk=following.pk)),
        ]
    )
    assert isinstance(back, TermsSettled) is isinstance(book, Apprenticeship)
    assert Terms.objects.get(pk=following.pk).is_draft is not isinstance(book, Apprenticeship)


def test_one_draft_comes_of_two(terms: Terms, coordinator: User) -> None:
    basics, viewer = Basics(terms.standard_version, LONG_AGO), viewer_for(coordinator)
    made = at_once(
        [lambda: draft_terms(viewer=viewer, key=str(uuid.uuid4()), program=terms.program, basics=basics)] * 2
    )
    assert sorted(type(one).__name__ for one in made) == ["Terms", "TermsSettled"]
    assert terms.program.terms.count() == 2
