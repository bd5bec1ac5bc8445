"""Giving and ending roles: history stays, a sponsor keeps one administrator."""

import uuid
from datetime import date, timedelta

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from accounts.roles import NewRole, RoleInvalid, RoleRefused, end_role, give_role
from acts.models import AuditEvent
from tests.accounts.inviting import invited
from tests.cast import LONG_AGO, TODAY, make_person, viewer_for

TOMORROW = TODAY + timedelta(days=1)


def give(
    by: User,
    person: User,
    sponsor: Sponsor,
    role: Role = Role.INSTRUCTOR,
    *,
    since: date = TODAY,
    until: date | None = None,
) -> Membership:
    new = NewRole(role, since, until)
    return give_role(viewer=viewer_for(by), key=str(uuid.uuid4()), sponsor=sponsor, person=person, new=new)


def end(by: User, person: User, role: Role, until: date = TODAY) -> Membership:
    held = Membership.objects.get(user=person, role=role)
    return end_role(viewer=viewer_for(by), key=str(uuid.uuid4()), membership=held, until=until)


def test_a_role_is_given_and_ended_and_both_are_told(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    assert not give(coordinator, mentor, sponsor).pending
    assert end(coordinator, mentor, Role.INSTRUCTOR, TOMORROW).until == TOMORROW
    told = AuditEvent.objects.filter(kind__in=["role_given", "role_ended"]).order_by("pk")
    assert [(e.kind, e.actor_id, e.subject) for e in told] == [
        ("role_given", coordinator.pk, f"user:{mentor.pk}"),
        ("role_ended", coordinator.pk, f"user:{mentor.pk}"),
    ]


def test_pressing_twice_gives_and_ends_once(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    for _press in range(2):
        viewer, new = viewer_for(coordinator), NewRole(Role.INSTRUCTOR, TODAY)
        given = give_role(viewer=viewer, key="give", sponsor=sponsor, person=mentor, new=new)
    for _press in range(2):
        end_role(viewer=viewer, key="end", membership=given, until=TOMORROW)
    assert Membership.objects.filter(user=mentor, role=Role.INSTRUCTOR).count() == 1
    assert AuditEvent.objects.filter(kind__in=["role_given", "role_ended"]).count() == 2


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_gives_or_ends_roles(
    sponsor: Sponsor, deputy: User, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        give(person, deputy, sponsor)
    with pytest.raises(NotPermitted):
        end(person, deputy, Role.MENTOR)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR])
def test_only_an_administrator_gives_and_ends_what_oversees(
    administrator: User, coordinator: User, mentor: User, sponsor: Sponsor, role: Role
) -> None:
    with pytest.raises(NotPermitted):
        give(coordinator, mentor, sponsor, role)
    give(administrator, mentor, sponsor, role)
    with pytest.raises(NotPermitted):
        end(coordinator, mentor, role)
    end(administrator, mentor, role, TOMORROW)


@pytest.mark.parametrize(
    ("since", "until", "refusal"),
    [
        (TODAY, None, RoleRefused),
        (LONG_AGO - timedelta(days=9), LONG_AGO + timedelta(days=1), RoleRefused),
        (LONG_AGO - timedelta(days=9), LONG_AGO, None),
        (TODAY, TODAY, RoleInvalid),
        (date(1200, 1, 1), None, RoleInvalid),
    ],
)
def test_a_role_is_not_held_twice_on_one_day(
    coordinator: User, mentor: User, sponsor: Sponsor, since: date, until: date | None, refusal: type[Exception] | None
) -> None:
    before = Membership.objects.count()
    if refusal is None:
        give(coordinator, mentor, sponsor, Role.MENTOR, since=since, until=until)
        return
    with pytest.raises(refusal):
        give(coordinator, mentor, sponsor, Role.MENTOR, since=since, until=until)
    assert Membership.objects.count() == before


def test_a_stranger_is_given_no_role_without_an_invitation(coordinator: User, outsider: User, sponsor: Sponsor) -> None:
    with pytest.raises(RoleRefused):
        give(coordinator, outsider, sponsor)


def test_who_has_not_come_yet_gets_the_role_with_their_acceptance(coordinator: User, sponsor: Sponsor) -> None:
    assert give(coordinator, invited(coordinator, sponsor).person, sponsor).pending


def test_a_role_ends_after_it_began_and_not_before_today(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    later = give(coordinator, mentor, sponsor, since=TOMORROW)
    for role, until in ((Role.MENTOR, TODAY - timedelta(days=1)), (Role.INSTRUCTOR, later.since)):
        with pytest.raises(RoleInvalid):
            end(coordinator, mentor, role, until)


def test_what_has_ended_stays_as_it_is(coordinator: User, mentor: User) -> None:
    end(coordinator, mentor, Role.MENTOR)
    with pytest.raises(RoleRefused):
        end(coordinator, mentor, Role.MENTOR, TOMORROW)


def test_a_sponsor_keeps_one_administrator(administrator: User, mentor: User, sponsor: Sponsor) -> None:
    with pytest.raises(RoleRefused):
        end(administrator, administrator, Role.ADMINISTRATOR)
    give(administrator, mentor, sponsor, Role.ADMINISTRATOR, until=TODAY + timedelta(days=90))
    with pytest.raises(RoleRefused):
        end(administrator, administrator, Role.ADMINISTRATOR)
    make_person("Second Brooks", Role.ADMINISTRATOR, sponsor=sponsor)
    assert end(administrator, administrator, Role.ADMINISTRATOR).until == TODAY
