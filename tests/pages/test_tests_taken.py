"""Test results where they are read and recorded."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.testing import void_test
from tests.cast import viewer_for
from tests.demanding import record_taken

At = Callable[[User], Client]


def test_the_book_says_in_a_line_what_was_tested(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    result = record_taken(apprenticeship, mentor)
    void_test(viewer=viewer_for(mentor), key="v", result=result, reason="Another's.")
    page = at(auditor).get(reverse("record_entries", args=[apprenticeship.pk])).content.decode()
    assert "<strong>Test result</strong> · 1.1 · Hands-on test · passed" in page
    assert "<strong>Test result taken back</strong> · 1.1 · entry 1" in page
