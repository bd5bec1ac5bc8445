"""A link is good once and for a while; the database holds no link; sending again closes the one before."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail

from accounts.access import NotPermitted
from accounts.invitation_mail import send
from accounts.invitations import (
    GOOD_FOR,
    InvitationRefused,
    digest_of,
    invite_again,
    link_of,
    token_of,
    withdraw_invitation,
)
from accounts.models import Invitation, Sponsor, User
from acts.models import OutboxMessage
from tests.accounts.inviting import invited, newcomer
from tests.cast import NOW, viewer_for


@pytest.fixture
def invitation(coordinator: User, sponsor: Sponsor) -> Invitation:
    made = invited(coordinator, sponsor).invitation
    assert made
    return made


def again(by: User, invitation: Invitation, email: str = "nora@example.org", key: str = "again") -> Invitation:
    return invite_again(
        viewer=viewer_for(by), key=key, sponsor=invitation.sponsor, person=invitation.person, email=email
    )


def deliver(invitation: Invitation, *, late: timedelta = timedelta(0)) -> None:
    send({"invitation": str(invitation.pk)}, message_id=uuid.uuid4(), at=NOW + late)


def test_the_database_holds_the_hash_of_a_link_and_no_link(invitation: Invitation) -> None:
    token = token_of(invitation.pk)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert row["digest"] == digest_of(token)
    assert token not in str(row) + str(OutboxMessage.objects.values())
    assert (link_of(invitation) or "").endswith(f"/invitations/{token}/")


def test_a_link_can_not_be_made_again_under_another_secret_key(invitation: Invitation, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SECRET_KEY = "another"
    assert link_of(invitation) is None


def test_the_mail_goes_out_once_in_the_language_of_the_person(invitation: Invitation) -> None:
    invitation.language = "es"
    invitation.save(update_fields=["language"])
    deliver(invitation)
    deliver(invitation)
    (sent,) = mail.outbox
    assert sent.to == ["nora@example.org"]
    assert sent.subject == "Empire Compounding le invita a Journeybook"
    assert (link_of(invitation) or "?") in sent.body
    assert Invitation.objects.get().sent_at == NOW


def test_a_link_that_is_closed_or_has_run_out_is_not_mailed(coordinator: User, invitation: Invitation) -> None:
    deliver(invitation, late=GOOD_FOR)
    withdraw_invitation(viewer=viewer_for(coordinator), key="w", invitation=invitation)
    deliver(invitation)
    assert mail.outbox == []


def test_sending_again_makes_a_new_link_and_closes_the_old(coordinator: User, invitation: Invitation) -> None:
    made = again(coordinator, invitation, "new@example.org")
    assert again(coordinator, invitation, "new@example.org") == made
    invitation.refresh_from_db()
    assert (invitation.withdrawn_at, invitation.withdrawn_by) == (NOW, coordinator)
    assert (made.name, made.email, made.is_open(NOW)) == ("Nora Vance", "new@example.org", True)
    assert OutboxMessage.objects.filter(handler="invite").count() == 2


def test_within_a_sponsor_an_address_is_one_persons(coordinator: User, mentor: User, invitation: Invitation) -> None:
    invited(coordinator, invitation.sponsor, newcomer("Nils Holm", "nils@example.org"))
    for email in ("nils@example.org", mentor.email):
        with pytest.raises(InvitationRefused):
            again(coordinator, invitation, email)
    assert Invitation.objects.get(pk=invitation.pk).is_open(NOW)


def test_withdrawn_once_is_withdrawn(coordinator: User, invitation: Invitation) -> None:
    for _press in range(2):
        withdraw_invitation(viewer=viewer_for(coordinator), key="w", invitation=invitation)
    with pytest.raises(InvitationRefused):
        withdraw_invitation(viewer=viewer_for(coordinator), key="other", invitation=invitation)


def test_who_has_come_is_not_invited_again(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    with pytest.raises(InvitationRefused):
        invite_again(viewer=viewer_for(coordinator), key="k", sponsor=sponsor, person=mentor, email="")


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_sends_again_or_withdraws(invitation: Invitation, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        again(person, invitation)
    with pytest.raises(NotPermitted):
        withdraw_invitation(viewer=viewer_for(person), key="w", invitation=invitation)
