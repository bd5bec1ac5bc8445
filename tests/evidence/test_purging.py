"""A file is removed from every book of the sponsor, with an entry in each; the record stays whole and says so."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from accounts.access import NotPermitted
from accounts.models import SigningPolicy, Sponsor, User
from accounts.proofs import ProofNeeded
from acts.acting import KeyReused
from acts.models import SealedText, StoredFile
from acts.outbox import relay
from acts.refusing import FileRefused
from apprenticeship.attaching import add_evidence
from apprenticeship.evidence_checks import check_files
from apprenticeship.lines import SignOffInvalid
from apprenticeship.models import Apprenticeship, Evidence, EvidenceDraft, Purge
from apprenticeship.purging import AlreadyPurged, HeldElsewhere, PurgeInvalid, purge
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from tests.cast import NOW, asked, make_apprenticeship, make_mentorship, make_terms, signed, viewer_for
from tests.evidence.files import PDF, photo, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_book(apprenticeship: Apprenticeship, deputy: User, mentor: User, sponsor: Sponsor) -> Apprenticeship:
    """Another apprentice of the same sponsor, with the same mentor."""
    book = make_apprenticeship(deputy, make_terms(sponsor, apprenticeship.terms.standard_version, "Second"))
    make_mentorship(book, mentor)
    return book


def with_a_file(book: Apprenticeship, mentor: User, data: bytes | None = None, *, code: str = "1.1") -> Evidence:
    """A sign-off in `book` with a file of the mentor's."""
    draft = uploaded(book, mentor, data)
    signed(book, mentor, code, evidence=(draft.pk,))
    return Evidence.objects.get(pk=draft.pk)


def purged(evidence: Evidence, by: User, *, key: str = "p", reason: str = "A label can be read.") -> list[Purge]:
    return purge(viewer=viewer_for(by), key=key, evidence=evidence, reason=reason)


def on_disk(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


def deliver() -> None:
    relay(at=NOW, clock=lambda: NOW)


def test_the_bytes_go_from_every_book_and_each_book_says_so(
    apprenticeship: Apprenticeship, second_book: Apprenticeship, mentor: User, coordinator: User, tmp_path: Path
) -> None:
    evidence = with_a_file(apprenticeship, mentor)
    with_a_file(second_book, mentor)
    assert on_disk(tmp_path) == 2
    made = purged(evidence, coordinator)
    assert {row.apprenticeship_id for row in made} == {apprenticeship.pk, second_book.pk}
    body = read(made[0].entry)["body"]
    assert body["file"] == {"sha256": evidence.file.sha256, "size": evidence.file.size, "type": "image/jpeg"}
    assert (body["signed_in"], body["reason"]) == ([1], made[0].reason.digest)
    assert on_disk(tmp_path) == 2, "not before the commit"
    deliver()
    assert on_disk(tmp_path) == 0
    assert not SealedText.objects.filter(text="IMG_0042.jpg").exists()
    for book in (apprenticeship, second_book):
        verdict = verify_record(book)
        assert (verdict.is_intact, verdict.files_removed, list(check_files(book))) == (True, 1, [])


def test_the_same_key_purges_once_and_a_second_purge_finds_nothing(
    apprenticeship: Apprenticeship, mentor: User, administrator: User
) -> None:
    evidence = with_a_file(apprenticeship, mentor)
    assert purged(evidence, administrator) == purged(evidence, administrator)
    with pytest.raises(KeyReused):
        purged(evidence, administrator, reason="Another one.")
    with pytest.raises(AlreadyPurged):
        purged(evidence, administrator, key="other")
    assert Purge.objects.count() == 1


@pytest.mark.parametrize("who", ["mentor", "deputy", "apprentice", "auditor", "instructor", "outsider"])
def test_only_who_runs_the_program_purges(
    apprenticeship: Apprenticeship, mentor: User, who: str, request: pytest.FixtureRequest
) -> None:
    evidence = with_a_file(apprenticeship, mentor)
    with pytest.raises(NotPermitted):
        purged(evidence, request.getfixturevalue(who))
    assert StoredFile.objects.filter(removed_at=None).count() == 2


@pytest.mark.parametrize(("reason", "words"), [(" ", "Say why"), ("x" * 2001, "too long"), ("a\x00", "cannot be kept")])
def test_a_purge_needs_a_reason_that_can_be_kept(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, reason: str, words: str
) -> None:
    with pytest.raises(PurgeInvalid, match=words):
        purged(with_a_file(apprenticeship, mentor), coordinator, reason=reason)


def test_what_was_purged_is_neither_signed_nor_taken_again(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    evidence = with_a_file(apprenticeship, mentor)
    purged(evidence, coordinator)
    with pytest.raises(SignOffInvalid, match="removed meanwhile"):
        signed(apprenticeship, mentor, "2.1", evidence=(evidence.pk,))
    with pytest.raises(FileRefused, match="removed from the record for good"):
        uploaded(apprenticeship, mentor)


def test_drafts_of_the_same_file_go_with_it(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, coordinator: User
) -> None:
    evidence, draft = with_a_file(apprenticeship, mentor), uploaded(apprenticeship, apprentice)
    purged(evidence, coordinator)
    assert not EvidenceDraft.objects.exists()
    with pytest.raises(SignOffInvalid, match="not there any more"):
        signed(apprenticeship, mentor, "2.1", evidence=(draft.pk,))


def test_a_file_that_only_lies_beside_an_asking_is_purged_too(
    apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    draft = uploaded(apprenticeship, apprentice)
    add_evidence(viewer=viewer_for(apprentice), key="a", asked=asked(apprenticeship)[0], evidence=[draft.pk])
    (row,) = purged(Evidence.objects.get(), coordinator)
    assert read(row.entry)["body"]["signed_in"] == []
    assert verify_record(apprenticeship).is_intact


def test_a_thumbnail_that_another_file_shares_stays(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, tmp_path: Path
) -> None:
    first = with_a_file(apprenticeship, mentor, photo(size=(640, 480)))
    second = with_a_file(apprenticeship, mentor, photo(size=(1280, 960)), code="2.1")
    assert first.thumbnail == second.thumbnail
    purged(first, coordinator)
    deliver()
    assert on_disk(tmp_path) == 2
    purged(second, coordinator, key="second")
    deliver()
    assert on_disk(tmp_path) == 0


def test_a_document_that_journeybook_made_is_not_purged(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = with_a_file(apprenticeship, mentor, PDF)
    monkeypatch.setattr("apprenticeship.purging.users_of", lambda _file: {Evidence, Apprenticeship})
    with pytest.raises(HeldElsewhere):
        purged(evidence, coordinator)


@pytest.mark.parametrize(
    "blank",
    [
        lambda name: SealedText.objects.filter(pk=name.pk).update(text="", salt="", removed_at=NOW),
        lambda name: SealedText.objects.filter(pk=name.pk).update(text="other.jpg"),
    ],
    ids=["blanked", "changed"],
)
def test_the_database_blanks_no_name_without_a_purge(
    apprenticeship: Apprenticeship, mentor: User, blank: Callable[[SealedText], int]
) -> None:
    evidence = with_a_file(apprenticeship, mentor)
    with pytest.raises(DatabaseError, match="insert only"), transaction.atomic():
        blank(evidence.name)


def test_a_file_gone_or_changed_behind_the_record_is_named(
    apprenticeship: Apprenticeship, mentor: User, tmp_path: Path
) -> None:
    evidence = with_a_file(apprenticeship, mentor, PDF)
    path = tmp_path / str(evidence.file.file)
    path.write_bytes(b"other")
    assert [(f.sequence, "were changed" in f.what) for f in check_files(apprenticeship)] == [(1, True)]
    path.unlink()
    assert [(f.sequence, "are missing" in f.what) for f in check_files(apprenticeship)] == [(1, True)]
    assert verify_record(apprenticeship).is_intact, "without --files the bytes are not read"
    StoredFile.objects.filter(pk=evidence.file_id).update(removed_at=NOW)
    assert [f.what for f in verify_record(apprenticeship).findings] == [
        f"The file {evidence.file.sha256[:16]} was removed without an entry."
    ]


def test_removal_is_tried_again_until_the_bytes_are_gone(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = with_a_file(apprenticeship, mentor, PDF)
    purged(evidence, coordinator)
    with monkeypatch.context() as down:
        down.setattr("acts.files.default_storage", None)
        deliver()
    assert ["still there" in finding.what for finding in check_files(apprenticeship)] == [True]
    later = NOW + timedelta(minutes=5)
    relay(at=later, clock=lambda: later)
    assert on_disk(tmp_path) == 0


def test_a_purge_is_a_signature_and_asks_for_the_proof_that_the_sponsor_wants(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, sponsor: Sponsor
) -> None:
    evidence = with_a_file(apprenticeship, mentor)
    sponsor.signing_policy = SigningPolicy.EVERY
    sponsor.save(update_fields=["signing_policy"])
    with pytest.raises(ProofNeeded):
        purged(Evidence.objects.get(pk=evidence.pk), coordinator)
    assert not Purge.objects.exists()
