"""An apprentice takes a wrong file out of what they ask for, as long as nothing signed rests on it."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from apprenticeship.answering import send_back
from apprenticeship.attaching import CannotBeTakenOut, add_evidence, take_out
from apprenticeship.conversation import NotUnderWay
from apprenticeship.evidence import EvidenceInvalid
from apprenticeship.evidence_shown import files_of_asks
from apprenticeship.lines import SignOffInvalid
from apprenticeship.models import Apprenticeship, AskEvidence, Evidence, EvidenceTakenOut, RequestedSkill
from apprenticeship.takingback import take_back
from tests.cast import asked, fresh, signed, viewer_for
from tests.evidence.files import uploaded

At = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def asked_with_a_file(book: Apprenticeship, *codes: str) -> tuple[list[RequestedSkill], Evidence]:
    rows, draft = asked(book, *codes), uploaded(book, book.apprentice)
    for row in rows:
        add_evidence(viewer=viewer_for(book.apprentice), key=f"add {row.pk}", asked=row, evidence=[draft.pk])
    return rows, Evidence.objects.get(pk=draft.pk)


@pytest.mark.parametrize("came_back", [False, True])
def test_a_wrong_file_goes_out_of_one_skill_and_stays_beside_the_other(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, came_back: bool
) -> None:
    (row, other), evidence = asked_with_a_file(apprenticeship, "1.1", "2.1")
    if came_back:
        send_back(viewer=viewer_for(mentor), key="s", asked=[row], comment="This is another machine.")
    viewer = viewer_for(apprentice)
    for _twice in range(2):
        take_out(viewer=viewer, key="o", asked=row, evidence=evidence)
    left = files_of_asks([row.pk, other.pk], book=fresh(apprenticeship), viewer=viewer)
    assert [*left] == [other.pk]
    assert EvidenceTakenOut.objects.get().by == apprentice
    with pytest.raises(KeyReused):
        take_out(viewer=viewer, key="o", asked=other, evidence=evidence)


def test_nobody_takes_out_a_file_of_somebody_else(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    (row,), evidence = asked_with_a_file(apprenticeship, "1.1")
    for person in (mentor, coordinator):
        with pytest.raises(NotPermitted):
            take_out(viewer=viewer_for(person), key="o", asked=row, evidence=evidence)


def test_what_something_signed_rests_on_stays(apprenticeship: Apprenticeship, apprentice: User, mentor: User) -> None:
    (row, other), evidence = asked_with_a_file(apprenticeship, "1.1", "2.1")
    made, viewer = signed(apprenticeship, mentor, "1.1", evidence=(evidence.pk,)), viewer_for(apprentice)
    with pytest.raises(NotUnderWay):
        take_out(viewer=viewer, key="o", asked=row, evidence=evidence)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind="mistake")
    for still_asked in (row, other):
        with pytest.raises(CannotBeTakenOut, match="Something was signed"):
            take_out(viewer=viewer, key=f"p {still_asked.pk}", asked=still_asked, evidence=evidence)
    assert not EvidenceTakenOut.objects.exists()


def test_what_is_out_is_neither_taken_out_nor_attached_nor_signed_again(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    (row,), evidence = asked_with_a_file(apprenticeship, "1.1")
    viewer = viewer_for(apprentice)
    take_out(viewer=viewer, key="o", asked=row, evidence=evidence)
    with pytest.raises(CannotBeTakenOut, match="before"):
        take_out(viewer=viewer, key="p", asked=row, evidence=evidence)
    with pytest.raises(EvidenceInvalid, match="Choose it again"):
        add_evidence(viewer=viewer, key="q", asked=row, evidence=[evidence.pk])
    with pytest.raises(SignOffInvalid, match="took a file out of the request meanwhile"):
        signed(apprenticeship, mentor, evidence=(evidence.pk,))
    add_evidence(viewer=viewer, key="r", asked=row, evidence=[uploaded(apprenticeship, apprentice, key="r").pk])
    assert AskEvidence.objects.lying().get().evidence.file == evidence.file


def test_the_page_offers_it_to_the_apprentice_and_says_so_to_all(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, coordinator: User, at: At
) -> None:
    (row,), evidence = asked_with_a_file(apprenticeship, "1.1")
    page, address = (
        reverse("sign_off_request", args=[row.request_id]),
        reverse("take_out_evidence", args=[row.pk, evidence.pk]),
    )
    browser = at(apprentice)
    assert address in browser.get(page).content.decode()
    assert address not in at(mentor).get(page).content.decode()
    answer = browser.post(address, {"key": uuid.uuid4()}, follow=True).content.decode()
    assert "The file was taken out of 1.1." in answer
    assert "IMG_0042" not in answer
    shown = at(mentor).get(page).content.decode()
    assert "by Rosa Diaz" in shown
    assert reverse("evidence_file", args=[evidence.pk]) not in shown
    assert reverse("purge_evidence", args=[evidence.pk]) in at(coordinator).get(page).content.decode()
    again = browser.post(address, {"key": uuid.uuid4()}, follow=True).content.decode()
    assert "taken out before" in again
    assert browser.post(reverse("take_out_evidence", args=[row.pk, uuid.uuid4()]), {}).status_code == 404
