"""Reading people, sponsors and memberships."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

if TYPE_CHECKING:
    from accounts.models import Membership, Sponsor, User  # noqa: F401  # names of the generic parameters
    from accounts.viewer import Viewer


class UserManager(BaseUserManager["User"]):
    """Making people and finding them by sign-in name."""

    def create_user(self, *, username: str, name: str, password: str | None = None, **extra: Any) -> "User":
        """A new person; without `password` nobody can log in as them. Sign-in names are lower case."""
        user = self.model(username=username.lower(), name=name, **extra)
        user.email = self.normalize_email(user.email).lower()
        user.set_password(password)
        user.save(force_insert=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class SponsorQuerySet(models.QuerySet["Sponsor"]):
    def visible_to(self, viewer: "Viewer") -> "SponsorQuerySet":
        """The sponsors with whom `viewer` holds any role now."""
        return self.filter(pk__in=viewer.sponsor_ids)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, viewer: "Viewer") -> "MembershipQuerySet":
        """One's own memberships, and those of sponsors that one administers, coordinates or audits."""
        return self.filter(models.Q(user=viewer.user_id) | models.Q(sponsor__in=viewer.overseen_sponsor_ids))
