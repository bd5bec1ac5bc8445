"""The list of a sponsor's people, one person's page, and the acts there as a browser sends them."""

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.invitations import GOOD_FOR, link_of, withdraw_invitation
from accounts.models import Invitation, Membership, Role, Sponsor, User
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship
from tests.accounts.inviting import invited, newcomer
from tests.cast import LONG_AGO, NOW, TODAY, make_person, viewer_for


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def names(desk: Client, **asked: str) -> list[str]:
    rows = list(csv.reader(io.StringIO(desk.get(reverse("people_csv"), asked).content.decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


def of(name: str, person: User, *more: object) -> str:
    sponsor = Membership.objects.filter(user=person).values_list("sponsor", flat=True)[0]
    return reverse(name, args=[sponsor, person.pk, *more])


def text(desk: Client, address: str, **asked: str) -> str:
    return desk.get(address, asked).content.decode()


def test_people_are_found_by_any_part_of_what_names_them(
    desk: Client, sponsor: Sponsor, apprenticeship: Apprenticeship
) -> None:
    invited(User.objects.get(username="carol"), sponsor)
    apprenticeship.registration_number = "NY-0042"
    apprenticeship.save(update_fields=["registration_number"])
    asked = {
        "iaz": "Rosa Diaz",
        "maria@": "Maria Alvarez",
        "dev": "Dev Patel",
        "0042": "Rosa Diaz",
        "nora@": "Nora Vance",
    }
    assert {words: names(desk, q=words) for words in asked} == {words: [name] for words, name in asked.items()}
    assert names(desk, q="rosa NY-") == ["Rosa Diaz"]
    assert names(desk, q="nobody") == []


def test_people_are_filtered_by_role_and_state_and_sorted(
    desk: Client, coordinator: User, mentor: User, deputy: User, sponsor: Sponsor
) -> None:
    for n, name in enumerate(("In Vited", "Ex Pired", "With Drawn")):
        made = invited(coordinator, sponsor, newcomer(name, f"{n}@example.org")).invitation
        assert made
        if name == "Ex Pired":
            Invitation.objects.filter(pk=made.pk).update(made_at=NOW - GOOD_FOR, expires_at=NOW)
        if name == "With Drawn":
            withdraw_invitation(viewer=viewer_for(coordinator), key="w", invitation=made)
    Membership.objects.filter(user=deputy).update(until=TODAY)
    assert names(desk, state="active") == ["Carol Jones", "Maria Alvarez"]
    assert names(desk, state="invited") == ["In Vited"]
    assert names(desk, state="not_accepted") == ["Ex Pired", "With Drawn"]
    assert names(desk, state="ended") == ["Dev Patel"]
    assert names(desk, role="coordinator") == ["Carol Jones"]
    assert names(desk, sort="newest")[-1] == "Maria Alvarez"
    assert len(names(desk, state="nonsense", role="nonsense", sort="nonsense", page="x", q="\x00")) == 6


def test_the_file_holds_no_formula(desk: Client, coordinator: User, sponsor: Sponsor) -> None:
    invited(coordinator, sponsor, newcomer("=1+1", "f@example.org"))
    assert "'=1+1" in names(desk)


def test_the_list_and_a_person_take_as_many_queries_for_many_as_for_few(
    desk: Client, coordinator: User, apprenticeship: Apprenticeship, sponsor: Sponsor
) -> None:
    def queries() -> list[int]:
        found = []
        for address in (reverse("people"), of("person", apprenticeship.apprentice)):
            desk.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(address).status_code == 200
            found.append(len(asked))
        return found

    before = queries()
    for n in range(20):
        make_person(f"Person{n} X", Role.MENTOR, Role.INSTRUCTOR, sponsor=sponsor)
        invited(coordinator, sponsor, newcomer(f"New {n}", f"n{n}@example.org"))
    Membership.objects.create(
        user=apprenticeship.apprentice, sponsor=sponsor, role=Role.MENTOR, since=LONG_AGO, until=TODAY
    )
    assert queries() == before


def test_nothing_of_an_account_elsewhere_shows_before_it_accepts(
    desk: Client, coordinator: User, outsider: User, sponsor: Sponsor
) -> None:
    person = invited(coordinator, sponsor, newcomer(outsider.name, outsider.email)).person
    assert person == outsider
    page = text(desk, reverse("person", args=[sponsor.pk, person.pk]))
    assert "shown once they have come in" in page
    assert outsider.username not in page.replace(outsider.email, "")
    assert names(desk, q="otto") == ["Otto Stranger"]  # by the name that was typed
    User.objects.filter(pk=outsider.pk).update(username="secret-name")
    assert names(desk, q="secret-name") == []
    assert "secret-name" not in text(desk, reverse("people"))


def test_inviting_leads_to_the_person_and_says_what_is_next(desk: Client, sponsor: Sponsor) -> None:
    address = reverse("invite_person", args=[sponsor.pk])
    assert 'value="administrator"' not in text(desk, address)
    sent = {"key": str(uuid.uuid4()), "name": "Nora Vance", "email": "", "language": "es", "role": "mentor"}
    wrong = desk.post(address, {**sent, "since": "2026-03-02", "until": "2026-03-01"})
    assert wrong.status_code == 400
    assert 'value="Nora Vance"' in wrong.content.decode()
    assert "must end after the day it begins" in wrong.content.decode()
    answer = desk.post(address, {**sent, "since": "2026-03-02"}, follow=True)
    assert "Hand them the link or the code below" in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("/all/")


def test_a_coordinator_can_not_send_the_role_of_an_administrator(desk: Client, sponsor: Sponsor, mentor: User) -> None:
    sent = {"key": str(uuid.uuid4()), "role": "administrator", "since": "2026-03-02"}
    assert desk.post(of("give_role", mentor), sent).status_code == 400
    assert Membership.objects.filter(user=mentor).count() == 1


def test_a_role_is_given_and_ended_on_pages(desk: Client, mentor: User) -> None:
    sent = {"key": str(uuid.uuid4()), "role": "instructor", "since": "2026-03-02"}
    assert desk.post(of("give_role", mentor), sent).status_code == 302
    twice = desk.post(of("give_role", mentor), {**sent, "key": str(uuid.uuid4())})
    assert (twice.status_code, "hold this role already" in twice.content.decode()) == (409, True)
    role = Membership.objects.get(user=mentor, role="instructor")
    ended = desk.post(of("end_role", mentor, role.pk), {"key": str(uuid.uuid4()), "until": "2026-03-01"})
    assert ended.status_code == 400
    assert (
        desk.post(of("end_role", mentor, role.pk), {"key": str(uuid.uuid4()), "until": "2026-03-03"}).status_code == 302
    )
    page = text(desk, of("person", mentor))
    assert "until Mar 3, 2026" in page


def test_the_link_is_shown_with_its_code_and_that_is_noted(desk: Client, coordinator: User, sponsor: Sponsor) -> None:
    brought = invited(coordinator, sponsor)
    answer = desk.post(of("invitation_link", brought.person))
    page = answer.content.decode()
    assert brought.invitation
    assert (link_of(brought.invitation) or "?") in page
    assert '<svg aria-hidden="true"' in page
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(kind="invitation_link_shown").actor_id == coordinator.pk
    assert (link_of(brought.invitation) or "?") not in text(desk, of("person", brought.person))


def test_an_invitation_is_sent_again_and_withdrawn_on_the_page(
    desk: Client, coordinator: User, sponsor: Sponsor
) -> None:
    person = invited(coordinator, sponsor).person
    key = str(uuid.uuid4())
    desk.post(of("invite_again", person), {"key": key, "email": "Newer@Example.org"})
    assert (
        Invitation.objects.order_by("-made_at", "-email").filter(withdrawn_at=None).get().email == "newer@example.org"
    )
    desk.post(of("withdraw_invitation", person), {"key": str(uuid.uuid4())})
    assert not Invitation.objects.unanswered().exists()
    refused = desk.post(of("invitation_link", person), follow=True).content.decode()
    assert "opens nothing any more" in refused


def test_an_account_is_closed_and_opened_again_on_pages(desk: Client, mentor: User) -> None:
    assert "1 role with you ends today" in text(desk, of("close_account", mentor))
    assert desk.post(of("close_account", mentor), {"key": str(uuid.uuid4()), "reason": ""}).status_code == 400
    desk.post(of("close_account", mentor), {"key": str(uuid.uuid4()), "reason": "Made twice"})
    assert names(desk, state="closed") == ["Maria Alvarez"]
    assert desk.post(of("reopen_account", mentor), {"key": str(uuid.uuid4())}).status_code == 302
    assert names(desk, state="ended") == ["Maria Alvarez"]


def test_a_person_of_another_sponsor_is_nobody_here(desk: Client, outsider: User, sponsor: Sponsor) -> None:
    for name in ("person", "give_role", "close_account"):
        assert desk.get(reverse(name, args=[sponsor.pk, outsider.pk])).status_code == 404


def test_a_person_shows_books_and_mentorships(desk: Client, apprenticeship: Apprenticeship, mentor: User) -> None:
    assert reverse("record", args=[apprenticeship.pk]) in text(desk, of("person", apprenticeship.apprentice))
    assert "Rosa Diaz" in text(desk, of("person", mentor))


def test_a_link_out_of_date_is_told_so(desk: Client, coordinator: User, sponsor: Sponsor) -> None:
    person = invited(coordinator, sponsor).person
    with time_machine.travel(NOW + GOOD_FOR + timedelta(minutes=1)):
        desk.force_login(coordinator)
        assert "The link has run out." in text(desk, of("person", person))
