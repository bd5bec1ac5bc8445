"""Files through the pages: chosen in a form, kept when it is refused, shown, opened, removed, switched off."""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship, AskEvidence, Evidence, EvidenceDraft, SignOff, SignOffEvidence
from apprenticeship.purging import purge
from reports.gathering import gather
from reports.papers import frozen, thaw
from tests.cast import NOW, TODAY, asked, signed, skill_of, viewer_for
from tests.evidence.files import HTML, PDF, office, photo, uploaded
from tests.pages.sheets import address as sign_address
from tests.pages.sheets import sheet

At = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def file(data: bytes | None = None, name: str = "IMG_0042.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if data is None else data)


def asking(book: Apprenticeship, *files: SimpleUploadedFile, **changed: Any) -> dict[str, Any]:
    skills = [str(skill_of(book, "1.1").pk)]
    return {"key": str(uuid.uuid4()), "skills": skills, "day": TODAY.isoformat(), "files": list(files), **changed}


def ask_address(book: Apprenticeship) -> str:
    return reverse("ask", args=[book.pk])


def test_the_warning_stands_before_anything_is_chosen(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    for person, page in ((apprentice, ask_address(apprenticeship)), (mentor, sign_address(apprenticeship))):
        shown = at(person).get(page).content.decode()
        assert "No patient may be recognized." in shown
        assert 'enctype="multipart/form-data"' in shown


def test_a_photo_goes_with_what_is_asked_and_is_signed_with_it(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    assert at(apprentice).post(ask_address(apprenticeship), asking(apprenticeship, file())).status_code == 302
    evidence, browser = Evidence.objects.get(), at(mentor)
    request = reverse("sign_off_request", args=[AskEvidence.objects.get().requested_skill.request_id])
    thumbnail = reverse("evidence_thumbnail", args=[evidence.pk])
    assert thumbnail in browser.get(request).content.decode()
    shown = browser.get(sign_address(apprenticeship)).content.decode()
    assert thumbnail in shown
    assert "Evidence that Rosa attached" in shown
    assert re.search(f'name="evidence" value="{evidence.pk}" checked', shown)
    filled = sheet(apprenticeship, evidence=[str(evidence.pk)], files=[file(PDF, "log.pdf")])
    assert browser.post(sign_address(apprenticeship), filled).status_code == 302
    assert SignOffEvidence.objects.filter(sign_off=SignOff.objects.get()).count() == 2
    page = reverse("record_skill", args=[apprenticeship.pk, evidence.sign_off_uses.get().sign_off.skill_id])
    assert "Evidence signed with it" in browser.get(page).content.decode()


def test_what_is_unticked_is_not_signed(apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At) -> None:
    at(apprentice).post(ask_address(apprenticeship), asking(apprenticeship, file()))
    at(mentor).post(sign_address(apprenticeship), sheet(apprenticeship))
    assert SignOff.objects.exists()
    assert not SignOffEvidence.objects.exists()


def test_a_refused_form_keeps_its_files_and_sends_them_with_the_next_try(
    apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    browser, wrong = at(apprentice), asking(apprenticeship, file(), day="other", comment="With the new printer.")
    refused = browser.post(ask_address(apprenticeship), wrong)
    draft = EvidenceDraft.objects.get()
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "With the new printer." in page
    assert f'name="evidence" value="{draft.pk}" checked' in page
    small = browser.get(reverse("evidence_draft_thumbnail", args=[draft.pk]))
    assert small.getvalue().startswith(b"\xff\xd8")
    again = asking(apprenticeship, key=wrong["key"], evidence=[str(draft.pk)])
    assert browser.post(ask_address(apprenticeship), again).status_code == 302
    assert Evidence.objects.get().pk == draft.pk


def test_a_file_in_disguise_is_named_with_its_reason_and_the_others_are_kept(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    filled = sheet(apprenticeship, note="Steady hands.", files=[file(HTML), file(PDF, "log.pdf")])
    answer = at(mentor).post(sign_address(apprenticeship), filled)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "IMG_0042.jpg: This is neither a photo" in page
    assert "Steady hands." in page
    assert f'value="{EvidenceDraft.objects.get().pk}" checked' in page
    assert not SignOff.objects.exists()


def test_what_is_too_large_or_too_many_is_let_go_while_it_arrives(
    apprenticeship: Apprenticeship, apprentice: User, at: At, settings: Settings
) -> None:
    settings.EVIDENCE_LARGEST_BYTES, settings.EVIDENCE_MOST_FILES = 1_000_000, 2
    large = file(PDF + b"0" * 3_000_000, "large.pdf")
    files = [file(PDF, "a.pdf"), large, file(office(), "c.docx"), file(photo(), "d.jpg")]
    answer = at(apprentice).post(ask_address(apprenticeship), asking(apprenticeship, *files))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "large.pdf: The file is larger than 1 MB." in page
    assert "2 files were too many and were left out." in page
    assert EvidenceDraft.objects.get().name == "a.pdf"


def test_files_are_added_to_an_asking_that_waits(apprenticeship: Apprenticeship, apprentice: User, at: At) -> None:
    (row,) = asked(apprenticeship)
    address, browser = reverse("add_evidence", args=[row.pk]), at(apprentice)
    assert browser.post(address, {"key": uuid.uuid4()}).status_code == 400
    answer = browser.post(address, {"key": uuid.uuid4(), "files": [file()]})
    assert answer["Location"] == reverse("sign_off_request", args=[row.request_id])
    assert AskEvidence.objects.get().requested_skill == row


def test_a_photo_is_shown_and_all_else_is_a_download_that_runs_nothing(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    files = [uploaded(apprenticeship, mentor), uploaded(apprenticeship, mentor, PDF, name='l"o\r\ng.pdf')]
    signed(apprenticeship, mentor, evidence=tuple(row.pk for row in files))
    for row, disposition in zip(files, ('inline; filename="IMG_0042.jpg"', "attachment"), strict=True):
        answer = at(mentor).get(reverse("evidence_file", args=[row.pk]))
        assert answer["Content-Disposition"].startswith(disposition)
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert answer.getvalue().startswith((b"\xff\xd8", b"%PDF"))


def test_an_auditor_reads_that_a_file_is_there_and_not_what_it_is_called(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    made = signed(apprenticeship, mentor, evidence=(uploaded(apprenticeship, mentor).pk,))
    page = at(auditor).get(reverse("record_skill", args=[apprenticeship.pk, made.skill_id])).content.decode()
    assert Evidence.objects.get().file.sha256[:12] in page
    assert "IMG_0042" not in page
    assert "/thumbnail/" not in page


def test_a_coordinator_removes_a_file_and_pages_say_so(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, at: At
) -> None:
    made = signed(apprenticeship, mentor, evidence=(uploaded(apprenticeship, mentor).pk,))
    pk, browser = Evidence.objects.get().pk, at(coordinator)
    address = reverse("purge_evidence", args=[pk])
    assert "Signed with 1.1, entry 1" in browser.get(address).content.decode()
    refused = browser.post(address, {"key": uuid.uuid4(), "reason": " "})
    assert (refused.status_code, "Say why" in refused.content.decode()) == (400, True)
    assert browser.post(address, {"key": uuid.uuid4(), "reason": "A label can be read."}).status_code == 302
    page = browser.get(reverse("record_skill", args=[apprenticeship.pk, made.skill_id])).content.decode()
    assert "by Carol Jones" in page
    assert browser.get(reverse("evidence_file", args=[pk])).status_code == 410
    assert browser.get(reverse("evidence_thumbnail", args=[pk])).status_code == 404
    assert "File removed" in browser.get(reverse("record_entries", args=[apprenticeship.pk])).content.decode()
    assert (
        "removed before"
        in browser.post(address, {"key": uuid.uuid4(), "reason": "Once more."}, follow=True).content.decode()
    )


def test_a_purged_file_no_longer_lies_beside_what_was_asked(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, coordinator: User, at: At
) -> None:
    at(apprentice).post(ask_address(apprenticeship), asking(apprenticeship, file()))
    evidence = Evidence.objects.select_related("apprenticeship").get()
    purge(viewer=viewer_for(coordinator), key="p", evidence=evidence, reason="A label can be read.")
    page = at(mentor).get(sign_address(apprenticeship)).content.decode()
    assert "File removed on" in page
    assert 'name="evidence"' not in page


def test_the_administrator_switches_photographs_off_and_forms_say_so_first(
    apprenticeship: Apprenticeship, apprentice: User, administrator: User, at: At
) -> None:
    assert apprenticeship.worksite
    allowed = [str(apprenticeship.terms.program_id)]
    for _twice in range(2):
        at(administrator).post(reverse("photographs"), {"allowed": allowed})
    assert AuditEvent.objects.filter(kind="photographs_switched_off").count() == 1
    browser = at(apprentice)
    assert "No photographs here." in browser.get(ask_address(apprenticeship)).content.decode()
    answer = browser.post(ask_address(apprenticeship), asking(apprenticeship, file()))
    assert (answer.status_code, "Photographs are switched off here" in answer.content.decode()) == (400, True)


def test_what_apprentices_attached_is_signed_with_several_and_each_line_has_its_own(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, at: At
) -> None:
    at(apprentice).post(ask_address(apprenticeship), asking(apprenticeship, file()))
    theirs, skills = Evidence.objects.get(), [skill_of(apprenticeship, code) for code in ("1.1", "2.1")]
    address = f"{reverse('sign_many', args=[apprenticeship.pk])}?skill={skills[0].pk}&skill={skills[1].pk}"
    assert f'name="evidence-{skills[0].pk}" value="{theirs.pk}" checked' in at(mentor).get(address).content.decode()
    one = sheet(apprenticeship, files=[file(PDF, "log.pdf")])
    sent = {name: value for name, value in one.items() if name not in ("level", "replaces")}
    sent |= {f"level-{skills[0].scale_id}": one["level"], "line": [f"{skill.pk}:" for skill in skills]}
    assert at(mentor).post(address, {**sent, f"evidence-{skills[0].pk}": str(theirs.pk)}).status_code == 302
    uses = SignOffEvidence.objects.order_by("sign_off__skill__code", "pk")
    assert list(uses.values_list("sign_off__skill__code", "evidence__file__content_type")) == [
        ("1.1", "image/jpeg"),
        ("1.1", "application/pdf"),
        ("2.1", "application/pdf"),
    ]


def test_the_api_tells_of_files_and_hands_them_out(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    made = signed(apprenticeship, mentor, evidence=(uploaded(apprenticeship, mentor).pk,))
    evidence, address = Evidence.objects.get(), f"/api/v1/apprenticeships/{apprenticeship.pk}/evidence/"
    (told,) = at(mentor).get(address).json()["results"]
    assert (told["sha256"], told["sign_offs"]) == (evidence.file.sha256, [str(made.pk)])
    assert at(mentor).get(told["file"]).getvalue().startswith(b"\xff\xd8")
    assert at(auditor).get(address).json()["results"][0]["file"] is None
    assert at(mentor).get(f"/api/v1/sign-offs/{made.pk}/").json()["evidence"] == [
        {"sha256": evidence.file.sha256, "type": "image/jpeg", "size": evidence.file.size}
    ]


def test_the_paper_lists_the_hashes_alone(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, evidence=(uploaded(apprenticeship, mentor).pk,))
    record = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    hashes = [line.signed.files for part in record.sets for line in part.skills if line.signed]
    assert hashes == [(Evidence.objects.get().file.sha256,)]
    assert "IMG_0042" not in frozen(record)
    assert thaw(frozen(record)) == record
