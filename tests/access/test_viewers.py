"""Who is looking, with which roles, at which instant: memberships hold on the sponsor's own calendar days."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted, Permission, acting_role, permits, require
from accounts.models import Membership, Role, Sponsor, User
from accounts.viewer import build_viewer
from apprenticeship.models import Apprenticeship
from tests.cast import LONG_AGO, NOW, PASSWORD, fresh, make_mentorship, make_person, make_sponsor, viewer_for

MIDNIGHT_IN_NEW_YORK = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
SECOND_BEFORE = datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "at", "holds"),
    [
        (date(2026, 3, 3), None, SECOND_BEFORE, False),
        (date(2026, 3, 3), None, MIDNIGHT_IN_NEW_YORK, True),
        (LONG_AGO, date(2026, 3, 3), SECOND_BEFORE, True),
        (LONG_AGO, date(2026, 3, 3), MIDNIGHT_IN_NEW_YORK, False),
    ],
)
def test_a_role_begins_and_ends_at_midnight_of_the_sponsors_zone(
    since: date, until: date | None, at: datetime, holds: bool, sponsor: Sponsor, coordinator: User
) -> None:
    Membership.objects.filter(user=coordinator).update(since=since, until=until)
    assert (viewer_for(coordinator, at).roles_with(sponsor.pk) == {Role.COORDINATOR}) is holds


def test_the_same_instant_is_another_day_elsewhere(sponsor: Sponsor, coordinator: User) -> None:
    tokyo = make_sponsor("Tokyo Compounding", "tokyo")
    tokyo.time_zone = "Asia/Tokyo"
    tokyo.save(update_fields=["time_zone"])
    Membership.objects.create(user=coordinator, sponsor=tokyo, role=Role.AUDITOR, since=date(2026, 3, 3))
    viewer = viewer_for(coordinator, datetime(2026, 3, 2, 15, 0, tzinfo=UTC))
    assert (viewer.today(sponsor), viewer.today(tokyo)) == (date(2026, 3, 2), date(2026, 3, 3))
    assert viewer.roles_with(tokyo.pk) == {Role.AUDITOR}


def test_a_role_with_one_sponsor_is_none_with_another(outsider: User, sponsor: Sponsor, other_sponsor: Sponsor) -> None:
    viewer = viewer_for(outsider)
    assert viewer.roles_with(sponsor.pk) == set()
    assert viewer.overseen_sponsor_ids == {other_sponsor.pk}


def test_a_closed_account_and_a_visitor_hold_no_role(coordinator: User) -> None:
    coordinator.is_active = False
    for viewer in (viewer_for(coordinator), viewer_for(None)):
        assert (viewer.is_anonymous, viewer.memberships, viewer.user_id) == (True, (), None)
        with pytest.raises(TypeError):
            _ = viewer.person


def test_a_viewer_is_built_with_one_query(coordinator: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        viewer = build_viewer(coordinator, at=NOW)
        assert [s.name for s in viewer.sponsors] == ["Empire Compounding"]
    assert len(queries) == 1


def test_in_ones_own_book_one_is_the_apprentice_and_nothing_else(
    apprenticeship: Apprenticeship, apprentice: User, sponsor: Sponsor
) -> None:
    for role in Role:
        Membership.objects.get_or_create(user=apprentice, sponsor=sponsor, role=role, defaults={"since": LONG_AGO})
    make_mentorship(apprenticeship, apprentice)
    viewer, book = viewer_for(apprentice), fresh(apprenticeship)
    assert book.roles_of(viewer) == {Role.APPRENTICE}
    refused = {Permission.SIGN_OFF, Permission.TAKE_BACK, Permission.RECORD_HOURS}
    assert not any(permits(viewer, permission, on=book) for permission in refused)
    assert permits(viewer, Permission.READ_RECORD, on=book)


def test_an_apprentice_keeps_their_book_after_the_membership_ended(
    apprenticeship: Apprenticeship, apprentice: User
) -> None:
    Membership.objects.filter(user=apprentice).update(until=date(2026, 2, 1))
    viewer = viewer_for(apprentice)
    assert Apprenticeship.objects.visible_to(viewer).get() == apprenticeship
    require(viewer, Permission.READ_RECORD, on=apprenticeship)


@pytest.mark.parametrize(
    ("roles", "permission", "acting"),
    [
        ((Role.COORDINATOR, Role.ADMINISTRATOR), Permission.TAKE_BACK, Role.COORDINATOR),
        ((Role.MENTOR, Role.COORDINATOR), Permission.TAKE_BACK, Role.MENTOR),
        ((Role.MENTOR, Role.COORDINATOR), Permission.RECORD_HOURS, Role.COORDINATOR),
    ],
)
def test_of_several_roles_the_one_nearest_to_the_work_is_printed(
    roles: tuple[Role, ...], permission: Permission, acting: Role, apprenticeship: Apprenticeship, sponsor: Sponsor
) -> None:
    person = make_person("Sue Several", *roles, sponsor=sponsor)
    make_mentorship(apprenticeship, person)
    assert acting_role(viewer_for(person), permission, on=fresh(apprenticeship)) == acting


def test_a_narrowed_viewer_does_only_what_is_left(apprenticeship: Apprenticeship, mentor: User) -> None:
    narrowed = build_viewer(mentor, at=NOW, allowed=[Permission.READ_RECORD])
    assert permits(narrowed, Permission.READ_RECORD, on=apprenticeship)
    with pytest.raises(NotPermitted) as refusal:
        require(narrowed, Permission.SIGN_OFF, on=apprenticeship)
    assert refusal.value.permission == Permission.SIGN_OFF
    assert not permits(narrowed, Permission.RECORD_HOURS, on=apprenticeship)


def test_narrowing_never_gives_what_no_role_gives(apprenticeship: Apprenticeship, auditor: User) -> None:
    widened = build_viewer(auditor, at=NOW, allowed=list(Permission))
    assert not permits(widened, Permission.SIGN_OFF, on=apprenticeship)


def test_a_role_taken_away_is_gone_at_the_next_request(
    apprenticeship: Apprenticeship, coordinator: User, client: Client
) -> None:
    client.login(username=coordinator.username, password=PASSWORD)
    address = f"/records/{apprenticeship.pk}/"
    assert client.get(address).status_code == 200
    Membership.objects.filter(user=coordinator).update(until=date(2025, 2, 1))
    assert client.get(address).status_code == 404
