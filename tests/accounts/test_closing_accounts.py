"""Closing an account: it ends what is here; whether the person is with another sponsor does not show."""

import pytest

from accounts.access import NotPermitted
from accounts.closing import CloseInvalid, close_account, reopen_account
from accounts.models import Invitation, Membership, Role, Sponsor, User
from accounts.people import PeopleInvalid
from accounts.roles import NewRole, RoleRefused, give_role
from acts.models import AuditEvent
from tests.accounts.inviting import invited, newcomer
from tests.cast import LONG_AGO, TODAY, make_person, viewer_for


def close(by: User, person: User, sponsor: Sponsor, *, key: str = "close", reason: str = "Made twice") -> None:
    close_account(viewer=viewer_for(by), key=key, sponsor=sponsor, person=person, reason=reason)


def reopen(by: User, person: User, sponsor: Sponsor, *, key: str = "open") -> None:
    reopen_account(viewer=viewer_for(by), key=key, sponsor=sponsor, person=person)


def test_a_closed_account_holds_no_role_and_lets_nobody_in(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    for _press in range(2):
        close(coordinator, mentor, sponsor)
    mentor.refresh_from_db()
    assert (mentor.is_active, mentor.memberships.get().until) == (False, TODAY)
    assert AuditEvent.objects.get(kind="account_closed").data == {"reason": "Made twice", "roles": ["mentor"]}
    for _press in range(2):
        reopen(coordinator, mentor, sponsor)
    mentor.refresh_from_db()
    assert (mentor.is_active, viewer_for(mentor).memberships) == (True, ())


def test_who_is_with_another_sponsor_loses_only_what_they_had_here(
    coordinator: User, outsider: User, sponsor: Sponsor, other_sponsor: Sponsor
) -> None:
    Membership.objects.create(user=outsider, sponsor=sponsor, role=Role.MENTOR, since=LONG_AGO)
    close(coordinator, outsider, sponsor)
    outsider.refresh_from_db()
    assert outsider.is_active
    assert viewer_for(outsider).sponsors == (other_sponsor,)


def test_an_open_invitation_goes_with_it(coordinator: User, sponsor: Sponsor) -> None:
    person = invited(coordinator, sponsor).person
    close(coordinator, person, sponsor)
    assert not Invitation.objects.unanswered().exists()
    with pytest.raises(PeopleInvalid):
        invited(coordinator, sponsor)


def test_a_closed_account_is_given_nothing(coordinator: User, mentor: User, sponsor: Sponsor) -> None:
    close(coordinator, mentor, sponsor)
    new = NewRole(Role.INSTRUCTOR, TODAY)
    with pytest.raises(RoleRefused):
        give_role(viewer=viewer_for(coordinator), key="g", sponsor=sponsor, person=mentor, new=new)
    with pytest.raises(PeopleInvalid):
        invited(coordinator, sponsor, newcomer(mentor.name, mentor.email, Role.INSTRUCTOR))


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_closes_or_opens(sponsor: Sponsor, deputy: User, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        close(person, deputy, sponsor)
    with pytest.raises(NotPermitted):
        reopen(person, deputy, sponsor)


def test_a_coordinator_does_not_close_an_administrator(
    coordinator: User, administrator: User, sponsor: Sponsor
) -> None:
    with pytest.raises(NotPermitted):
        close(coordinator, administrator, sponsor)


def test_what_is_refused_changes_nothing(
    administrator: User, coordinator: User, mentor: User, outsider: User, sponsor: Sponsor
) -> None:
    for person, refusal in ((administrator, RoleRefused), (outsider, RoleRefused)):
        with pytest.raises(refusal):
            close(administrator, person, sponsor)
    with pytest.raises(CloseInvalid):
        close(administrator, mentor, sponsor, reason="  ")
    with pytest.raises(RoleRefused):
        reopen(administrator, mentor, sponsor)
    second = make_person("Second Brooks", Role.ADMINISTRATOR, sponsor=sponsor)
    close(administrator, second, sponsor, key="second")
    with pytest.raises(RoleRefused):
        close(administrator, second, sponsor, key="again")
    assert Membership.objects.filter(until=None, sponsor=sponsor).count() == 3
