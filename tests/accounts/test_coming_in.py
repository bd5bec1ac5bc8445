"""The page behind a link: in with a new password, or with the account that one has; closed links say what to do."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.coming_in import come_in, join
from accounts.invitations import GOOD_FOR, invite_again, token_of, withdraw_invitation
from accounts.models import Invitation, Membership, Role, Sponsor, User
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship
from tests.accounts.inviting import invited, newcomer
from tests.at_once import at_once
from tests.cast import NOW, PASSWORD, viewer_for

FORM = {"name": "Nora B. Vance", "language": "es", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def invitation(coordinator: User, sponsor: Sponsor) -> Invitation:
    made = invited(coordinator, sponsor).invitation
    assert made
    return made


@pytest.fixture(autouse=True)
def at_now():  # type: ignore[no-untyped-def]
    with time_machine.travel(NOW, tick=False):
        yield


def page(invitation: Invitation) -> str:
    return reverse("accept_invitation", args=[token_of(invitation.pk)])


def test_somebody_new_comes_in_with_a_password_and_holds_the_role(client: Client, invitation: Invitation) -> None:
    assert b"Nora Vance" in client.get(page(invitation)).content
    answer = client.post(page(invitation), FORM)
    person = User.objects.get(pk=invitation.person_id)
    assert (answer.status_code, client.session["_auth_user_id"]) == (302, str(person.pk))
    assert (person.name, person.language, person.email) == ("Nora B. Vance", "es", "nora@example.org")
    assert person.check_password(PASSWORD)
    assert viewer_for(person).roles_with(invitation.sponsor_id) == {Role.MENTOR}
    assert AuditEvent.objects.get(kind="invitation_accepted").actor_id == person.pk


def test_the_page_is_kept_nowhere(client: Client, invitation: Invitation) -> None:
    answer = client.get(page(invitation))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "1234567890", "again": "1234567890"}, "entirely numeric"),
        ({"again": "harbor-lantern-43"}, "The two passwords differ"),
        ({"language": "tlh"}, "tlh"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, invitation: Invitation, change: dict[str, str], said: str
) -> None:
    answer = client.post(page(invitation), {**FORM, **change})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert said in text
    assert ("Nora B. Vance" in text) is ("name" not in change)
    assert Membership.objects.get(user=invitation.person_id).pending


def test_a_refused_form_does_not_put_the_link_into_the_log(
    client: Client, invitation: Invitation, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post(page(invitation), {}).status_code == 400
    assert token_of(invitation.pk) not in caplog.text


def test_a_link_is_used_once(client: Client, invitation: Invitation) -> None:
    client.post(page(invitation), FORM)
    assert client.post(page(invitation), FORM).status_code == 302  # pressed twice
    answer = Client().post(page(invitation), {**FORM, "password": "other-password-1", "again": "other-password-1"})
    assert (answer.status_code, "was used already" in answer.content.decode()) == (410, True)
    assert User.objects.get(pk=invitation.person_id).check_password(PASSWORD)


def test_each_closed_link_says_what_to_do(client: Client, coordinator: User, invitation: Invitation) -> None:
    viewer = viewer_for(coordinator)
    with time_machine.travel(NOW + GOOD_FOR):
        assert "ask for the invitation to be sent again" in client.get(page(invitation)).content.decode()
        assert client.post(page(invitation), FORM).status_code == 410
    withdraw_invitation(viewer=viewer, key="w", invitation=invitation)
    assert "was withdrawn" in client.get(page(invitation)).content.decode()
    with time_machine.travel(NOW.replace(hour=16), tick=False):
        invite_again(
            viewer=viewer_for(coordinator, NOW.replace(hour=16)),
            key="a",
            sponsor=invitation.sponsor,
            person=invitation.person,
            email="",
        )
        assert "newest link" in client.get(page(invitation)).content.decode()
    assert client.get(reverse("accept_invitation", args=["nonsense"])).status_code == 404


def test_who_guesses_has_to_wait(client: Client, db: None) -> None:
    address = reverse("accept_invitation", args=["nonsense"])
    assert [client.get(address).status_code for _ in range(61)][-2:] == [404, 429]


def test_an_account_of_another_sponsor_accepts_when_logged_in(
    client: Client, coordinator: User, outsider: User, sponsor: Sponsor, other_sponsor: Sponsor
) -> None:
    made = invited(coordinator, sponsor, newcomer(outsider.name, outsider.email)).invitation
    assert made
    assert client.post(page(made), FORM).status_code == 409  # a link gives nobody's account a new password
    assert User.objects.get(pk=outsider.pk).check_password(PASSWORD)
    client.force_login(outsider)
    assert client.post(page(made), {"join": "yes"}).status_code == 302
    assert set(viewer_for(outsider).sponsors) == {sponsor, other_sponsor}


def test_a_book_that_is_prepared_shows_to_its_apprentice_once_they_have_come(
    coordinator: User, outsider: User, sponsor: Sponsor, apprenticeship: Apprenticeship
) -> None:
    made = invited(coordinator, sponsor, newcomer(outsider.name, outsider.email, Role.APPRENTICE)).invitation
    assert made
    Apprenticeship.objects.filter(pk=apprenticeship.pk).update(apprentice=outsider)
    assert not Apprenticeship.objects.visible_to(viewer_for(outsider)).exists()
    join(viewer=viewer_for(outsider), invitation=made)
    assert Apprenticeship.objects.visible_to(viewer_for(outsider)).get() == apprenticeship


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_comes_in_and_one_person_is_brought_in(coordinator: User, sponsor: Sponsor) -> None:
    outcomes = at_once([lambda: invited(coordinator, sponsor)] * 2)
    assert {brought.person for brought in outcomes} == {User.objects.get(username="nora.vance")}
    made = Invitation.objects.get()

    def comes() -> User:
        return come_in(invitation=made, name="Nora", language="en", password=PASSWORD, at=NOW)

    outcomes = at_once([comes, comes])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationClosed", "User"]


def test_the_page_shows_the_same_whether_or_not_there_is_an_account(
    client: Client, coordinator: User, outsider: User, sponsor: Sponsor
) -> None:
    shown = set()
    for name, email in ((outsider.name, outsider.email), ("Someone New", "new@example.org")):
        made = invited(coordinator, sponsor, newcomer(name, email)).invitation
        assert made
        text = client.get(page(made)).content.decode().split("<main")[1]
        shown.add(text.replace(name, "").replace(token_of(made.pk), "").split("csrfmiddlewaretoken")[0])
    assert len(shown) == 1


def test_who_has_an_account_under_another_mail_takes_the_place_over(
    client: Client, outsider: User, invitation: Invitation
) -> None:
    client.force_login(outsider)
    assert client.post(page(invitation), {"join": "yes"}).status_code == 302
    assert viewer_for(outsider).roles_with(invitation.sponsor_id) == {Role.MENTOR}
    assert not User.objects.get(pk=invitation.person_id).is_active


def test_a_place_that_others_hold_already_is_not_taken_over(
    client: Client, coordinator: User, mentor: User, invitation: Invitation
) -> None:
    for person in (coordinator, mentor):  # who made the link; who is a mentor there already
        client.force_login(person)
        assert client.post(page(invitation), {"join": "yes"}).status_code == 409
    assert Membership.objects.get(user=invitation.person_id).pending


def test_a_mail_address_that_another_account_has_stays_with_it(
    client: Client, coordinator: User, outsider: User, sponsor: Sponsor
) -> None:
    made = invited(coordinator, sponsor, newcomer("Another Name", outsider.email)).invitation
    assert made
    client.post(page(made), FORM)
    assert User.objects.get(pk=made.person_id).email == ""
    assert User.objects.get(email=outsider.email) == outsider
