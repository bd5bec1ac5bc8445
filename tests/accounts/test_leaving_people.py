"""Who has left still logs in, reads and downloads their own record, and may do so with a mail address of their own."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.access import Permission, permits
from accounts.models import Membership, Sponsor, User
from accounts.personal_mail import (
    GOOD_FOR,
    MailInvalid,
    MailRefused,
    ask_for_mail,
    confirm_mail,
    personal_mail_of,
    remove_mail,
    send,
    token_for,
)
from accounts.proofs import Proof, ProofKind, ProofNeeded
from accounts.viewer import build_viewer
from acts.models import AuditEvent, OutboxMessage
from apprenticeship.models import Apprenticeship
from reports.documents import request_document
from tests.cast import LONG_AGO, NOW, PASSWORD, TODAY, fresh, viewer_for

PERSONAL = "rosa.at.home@example.net"


@pytest.fixture
def left(apprentice: User, apprenticeship: Apprenticeship) -> User:
    """The apprentice, whose role ended before today."""
    Membership.objects.filter(user=apprentice).update(since=LONG_AGO, until=TODAY - timedelta(days=30))
    return apprentice


def asked(person: User, email: str = PERSONAL) -> list[OutboxMessage]:
    ask_for_mail(viewer=build_viewer(person, at=NOW, proof=Proof(ProofKind.PASSWORD, NOW)), email=email)
    return list(OutboxMessage.objects.filter(handler="confirm_mail"))


def test_who_left_logs_in_and_lands_on_their_own_record(
    client: Client, left: User, apprenticeship: Apprenticeship
) -> None:
    client.post("/accounts/login/", {"login": "rosa", "password": PASSWORD})
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("apprentice_home")
    assert client.get(reverse("record", args=[apprenticeship.pk])).status_code == 200


def test_who_left_downloads_their_own_record_and_asks_for_nothing(left: User, apprenticeship: Apprenticeship) -> None:
    job = request_document(viewer=viewer_for(left), key="k", apprenticeship=fresh(apprenticeship), language="en")
    assert job.pk
    assert permits(viewer_for(left), Permission.READ_RECORD, on=fresh(apprenticeship))


def test_a_personal_address_is_confirmed_by_its_link_and_then_logs_in(client: Client, left: User) -> None:
    (message,) = asked(left)
    send(message.payload, message_id=message.pk, at=NOW)
    (sent,) = mail.outbox
    assert sent.to == [PERSONAL]
    assert personal_mail_of(left) == ""
    assert confirm_mail(viewer=viewer_for(left), token=token_for(left.pk, PERSONAL, at=NOW)) == PERSONAL
    client.post("/accounts/login/", {"login": PERSONAL, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(left.pk)
    assert AuditEvent.objects.filter(kind="personal_mail_set", actor_id=left.pk).count() == 1


def test_a_new_password_goes_to_the_personal_address_as_well(client: Client, left: User) -> None:
    confirm_mail(viewer=viewer_for(left), token=token_for(left.pk, PERSONAL, at=NOW))
    client.post(reverse("account_reset_password"), {"email": PERSONAL})
    assert [one.to for one in mail.outbox] == [[PERSONAL]]


def test_a_link_is_for_its_owner_and_a_day(left: User, mentor: User) -> None:
    token = token_for(left.pk, PERSONAL, at=NOW)
    for viewer, what in (
        (viewer_for(mentor), token),
        (viewer_for(left, NOW + GOOD_FOR + timedelta(seconds=1)), token),
        (viewer_for(left), token + "x"),
    ):
        with pytest.raises(MailRefused):
            confirm_mail(viewer=viewer, token=what)
    assert personal_mail_of(left) == ""


def test_whether_another_account_has_an_address_does_not_show(
    client: Client, left: User, outsider: User, other_sponsor: Sponsor
) -> None:
    client.force_login(left)
    answers = [
        client.post(reverse("personal_mail"), {"email": email, "password": PASSWORD}, follow=True)
        .content.decode()
        .replace(email, "")
        for email in (outsider.email, "new@example.net")
    ]
    first, second = (answer.split("<main")[1].split("csrf")[0] for answer in answers)
    assert first in second
    assert [one.payload["email"] for one in OutboxMessage.objects.filter(handler="confirm_mail")] == ["new@example.net"]
    with pytest.raises(MailRefused):
        confirm_mail(viewer=viewer_for(left), token=token_for(left.pk, outsider.email, at=NOW))


def test_it_is_replaced_and_removed(left: User) -> None:
    for email in (PERSONAL, "second@example.net"):
        confirm_mail(viewer=viewer_for(left), token=token_for(left.pk, email, at=NOW))
    assert personal_mail_of(left) == "second@example.net"
    remove_mail(viewer=viewer_for(left))
    assert personal_mail_of(left) == ""


def test_what_is_no_address_is_refused(client: Client, left: User) -> None:
    with pytest.raises(MailInvalid):
        asked(left, "no address")
    with pytest.raises(ProofNeeded):
        ask_for_mail(viewer=viewer_for(left), email=PERSONAL)
    client.force_login(left)
    for sent in (
        {"email": PERSONAL},
        {"email": PERSONAL, "password": "x"},
        {"email": "no address", "password": PASSWORD},
    ):
        answer = client.post(reverse("personal_mail"), sent)
        assert (answer.status_code, sent["email"] in answer.content.decode()) == (400, True)


def test_no_sponsor_sees_it(client: Client, left: User, coordinator: User, sponsor: Sponsor) -> None:
    confirm_mail(viewer=viewer_for(left), token=token_for(left.pk, PERSONAL, at=NOW))
    client.force_login(coordinator)
    pages = [reverse("people"), reverse("people_csv"), reverse("person", args=[sponsor.pk, left.pk])]
    assert all(PERSONAL not in client.get(page).content.decode() for page in pages)
