"""The book behind a record, and its check, as an auditor reads them."""

from collections.abc import Callable

from django.db import connection
from django.test import Client

from accounts.models import User
from acts.guards import lifted
from apprenticeship.kinds import record_kinds
from apprenticeship.models import Apprenticeship, RecordEntry
from reports.book import line_of
from tests.cast import signed
from tests.record.every_kind import with_every_kind

At = Callable[[User], Client]


def page_of(browser: Client, book: Apprenticeship, name: str) -> str:
    return browser.get(f"/records/{book.pk}/{name}/").content.decode()


def test_a_sound_record_is_said_to_be_intact(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    made = signed(apprenticeship, mentor)
    page = page_of(at(auditor), apprenticeship, "verification")
    assert "This record is intact" in page
    assert made.entry.hash in page


def test_a_forged_entry_is_named_and_led_to(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    signed(apprenticeship, mentor, "1.1")
    signed(apprenticeship, mentor, "1.2")
    with lifted(connection):
        entry = RecordEntry.objects.get(sequence=2)
        RecordEntry.objects.filter(pk=entry.pk).update(canonical=entry.canonical.replace("Maria", "Mario"))
    page = page_of(at(auditor), apprenticeship, "verification")
    assert "Something is off in this record" in page
    assert f"/records/{apprenticeship.pk}/entries/?page=1#entry-2" in page
    assert "#entry-1" not in page


def test_bytes_that_are_no_entry_any_more_are_shown_all_the_same(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    signed(apprenticeship, mentor)
    with lifted(connection):
        RecordEntry.objects.update(canonical="scratched out")
    page = page_of(at(auditor), apprenticeship, "entries")
    assert "scratched out" in page
    assert "illegible" in page


def test_the_book_shows_each_entry_with_its_exact_bytes(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    made = signed(apprenticeship, mentor)
    page = page_of(at(auditor), apprenticeship, "entries")
    assert "Sign-off" in page
    assert made.entry.hash in page
    assert made.entry.previous_hash in page
    assert made.entry.canonical.replace('"', "&quot;") in page.replace("&#x27;", "'")


def test_an_unwritten_book_says_so(apprenticeship: Apprenticeship, auditor: User, at: At) -> None:
    assert "Nothing is written yet" in page_of(at(auditor), apprenticeship, "entries")
    assert "Nothing is written yet" in page_of(at(auditor), apprenticeship, "verification")


def test_every_kind_of_entry_is_told_in_words(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> None:
    with_every_kind(apprenticeship, mentor=mentor, coordinator=coordinator)
    lines = [line_of(entry) for entry in RecordEntry.objects.order_by("sequence")]
    assert {line.kind for line in lines} == set(record_kinds())
    assert [line for line in lines if not line.legible or line.kind_words == line.kind] == []
    assert "Verified from paper" in {line.kind_words for line in lines}
