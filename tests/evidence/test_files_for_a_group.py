"""A file that is uploaded once on the sheet for several apprentices is signed in the record of each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Evidence, EvidenceDraft, SignOff, SignOffEvidence, Terms, Worksite
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from tests.cast import (
    LONG_AGO,
    NOW,
    make_apprenticeship,
    make_mentorship,
    make_person,
    make_ready,
    make_terms,
    skill_of,
)
from tests.evidence.files import PDF, photo
from tests.pages.many import filled, group_address, tick

At = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def more_books(number: int, mentor: User, terms: Terms) -> list[Apprenticeship]:
    people = [make_person(f"Ann{i} Apprentice", Role.APPRENTICE, sponsor=terms.program.sponsor) for i in range(number)]
    books = [make_apprenticeship(person, terms) for person in people]
    for book in books:
        make_mentorship(book, mentor)
    return books


@pytest.fixture
def group(apprenticeship: Apprenticeship, mentor: User, terms: Terms) -> list[Apprenticeship]:
    return [apprenticeship, *more_books(2, mentor, terms)]


def sheet(books: list[Apprenticeship], *files: bytes, **changed: Any) -> dict[str, Any]:
    chosen = [SimpleUploadedFile("page.pdf" if data == PDF else "group.jpg", data) for data in files]
    return filled([skill_of(books[0], "1.1")], [tick(book) for book in books], files=chosen, **changed)


def send(browser: Client, books: list[Apprenticeship], filled_in: dict[str, Any]) -> HttpResponse:
    return browser.post(group_address(skill_of(books[0], "1.1")), filled_in)  # type: ignore[return-value]


def test_one_upload_stands_in_the_record_of_each_who_is_ticked(
    group: list[Apprenticeship], mentor: User, at: At
) -> None:
    assert send(at(mentor), group[:2], sheet(group[:2], photo(), PDF)).status_code == 302
    assert set(Evidence.objects.values_list("apprenticeship", flat=True)) == {book.pk for book in group[:2]}
    assert Evidence.objects.values("file").distinct().count() == 2
    assert not EvidenceDraft.objects.exists()
    for signed in SignOff.objects.select_related("entry", "apprenticeship"):
        types = [file["type"] for file in read(signed.entry)["body"]["evidence"]]
        assert types == ["image/jpeg", "application/pdf"]
        assert verify_record(signed.apprenticeship).is_intact


def test_a_refused_sheet_keeps_the_file_and_what_was_typed(group: list[Apprenticeship], mentor: User, at: At) -> None:
    browser, wrong = at(mentor), sheet(group, photo(), day="other", note="All three at the bench.")
    page = send(browser, group, wrong)
    draft = EvidenceDraft.objects.get()
    shown = page.content.decode()
    assert page.status_code == 400
    assert "All three at the bench." in shown
    assert f'name="evidence" value="{draft.pk}" checked' in shown
    small = browser.get(f"/evidence/drafts/{draft.pk}/thumbnail/")
    assert small.getvalue().startswith(b"\xff\xd8")
    assert send(browser, group, sheet(group, evidence=[str(draft.pk)])).status_code == 302
    assert SignOffEvidence.objects.count() == 3


def test_who_may_not_be_photographed_is_named_and_the_others_are_offered(
    group: list[Apprenticeship], mentor: User, at: At
) -> None:
    assert group[0].worksite
    closed = Worksite.objects.create(employer=group[0].employer, name="Ward", photos_allowed=False)
    Apprenticeship.objects.filter(pk=group[0].pk).update(worksite=closed)
    page = send(at(mentor), group, sheet(group, photo())).content.decode()
    assert page.count("Photographs are switched off here.") == 2
    assert "Sign the other 2" in page
    assert not SignOff.objects.exists()


def test_the_same_sheet_twice_signs_once_and_its_file_can_go_with_the_next(
    group: list[Apprenticeship], mentor: User, at: At
) -> None:
    browser, first = at(mentor), sheet(group)
    for _twice in range(2):
        first["files"] = [SimpleUploadedFile("group.jpg", photo())]
        assert send(browser, group, first).status_code == 302
    assert (SignOff.objects.count(), Evidence.objects.count()) == (3, 3)
    kept, live = str(EvidenceDraft.objects.get().pk), {row.apprenticeship_id: row for row in SignOff.objects.all()}
    again = sheet(group, evidence=[kept], line=[tick(book, live[book.pk]) for book in group])
    assert send(browser, group, again).status_code == 302
    assert (SignOff.objects.count(), Evidence.objects.count()) == (6, 3)


def test_a_file_that_somebody_else_uploaded_is_not_there(
    group: list[Apprenticeship], mentor: User, deputy: User, at: At
) -> None:
    send(at(mentor), group, sheet(group, PDF, day="other"))
    for book in group[1:]:
        make_mentorship(book, deputy)
    page = send(at(deputy), group, sheet(group, evidence=[str(EvidenceDraft.objects.get().pk)])).content.decode()
    assert "A file is not there any more. Choose it again." in page
    assert not SignOff.objects.exists()


def test_a_file_does_not_go_to_another_sponsor(
    group: list[Apprenticeship], mentor: User, other_sponsor: Sponsor, at: At
) -> None:
    Membership.objects.create(user=mentor, sponsor=other_sponsor, role=Role.MENTOR, since=LONG_AGO)
    make_ready(mentor, other_sponsor)
    zoe = make_person("Zoe Elsewhere", Role.APPRENTICE, sponsor=other_sponsor)
    theirs = make_apprenticeship(zoe, make_terms(other_sponsor, group[0].terms.standard_version))
    make_mentorship(theirs, mentor)
    page = send(at(mentor), [*group, theirs], sheet([*group, theirs], PDF)).content.decode()
    assert page.count("The file was added for the records of another sponsor.") == 2
    assert "Sign the other 3" in page


def test_a_file_for_twenty_costs_no_more_queries_than_for_two(
    apprenticeship: Apprenticeship, mentor: User, terms: Terms, at: At
) -> None:
    books, costs = [apprenticeship, *more_books(19, mentor, terms)], []
    for ticked, data in ((books[:2], photo()), (books[2:], photo("red"))):
        browser, sent = at(mentor), sheet(ticked, data)
        with CaptureQueriesContext(connection) as signing:
            assert send(browser, ticked, sent).status_code == 302
        costs.append(len(signing))
    assert costs[1] <= costs[0] <= 70
