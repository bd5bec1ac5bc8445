"""Bringing people in: one or many in the same few statements, and nothing shows of other sponsors."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Invitation, Membership, Role, Sponsor, User
from accounts.people import NewPerson, PeopleInvalid, bring_in, check, invite, sign_in_names
from accounts.roles import NewRole
from acts.models import AuditEvent, OutboxMessage
from tests.accounts.inviting import invited, newcomer
from tests.cast import LONG_AGO, TODAY, make_person, viewer_for


def test_somebody_new_gets_an_account_a_role_that_waits_and_a_mail(coordinator: User, sponsor: Sponsor) -> None:
    brought = invited(coordinator, sponsor, newcomer("  Nora   Vance ", " Nora@Example.org "))
    person, (role,) = User.objects.get(pk=brought.person.pk), brought.given
    assert (person.name, person.username, person.email) == ("Nora Vance", "nora.vance", "")
    assert not person.has_usable_password()
    assert (role.pending, brought.is_new) == (True, True)
    made = Invitation.objects.get()
    assert (made.email, made.made_by, made.person) == ("nora@example.org", coordinator, person)
    assert OutboxMessage.objects.get(handler="invite").payload == {"invitation": str(made.pk)}
    assert AuditEvent.objects.get(kind="brought_in").data["roles"] == ["mentor"]


def test_pressing_twice_brings_in_once(coordinator: User, sponsor: Sponsor) -> None:
    key, viewer = str(uuid.uuid4()), viewer_for(coordinator)
    first, second = (invite(viewer=viewer, key=key, sponsor=sponsor, person=newcomer()) for _press in range(2))
    assert (first.person, first.invitation) == (second.person, second.invitation)
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_brings_people_in(sponsor: Sponsor, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        invited(request.getfixturevalue(who), sponsor)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR])
def test_only_an_administrator_brings_in_who_oversees(
    administrator: User, coordinator: User, sponsor: Sponsor, role: Role
) -> None:
    with pytest.raises(NotPermitted):
        invited(coordinator, sponsor, newcomer(role=role))
    assert invited(administrator, sponsor, newcomer(role=role)).given[0].role == role


MENTOR = NewRole(Role.MENTOR, TODAY)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (NewPerson("", "a@example.org", (MENTOR,)), "name"),
        (NewPerson("x" * 121, "", (MENTOR,)), "name"),
        (NewPerson("A\x00B", "", (MENTOR,)), "name"),
        (NewPerson("A B", "not a mail", (MENTOR,)), "email"),
        (NewPerson("A B", "", ()), "role"),
        (NewPerson("A B", "", (MENTOR, MENTOR)), "role"),
        (NewPerson("A B", "", (NewRole(Role.MENTOR, TODAY, TODAY),)), "until"),
        (NewPerson("A B", "", (NewRole(Role.MENTOR, TODAY, TODAY - timedelta(days=1)),)), "until"),
        (NewPerson("A B", "", (MENTOR,), language="tlh"), "language"),
        (NewPerson("Nora Vance", "maria@example.org", (MENTOR,)), "email"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_written(
    coordinator: User, mentor: User, sponsor: Sponsor, person: NewPerson, field: str
) -> None:
    with pytest.raises(PeopleInvalid) as refused:
        invited(coordinator, sponsor, person)
    assert [one.field for one in refused.value.wrong] == [field]
    assert not Invitation.objects.exists()
    assert User.objects.count() == 2


def test_all_that_is_wrong_with_a_list_is_said_at_once(sponsor: Sponsor) -> None:
    people = [newcomer(), newcomer("", "x@example.org"), newcomer("Nils Vance", "NORA@example.org")]
    assert [(one.place, one.field) for one in check(people, sponsor=sponsor)] == [(1, "name"), (2, "email")]


def test_the_same_people_twice_change_nothing(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    people = [newcomer(), newcomer("Maria Alvarez", "maria@example.org")]
    counts = []
    for _time in range(2):
        with transaction.atomic():
            brought = bring_in(people, viewer=viewer_for(coordinator), sponsor=sponsor, act=None)
        counts.append([t.objects.count() for t in (User, Membership, Invitation, OutboxMessage, AuditEvent)])
    assert counts[0] == counts[1]
    assert [one.is_new for one in brought] == [False, False]


def test_who_came_before_gets_a_missing_role_at_once(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    brought = invited(coordinator, sponsor, newcomer(mentor.name, mentor.email, Role.INSTRUCTOR))
    assert (brought.is_new, brought.person, brought.invitation) == (False, mentor, None)
    assert [(one.role, one.pending) for one in brought.given] == [(Role.INSTRUCTOR, False)]


def test_a_mail_of_another_sponsor_looks_like_any_new_one(
    coordinator: User, outsider: User, other_sponsor: Sponsor, sponsor: Sponsor
) -> None:
    """By statements, answer and rows: the same name joins the account, another name is another account."""
    found = []
    for name, email in (
        (outsider.name, outsider.email),
        ("Another Name", outsider.email),
        ("New One", "n@example.org"),
    ):
        Invitation.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            brought = invited(coordinator, sponsor, newcomer(name, email))
        shown = Invitation.objects.get(sponsor=sponsor)
        found.append((len(asked), brought.is_new, brought.given[0].pending, (shown.name, shown.email) == (name, email)))
        assert (brought.person == outsider) is (name == outsider.name)
    assert found[1] == found[2]
    # Only the account's own row is not written anew.
    assert found[0][1:] == found[1][1:]


def test_who_was_invited_elsewhere_keeps_what_they_had_and_is_told_nothing(
    coordinator: User, outsider: User, sponsor: Sponsor, other_sponsor: Sponsor
) -> None:
    invited(coordinator, sponsor, newcomer(outsider.name, outsider.email))
    assert viewer_for(outsider).sponsors == (other_sponsor,)


def test_thousands_take_as_many_statements_as_a_few(coordinator: User, sponsor: Sponsor) -> None:
    def statements(size: int, start: int) -> int:
        people = [newcomer(f"Person {start + n}", f"p{start + n}@example.org") for n in range(size)]
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            bring_in(people, viewer=viewer_for(coordinator), sponsor=sponsor, act=None)
        return len(asked)

    assert statements(2, 0) == statements(2_000, 10)


def test_sign_in_names_are_plain_and_free(sponsor: Sponsor) -> None:
    make_person("Ana", Role.MENTOR, sponsor=sponsor)
    first, second, third, fourth = sign_in_names(["José Ñúñez Pérez", "Jose Perez", "李明", "Ana"])
    assert (first, third) == ("jose.perez", "person")
    assert second.startswith("jose.perez.")
    assert fourth.startswith("ana.")


def test_who_left_and_comes_back_needs_no_new_invitation(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    Membership.objects.filter(user=mentor).update(since=LONG_AGO, until=LONG_AGO + timedelta(days=9))
    brought = invited(coordinator, sponsor, newcomer(mentor.name, mentor.email))
    assert [one.pending for one in brought.given] == [False]
