"""Checking a book names the first entry that is off, whatever was forged."""

import gc
import uuid
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role, User
from acts.guards import lifted
from acts.models import Act, Installation, SealedText
from apprenticeship.checked_rows import entry_lines
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead, Revocation, SignOff, SkillStanding, Terms
from apprenticeship.takingback import take_back
from apprenticeship.verifying import chain_findings, verify_record
from competencies.models import Skill
from tests.cast import NOW, make_apprenticeship, make_mentorship, make_person, signed, skill_of, viewer_for
from tests.record.forging import first_finding, forge, remove, rewrite


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    """Five entries: two levels of one skill, another skill with a note, taken back with a reason, and a third."""
    low = signed(apprenticeship, mentor, "1.1", level="in-training")
    signed(apprenticeship, mentor, "1.1", replaces=low, worksite=apprenticeship.worksite)
    other = signed(apprenticeship, mentor, "1.3", note="Second try.")
    take_back(viewer=viewer_for(mentor), key="t", sign_off=other, kind="no_longer_stands", reason="Out of practice.")
    signed(apprenticeship, mentor, "1.4")
    return apprenticeship


@pytest.fixture
def twin(book: Apprenticeship, terms: Terms, mentor: User) -> Apprenticeship:
    """Another book of the same mentor, with one signature."""
    twin = make_apprenticeship(make_person("Tom Twin", Role.APPRENTICE, sponsor=book.sponsor), terms)
    make_mentorship(twin, mentor)
    signed(twin, mentor, "1.1")
    return twin


def entries(sequence: int) -> Any:
    return RecordEntry.objects.filter(apprenticeship__apprentice__username="rosa", sequence=sequence)


def test_an_untouched_book_is_intact(book: Apprenticeship) -> None:
    verdict = verify_record(book)
    assert (verdict.is_intact, verdict.entries, verdict.texts_removed) == (True, 5, 0)
    assert verdict.head_hash == RecordHead.objects.get(apprenticeship=book).hash


def test_a_book_without_entries_is_intact(apprenticeship: Apprenticeship) -> None:
    assert verify_record(apprenticeship).is_intact


@pytest.mark.parametrize("sequence", [1, 4])
def test_any_byte_of_an_entry_that_changes_names_that_entry(sequence: int, book: Apprenticeship) -> None:
    chain = entry_lines(book)[: sequence + 1]
    entry = chain[sequence - 1]
    canonical = entry.canonical
    unnoticed = []
    for place in range(len(canonical)):
        forged = canonical[:place] + chr(ord(canonical[place]) ^ 1) + canonical[place + 1 :]
        chain[sequence - 1] = entry._replace(canonical=forged)
        named = min((finding.sequence for finding in chain_findings(book, chain)), default=0)
        if named != sequence:
            unnoticed.append(place)
    assert unnoticed == []


@pytest.mark.parametrize("values", [{"key": "other"}, {"authentication": "token"}, {"actor": "apprentice"}])
def test_an_act_that_was_forged_names_its_entry(values: dict[str, str], book: Apprenticeship) -> None:
    actor = {"actor": book.apprentice} if "actor" in values else values
    Act.objects.filter(entries__in=entries(3)).update(**actor)
    assert first_finding(book).sequence == 3


def test_an_entry_that_was_moved_to_another_book_names_both(book: Apprenticeship, twin: Apprenticeship) -> None:
    forge(entries(5), apprenticeship=twin)
    assert first_finding(book).sequence == 5
    assert first_finding(twin).sequence == 2


def test_a_gap_is_named_by_its_first_number(book: Apprenticeship) -> None:
    remove(SkillStanding.objects.filter(sign_off__entry__in=entries(2)))
    remove(SignOff.objects.filter(entry__in=entries(2)))
    remove(entries(2))
    finding = first_finding(book)
    assert (finding.sequence, finding.what) == (2, "Entries 2 to 2 are missing.")


def test_a_whole_chain_that_was_written_anew_fails_on_its_typed_row(book: Apprenticeship) -> None:
    rewrite(book, lambda content: content["body"]["level"].update(code="proficient"), sequence=1)
    finding = first_finding(book)
    assert (finding.sequence, finding.what) == (1, "The entry says otherwise than its row about body.level.code.")


def test_a_truth_that_was_written_as_a_number_is_named(book: Apprenticeship) -> None:
    rewrite(book, lambda content: content["body"]["level"].update(attained=0), sequence=1)
    assert first_finding(book).what == "The entry says otherwise than its row about body.level.attained."


def test_the_search_for_cycles_goes_on_after_a_check(book: Apprenticeship) -> None:
    verify_record(book)
    assert gc.isenabled()


def test_an_entry_of_another_installation_is_named(book: Apprenticeship) -> None:
    rewrite(book, lambda content: content.update(origin=str(uuid.uuid4())), sequence=4)
    assert first_finding(book).sequence == 4
    with lifted(connection):
        Installation.objects.update(id=uuid.uuid4())
    assert first_finding(book).sequence == 1


def test_a_signature_row_that_was_moved_to_another_book_names_both(book: Apprenticeship, twin: Apprenticeship) -> None:
    forge(SignOff.objects.filter(entry__in=entries(5)), apprenticeship=twin)
    assert first_finding(book).sequence == 5
    assert "points at an entry that is not its own" in str(verify_record(twin).findings)


def test_a_signature_row_that_points_at_another_entry_is_named(book: Apprenticeship) -> None:
    remove(SkillStanding.objects.exclude(revocation=None))
    remove(Revocation.objects.all())
    forge(SignOff.objects.filter(entry__in=entries(3)), entry=entries(4).get())
    assert first_finding(book).sequence == 3


def test_a_signature_row_that_was_removed_is_named(book: Apprenticeship) -> None:
    remove(SkillStanding.objects.filter(sign_off__entry__in=entries(5)))
    remove(SignOff.objects.filter(entry__in=entries(5)))
    finding = first_finding(book)
    assert (finding.sequence, finding.what) == (5, "The entry has lost its row of kind sign_off.")


def test_the_wording_of_a_signed_skill_that_was_forged_is_named(book: Apprenticeship) -> None:
    forge(Skill.objects.filter(pk=skill_of(book, "1.3").pk), text="Do nothing in particular.")
    assert first_finding(book).sequence == 3


def test_what_stands_now_that_was_forged_is_named(book: Apprenticeship) -> None:
    SkillStanding.objects.filter(skill__code="1.1").update(attained=False)
    assert first_finding(book).sequence == 2
    SkillStanding.objects.filter(skill__code="1.1").update(attained=True)
    SkillStanding.objects.create(apprenticeship=book, skill=skill_of(book, "2.2"), attained=True)
    assert first_finding(book).sequence == 0


def test_a_changed_seal_a_missing_seal_and_a_swapped_seal_are_named(book: Apprenticeship) -> None:
    note = SealedText.objects.filter(text="Second try.")
    for forged in ({"text": "First try."}, {"salt": "ab" * 32}, {"salt": "no number"}, {"digest": "0" * 64}):
        kept = note.values(*forged).get()
        pk = note.get().pk
        forge(SealedText.objects.filter(pk=pk), **forged)
        assert first_finding(book).sequence == 3, forged
        forge(SealedText.objects.filter(pk=pk), **kept)
    assert verify_record(book).is_intact


def test_a_text_that_was_removed_passes_and_is_counted(book: Apprenticeship) -> None:
    forge(SealedText.objects.filter(text="Second try."), text="", salt="", removed_at=NOW)
    verdict = verify_record(book)
    assert (verdict.is_intact, verdict.texts_removed) == (True, 1)


@pytest.mark.parametrize(("head", "named"), [({"sequence": 6}, 6), ({"sequence": 4}, 5), ({"hash": "0" * 64}, 5)])
def test_a_head_that_was_forged_is_named(head: dict[str, Any], named: int, book: Apprenticeship) -> None:
    RecordHead.objects.filter(apprenticeship=book).update(**head)
    assert first_finding(book).sequence == named


def test_a_head_that_was_removed_is_named(book: Apprenticeship) -> None:
    RecordHead.objects.filter(apprenticeship=book).delete()
    assert first_finding(book).sequence == 5
