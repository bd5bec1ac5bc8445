"""Pages about certificates: the form keeps what was typed, lists filter, files open to those allowed, few queries."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, SigningPolicy, Sponsor, User
from apprenticeship.models import Apprenticeship, EvidenceDraft
from instruction.models import Certificate, CertificateDecision, StaffFile
from tests.cast import PASSWORD, TODAY, make_apprenticeship, make_person
from tests.certificates.bringing import brought, brought_own, confirmed, kind, taken_back
from tests.evidence.files import HTML, PDF, photo

pytestmark = pytest.mark.django_db
At = Callable[[User], Client]


def filled(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "kind": str(kind().pk),
        "issuer": "American Red Cross",
        "number": "RC-1",
        "issued_on": "2026-02-02",
        "expires_on": "2028-02-02",
        "files": [SimpleUploadedFile("card.jpg", photo(), "image/jpeg")],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def test_an_apprentice_adds_one_and_it_waits_with_its_photo(
    at: At, apprentice: User, apprenticeship: Apprenticeship
) -> None:
    phone = at(apprentice)
    answer = phone.post(reverse("add_certificate", args=[apprenticeship.pk]), filled(), follow=True)
    assert "It counts once a coordinator has confirmed it." in answer.content.decode()
    assert "Waits to be confirmed" in answer.content.decode()
    page = phone.get(reverse("certificate", args=[Certificate.objects.get().pk])).content.decode()
    assert 'alt="card.jpg"' in page
    assert "Confirm the certificate" not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what kind of certificate it is."),
        ({"kind": "other"}, "Say what the certificate is called."),
        ({"issuer": ""}, "Say who issued the certificate."),
        ({"issued_on": "2030-01-01", "expires_on": ""}, "The date is in the future."),
        ({"issued_on": "yesterday"}, "Enter a valid date."),
        ({"expires_on": "2020-01-01"}, "It would expire before it was issued."),
        ({"key": "no key"}, "Enter a valid UUID"),
        ({"files": None}, "Add a photo or a file of the certificate."),
        ({"files": [SimpleUploadedFile("card.pdf", HTML)]}, "card.pdf: This is neither a photo"),
    ],
)
@pytest.mark.parametrize("own", [True, False])
def test_what_is_wrong_is_said_and_nothing_is_lost(
    own: bool,
    changes: dict[str, Any],
    words: str,
    at: At,
    request: pytest.FixtureRequest,
    apprenticeship: Apprenticeship,
) -> None:
    who = request.getfixturevalue("mentor" if own else "apprentice")
    address = reverse("add_own_certificate") if own else reverse("add_certificate", args=[apprenticeship.pk])
    if changes.get("kind") == "other":
        changes = {"kind": str(kind("other").pk)}
    for file in changes.get("files") or []:
        file.seek(0)
    page = at(who).post(address, filled(**changes))
    text = page.content.decode()
    assert page.status_code == 400
    assert words in text
    assert 'value="RC-1"' in text
    if "files" not in changes:
        assert text.count("card.jpg") >= 1
        assert EvidenceDraft.objects.count() + StaffFile.objects.count() == 1
    assert not Certificate.objects.exists()


def test_a_coordinator_confirms_with_a_password_where_the_sponsor_asks_for_it(
    at: At, apprenticeship: Apprenticeship, apprentice: User, coordinator: User, sponsor: Sponsor
) -> None:
    waiting, desk = brought(apprenticeship, apprentice), at(coordinator)
    assert "1 certificate waits to be confirmed" in desk.get(reverse("coordinator_home")).content.decode()
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.EVERY)
    address, form = reverse("confirm_certificate", args=[waiting.pk]), {"key": str(uuid.uuid4())}
    assert desk.post(address, form).status_code == 400
    assert desk.post(address, {**form, "password": PASSWORD}).status_code == 302
    page = desk.post(address, {"key": str(uuid.uuid4()), "password": PASSWORD})
    assert (page.status_code, "Nothing was changed now" in page.content.decode()) == (409, True)
    assert CertificateDecision.objects.get().by == coordinator


def test_declining_without_a_reason_keeps_the_page(
    at: At, apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    address = reverse("decline_certificate", args=[brought(apprenticeship, apprentice).pk])
    page = at(coordinator).post(address, {"key": str(uuid.uuid4()), "reason": ""})
    assert (page.status_code, "Say why; whoever it is about will read it." in page.content.decode()) == (400, True)
    at(coordinator).post(address, {"key": str(uuid.uuid4()), "reason": "Too dark."})
    page = at(apprentice).get(reverse("certificate", args=[Certificate.objects.get().pk]))
    assert "Too dark." in page.content.decode()


def test_taking_back_is_offered_and_shown_but_its_reason_not_to_an_auditor(
    at: At, apprenticeship: Apprenticeship, coordinator: User, apprentice: User, auditor: User
) -> None:
    made = confirmed(brought(apprenticeship, coordinator), coordinator)
    assert made.entry
    address = reverse("void_entry", args=[apprenticeship.pk, made.entry.sequence])
    assert at(coordinator).post(address, {"key": str(uuid.uuid4()), "reason": ""}).status_code == 400
    assert at(coordinator).post(address, {"key": str(uuid.uuid4()), "reason": "A forgery."}).status_code == 302
    assert at(coordinator).post(address, {"key": str(uuid.uuid4()), "reason": "Again."}).status_code == 409
    page = reverse("certificate", args=[made.certificate_id])
    assert "A forgery." in at(apprentice).get(page).content.decode()
    assert "Taken back" in at(auditor).get(page).content.decode()
    assert "A forgery." not in at(auditor).get(page).content.decode()


def test_the_list_filters_by_days_and_the_csv_holds_the_same(
    at: At, apprenticeship: Apprenticeship, coordinator: User, mentor: User, outsider: User
) -> None:
    for days, name in ((-3, "Gone"), (20, "=SUM(A1)"), (45, "Forty-five"), (85, "Eighty-five"), (200, "Far")):
        said: dict[str, Any] = {"expires_on": TODAY + timedelta(days=days), "issued_on": TODAY - timedelta(days=90)}
        confirmed(brought(apprenticeship, coordinator, kind=kind("other"), title=name, **said), coordinator)
    taken_back(CertificateDecision.objects.get(certificate__title="Forty-five"), coordinator)
    confirmed(brought_own(mentor, expires_on=TODAY + timedelta(days=50)), coordinator)
    desk, found = at(coordinator), {}
    for show in ("over", "30", "60", "90", "all", "waiting", "nonsense"):
        page = desk.get(reverse("certificates"), {"show": show})
        found[show] = [one.row.called for one in page.context["certificates"]]
    assert found["over"] == ["Gone"]
    assert found["30"] == ["=SUM(A1)"]
    assert found["60"] == ["=SUM(A1)", "CPR card"]
    assert found["90"] == found["nonsense"] == ["=SUM(A1)", "CPR card", "Eighty-five"]
    assert (len(found["all"]), found["waiting"]) == (5, [])
    sheet = desk.get(reverse("certificates_csv"), {"show": "90"}).content.decode()
    assert "Rosa Diaz,Winter 2026,'=SUM(A1),American Red Cross" in sheet
    assert len(sheet.splitlines()) == 4
    assert not at(outsider).get(reverse("certificates"), {"show": "all"}).context["certificates"]


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_takes_the_same_queries_at_any_size(
    size: int, at: At, apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor, mentor: User
) -> None:
    for number in range(size):
        person = make_person(f"Apprentice{number} Doe", Role.APPRENTICE, sponsor=sponsor)
        book = make_apprenticeship(person, apprenticeship.terms)
        confirmed(brought(book, coordinator, expires_on=TODAY + timedelta(days=30)), coordinator)
        confirmed(brought_own(mentor, issuer=f"School {number}", expires_on=TODAY + timedelta(days=30)), coordinator)
    desk = at(coordinator)
    desk.get(reverse("certificates"))
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(reverse("certificates"))
    assert len(page.context["certificates"]) == 2 * size
    assert len(queries) == 15


def test_files_of_staff_open_to_their_holder_and_to_who_looks_after_them(
    at: At, mentor: User, deputy: User, coordinator: User, auditor: User, outsider: User
) -> None:
    address = reverse("certificate_file", args=[brought_own(mentor).staff_files.get().pk])
    answer = at(mentor).get(address)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]  # a file
    assert "attachment" in answer["Content-Disposition"]
    assert at(coordinator).get(address).getvalue() == PDF
    assert [at(person).get(address).status_code for person in (deputy, auditor, outsider)] == [404, 404, 404]


def test_a_sponsors_own_kind_is_offered_to_its_people_alone(
    at: At, coordinator: User, mentor: User, outsider: User
) -> None:
    desk, address = at(coordinator), reverse("certificate_kinds")
    assert desk.post(address, {"title": "Forklift", "recurrence": "within_months"}).status_code == 400
    assert desk.post(address, {"title": "", "recurrence": ""}).status_code == 400
    assert desk.post(address, {"title": "Forklift", "recurrence": "within_months", "months": 36}).status_code == 302
    assert "within 36 months" in desk.get(address).content.decode()
    assert "Forklift" in at(mentor).get(reverse("add_own_certificate")).content.decode()
    assert "Forklift" not in at(outsider).get(reverse("add_own_certificate")).content.decode()
