"""Taking back the certificate of a mentor or staff member: what it leaves, who may, and what is refused."""

import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from acts.acting import KeyReused
from apprenticeship.models import Apprenticeship
from instruction.entry_voiding import VoidRefused
from instruction.getters import get_certificate
from instruction.models import Certificate, StaffCertificateVoid
from instruction.staff_voiding import CertificateAlreadyVoided, void_staff_certificate
from tests.cast import LONG_AGO, viewer_for
from tests.certificates.bringing import brought, brought_own, confirmed

At = Callable[[User], Client]


def void(by: User, row: Certificate, *, reason: str = "A forgery.", key: str = "") -> StaffCertificateVoid:
    viewer = viewer_for(by)
    return void_staff_certificate(viewer=viewer, key=key or str(uuid.uuid4()), certificate=row, reason=reason)


@pytest.fixture
def card(mentor: User, coordinator: User) -> Certificate:
    """A mentor's confirmed CPR card."""
    confirmed(brought_own(mentor), coordinator)
    return get_certificate(viewer_for(coordinator), Certificate.objects.get().pk)


def test_it_counts_no_more_and_stays_visible_with_its_reason(at: At, card: Certificate, coordinator: User) -> None:
    assert list(Certificate.objects.current()) == [card]
    address = reverse("void_staff_certificate", args=[card.pk])
    assert address in at(coordinator).get(reverse("certificate", args=[card.pk])).content.decode()
    assert at(coordinator).post(address, {"key": str(uuid.uuid4()), "reason": " "}).status_code == 400
    sent = {"key": str(uuid.uuid4()), "reason": "A forgery."}
    assert at(coordinator).post(address, sent).status_code == 302
    assert not Certificate.objects.current().exists()
    page = at(card.holder).get(reverse("certificate", args=[card.pk])).content.decode()
    for words in ("Taken back", "A forgery.", "Carol Jones"):
        assert words in page
    assert address not in at(coordinator).get(reverse("certificate", args=[card.pk])).content.decode()
    late = at(coordinator).post(address, {**sent, "key": str(uuid.uuid4())})
    assert (late.status_code, "Carol Jones took it back before" in late.content.decode()) == (409, True)


@pytest.mark.parametrize("who", ["mentor", "deputy", "administrator", "instructor", "auditor", "outsider"])
def test_only_who_may_confirm_takes_back(who: str, card: Certificate, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        void(request.getfixturevalue(who), card)
    assert not StaffCertificateVoid.objects.exists()


def test_nobody_takes_back_their_own(card: Certificate, mentor: User, sponsor: Sponsor) -> None:
    Membership.objects.create(user=mentor, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        void(mentor, card)


def test_what_was_not_confirmed_or_stands_in_a_book_is_refused(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User, coordinator: User, at: At
) -> None:
    in_a_book = brought(apprenticeship, apprentice)
    confirmed(in_a_book, coordinator)
    for row in (brought_own(mentor), in_a_book):
        with pytest.raises(VoidRefused):
            void(coordinator, row)
    assert at(coordinator).get(reverse("void_staff_certificate", args=[in_a_book.pk])).status_code == 404
    assert not StaffCertificateVoid.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "\x00"])
def test_a_reason_that_says_nothing_is_refused(card: Certificate, coordinator: User, reason: str) -> None:
    with pytest.raises(VoidRefused):
        void(coordinator, card, reason=reason)


def test_twice_it_is_one_act_or_refused_and_the_row_never_changes(card: Certificate, coordinator: User) -> None:
    made = void(coordinator, card, key="k")
    assert void(coordinator, card, key="k") == made
    with pytest.raises(KeyReused):
        void(coordinator, card, key="k", reason="Another one.")
    with pytest.raises(CertificateAlreadyVoided):
        void(coordinator, card)
    for change in (lambda: StaffCertificateVoid.objects.update(reason="x"), made.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
