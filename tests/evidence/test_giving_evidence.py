"""A file goes with an asking, is added to it later, and is signed; what is refused loses nothing."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from acts.acting import KeyReused
from acts.models import SealedText, StoredFile
from acts.outbox import relay
from acts.refusing import FileRefused
from apprenticeship.asking import AskLine, ask
from apprenticeship.attaching import add_evidence
from apprenticeship.conversation import NotUnderWay
from apprenticeship.evidence import EvidenceInvalid, clear_drafts
from apprenticeship.lines import SignOffInvalid
from apprenticeship.models import (
    Apprenticeship,
    AskEvidence,
    Evidence,
    EvidenceDraft,
    RequestedSkill,
    SignOff,
    SignOffEvidence,
)
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from tests.cast import NOW, TODAY, asked, fresh, make_apprenticeship, make_terms, signed, skill_of, viewer_for
from tests.evidence.files import PDF, photo, uploaded

pytestmark = pytest.mark.django_db


def asking(
    book: Apprenticeship, *files: EvidenceDraft | Evidence, key: str = "k", codes: tuple[str, ...] = ("1.1",)
) -> list[RequestedSkill]:
    return ask(
        viewer=viewer_for(book.apprentice),
        key=key,
        apprenticeship=fresh(book),
        lines=[AskLine(skill_of(book, code), TODAY) for code in codes],
        evidence=[file.pk for file in files],
    )


def test_a_file_supports_every_skill_that_is_asked_for_with_it(
    apprenticeship: Apprenticeship, apprentice: User
) -> None:
    draft = uploaded(apprenticeship, apprentice, key="k")
    rows = asking(apprenticeship, draft, codes=("1.1", "2.1"))
    evidence = Evidence.objects.get()
    assert (evidence.pk, evidence.name.text, evidence.uploaded_by) == (draft.pk, "IMG_0042.jpg", apprentice)
    assert set(AskEvidence.objects.values_list("requested_skill", "evidence")) == {(r.pk, draft.pk) for r in rows}
    assert not EvidenceDraft.objects.exists()


def test_the_same_form_sent_twice_asks_once_and_keeps_one_file(
    apprenticeship: Apprenticeship, apprentice: User
) -> None:
    first = asking(apprenticeship, uploaded(apprenticeship, apprentice, key="k"))
    again = uploaded(apprenticeship, apprentice, key="k")
    assert asking(apprenticeship, again) == first
    with pytest.raises(KeyReused):
        asking(apprenticeship, uploaded(apprenticeship, apprentice, photo("red"), key="k"))
    assert (Evidence.objects.count(), AskEvidence.objects.count()) == (1, 1)


def test_what_is_signed_carries_its_files_in_the_entry(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    asking(apprenticeship, uploaded(apprenticeship, apprentice, key="k"))
    theirs, mine = Evidence.objects.get(), uploaded(apprenticeship, mentor, PDF, name="C:\\scans\\log book.PDF")
    sign_off = signed(apprenticeship, mentor, evidence=(theirs.pk, mine.pk))
    body = read(sign_off.entry)["body"]
    assert [file["type"] for file in body["evidence"]] == ["image/jpeg", "application/pdf"]
    assert body["evidence"][0] == {
        "name": theirs.name.digest,
        "sha256": theirs.file.sha256,
        "size": theirs.file.size,
        "type": "image/jpeg",
    }
    assert Evidence.objects.get(pk=mine.pk).name.text == "log book.pdf"
    assert SignOffEvidence.objects.filter(sign_off=sign_off).count() == 2
    assert verify_record(apprenticeship).is_intact


def test_without_a_file_nothing_of_it_stands_in_the_entry(apprenticeship: Apprenticeship, mentor: User) -> None:
    assert "evidence" not in read(signed(apprenticeship, mentor).entry)["body"]


def test_files_are_added_to_what_waits_and_to_nothing_that_has_ended(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    (row,) = asked(apprenticeship)
    viewer, file = viewer_for(apprentice), uploaded(apprenticeship, apprentice)
    for _twice in range(2):
        add_evidence(viewer=viewer, key="a", asked=row, evidence=[file.pk])
    assert AskEvidence.objects.get().requested_skill == row
    with pytest.raises(EvidenceInvalid, match="at least one"):
        add_evidence(viewer=viewer, key="b", asked=row, evidence=[])
    with pytest.raises(NotPermitted):
        add_evidence(viewer=viewer_for(mentor), key="c", asked=row, evidence=[file.pk])
    signed(apprenticeship, mentor)
    with pytest.raises(NotUnderWay):
        add_evidence(viewer=viewer, key="d", asked=row, evidence=[uploaded(apprenticeship, apprentice, PDF).pk])


def test_somebody_elses_draft_and_a_file_of_another_book_are_not_there(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, deputy: User, sponsor: Sponsor
) -> None:
    other = make_apprenticeship(deputy, make_terms(sponsor, apprenticeship.terms.standard_version, "Other"))
    for pk in (uploaded(apprenticeship, apprentice).pk, uploaded(other, mentor).pk, uuid.uuid4()):
        with pytest.raises(SignOffInvalid, match="not there any more") as refusal:
            signed(apprenticeship, mentor, evidence=(pk,))
        assert [(p.line, p.field) for p in refusal.value.problems] == [(0, "evidence")]
    assert not SignOff.objects.exists()


def test_too_many_files_are_refused(apprenticeship: Apprenticeship, mentor: User, settings: Settings) -> None:
    settings.EVIDENCE_MOST_FILES = 1
    files = [uploaded(apprenticeship, mentor, photo(color)).pk for color in ("red", "blue")]
    with pytest.raises(SignOffInvalid, match="Keep it to 1"):
        signed(apprenticeship, mentor, evidence=tuple(files))
    assert EvidenceDraft.objects.count() == 2


def test_no_more_files_lie_beside_an_asking_than_can_be_signed(
    apprenticeship: Apprenticeship, apprentice: User, settings: Settings
) -> None:
    settings.EVIDENCE_MOST_FILES = 1
    (row,) = asking(apprenticeship, uploaded(apprenticeship, apprentice, key="k"))
    more = uploaded(apprenticeship, apprentice, PDF)
    with pytest.raises(EvidenceInvalid, match="Keep it to 1"):
        add_evidence(viewer=viewer_for(apprentice), key="more", asked=row, evidence=[more.pk])
    assert AskEvidence.objects.count() == 1


def test_nobody_fills_the_disk_with_files_that_are_never_used(
    apprenticeship: Apprenticeship, apprentice: User, settings: Settings
) -> None:
    settings.EVIDENCE_MOST_DRAFTS = 1
    uploaded(apprenticeship, apprentice)
    with pytest.raises(FileRefused, match="were not used yet"):
        uploaded(apprenticeship, apprentice, photo("red"))


@pytest.mark.parametrize("where", ["program", "worksite"])
def test_where_photographs_are_switched_off_a_pdf_still_goes(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, where: str
) -> None:
    before = uploaded(apprenticeship, apprentice)
    off = apprenticeship.terms.program if where == "program" else apprenticeship.worksite
    assert off
    off.photos_allowed = False
    off.save()
    with pytest.raises(FileRefused, match="switched off"):
        uploaded(apprenticeship, mentor, photo("red"))
    with pytest.raises(EvidenceInvalid, match="switched off"):
        asking(apprenticeship, before)
    assert asking(apprenticeship, uploaded(apprenticeship, apprentice, PDF, name="log.pdf"))


def test_what_was_never_used_is_cleared_after_a_day_bytes_and_all(
    apprenticeship: Apprenticeship, apprentice: User, tmp_path: Path
) -> None:
    asking(apprenticeship, uploaded(apprenticeship, apprentice, PDF, key="k", name="log.pdf"))
    uploaded(apprenticeship, apprentice, PDF, name="log.pdf")
    uploaded(apprenticeship, apprentice)
    assert clear_drafts(at=NOW + timedelta(hours=23)) == 0
    later = NOW + timedelta(hours=25)
    assert clear_drafts(at=later) == 2
    relay(at=later, clock=lambda: later)
    assert [file.content_type for file in StoredFile.objects.all()] == ["application/pdf"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert SealedText.objects.count() == 1


def test_bytes_that_no_row_names_are_removed(
    apprenticeship: Apprenticeship, apprentice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object, **_rest: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(StoredFile.objects, "create", dies)
    with pytest.raises(KeyboardInterrupt):
        uploaded(apprenticeship, apprentice, PDF, name="log.pdf")
    assert [path for path in tmp_path.rglob("*") if path.is_file()]
    later = NOW + timedelta(hours=2)
    relay(at=later, clock=lambda: later)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_name_is_kept_without_folders_and_signs_nobody_sees(apprenticeship: Apprenticeship, mentor: User) -> None:
    for sent, kept in (("../../etc/passwd", "passwd.pdf"), ("a\u202egpj.exe", "agpj.pdf"), ("\x00", "file.pdf")):
        assert uploaded(apprenticeship, mentor, PDF, name=sent, key=sent).name == kept
