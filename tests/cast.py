"""The people of the tests and the instant at which they act.

Everybody belongs to `sponsor`, except the outsider, who coordinates for another one.
"""

from datetime import UTC, date, datetime

from accounts.models import Membership, Role, Sponsor, User
from accounts.viewer import Viewer, build_viewer

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten in the morning of a Monday in New York."""

LONG_AGO = date(2025, 1, 6)
"""The day since which the cast hold their roles."""

PASSWORD = "harbor-lantern-42"


def make_sponsor(name: str = "Empire Compounding", slug: str = "empire") -> Sponsor:
    return Sponsor.objects.create(name=name, slug=slug, time_zone="America/New_York")


def make_person(name: str, *roles: Role, sponsor: Sponsor) -> User:
    """A person called `name`, whose sign-in name is the first word of it, with these roles since long ago."""
    username = name.split(" ")[0].lower()
    person = User.objects.create_user(username=username, name=name, email=f"{username}@example.org", password=PASSWORD)
    for role in roles:
        Membership.objects.create(user=person, sponsor=sponsor, role=role, since=LONG_AGO)
    return person


def viewer_for(user: User | None, at: datetime = NOW) -> Viewer:
    """Who `user` is at the instant `at`; None is the anonymous visitor."""
    return build_viewer(user, at=at)
