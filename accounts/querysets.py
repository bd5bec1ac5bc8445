"""Reading people, sponsors and memberships."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from accounts.qualification_querysets import of_this_membership

if TYPE_CHECKING:
    from accounts.models import (  # noqa: F401  # names of the generic parameters
        ApiToken,
        Closure,
        IdentityConfirmation,
        Invitation,
        Mail,
        Membership,
        Notice,
        SignatureAcceptance,
        SigningPin,
        Sponsor,
        User,
    )
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
        rows = self.filter(models.Q(user=viewer.user_id) | models.Q(sponsor__in=viewer.overseen_sponsor_ids))
        return rows.filter(sponsor=viewer.bound_to) if viewer.bound_to else rows

    def in_force(self, today: date) -> "MembershipQuerySet":
        """Those that hold on the local date `today`, also of people who are invited and have not yet come."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=today), since__lte=today)

    def accepted(self) -> "MembershipQuerySet":
        """Those whose holder has come: the others give no rights, and nothing is told to whom they name."""
        return self.filter(pending=False)

    def with_readiness(self) -> "MembershipQuerySet":
        """Each with `has_accepted` and `is_identified`, whether its holder may sign with that sponsor at all, and
        with their `qualifications` there.

        Within the same query, because every signature asks it.
        """
        return self.annotate(
            has_accepted=_of_this_membership("SignatureAcceptance"),
            is_identified=_of_this_membership("IdentityConfirmation"),
            qualifications=of_this_membership(),
        )


def _of_this_membership(table: str) -> models.Exists:
    rows: models.QuerySet[models.Model] = apps.get_model("accounts", table)._default_manager.all()
    return models.Exists(rows.filter(person=models.OuterRef("user"), sponsor=models.OuterRef("sponsor")))


class SignatureAcceptanceQuerySet(models.QuerySet["SignatureAcceptance"]):
    def visible_to(self, viewer: "Viewer") -> "SignatureAcceptanceQuerySet":
        """One's own, and those of people of sponsors that one administers, coordinates or audits."""
        return self.filter(_own_or_overseen(viewer))


class IdentityConfirmationQuerySet(models.QuerySet["IdentityConfirmation"]):
    def visible_to(self, viewer: "Viewer") -> "IdentityConfirmationQuerySet":
        """Those about oneself, and those of people of sponsors that one administers, coordinates or audits."""
        return self.filter(_own_or_overseen(viewer))


def _own_or_overseen(viewer: "Viewer") -> models.Q:
    rows = models.Q(person=viewer.user_id) | models.Q(sponsor__in=viewer.overseen_sponsor_ids)
    return rows & models.Q(sponsor=viewer.bound_to) if viewer.bound_to else rows


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, viewer: "Viewer") -> "InvitationQuerySet":
        """One's own, and those of sponsors that one administers, coordinates or audits."""
        return self.filter(_own_or_overseen(viewer))

    def newest_first(self) -> "InvitationQuerySet":
        """By the instant they were made; of two of the same instant, the one that replaced the other comes first."""
        return self.order_by("-made_at", models.F("withdrawn_at").desc(nulls_first=True), "pk")

    def unanswered(self) -> "InvitationQuerySet":
        """Those that were neither accepted nor withdrawn; they may have run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, viewer: "Viewer") -> "ClosureQuerySet":
        """Those of people of sponsors that one administers, coordinates or audits, and one's own."""
        return self.filter(_own_or_overseen(viewer))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, viewer: "Viewer") -> "ApiTokenQuerySet":
        """One's own, also those that no longer open anything."""
        return self.filter(user=viewer.user_id)

    def newest_first(self) -> "ApiTokenQuerySet":
        """By the instant they were made, the last one first."""
        return self.order_by("-created_at", "pk")

    def used(self, token: "ApiToken", *, at: datetime) -> None:
        """Note that `token` was used at `at`; at most once a minute, so that reading writes little."""
        minute_ago = at - timedelta(minutes=1)
        if token.last_used_at is None or token.last_used_at <= minute_ago:
            unseen = models.Q(last_used_at=None) | models.Q(last_used_at__lte=minute_ago)
            self.filter(unseen, pk=token.pk).update(last_used_at=at)


class SigningPinQuerySet(models.QuerySet["SigningPin"]):
    def visible_to(self, viewer: "Viewer") -> "SigningPinQuerySet":
        """One's own."""
        return self.filter(user=viewer.user_id)


class MailQuerySet(models.QuerySet["Mail"]):
    def visible_to(self, viewer: "Viewer") -> "MailQuerySet":
        """Those that went to oneself."""
        return self.filter(person=viewer.user_id)

    def unclear(self) -> "MailQuerySet":
        """Those of which nobody knows whether they went out: claimed, and nothing came of it."""
        return self.filter(claimed_at__isnull=False, sent_at=None, dropped_at=None)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, viewer: "Viewer") -> "NoticeQuerySet":
        """One's own."""
        return self.filter(person=viewer.user_id)

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-at", "-pk")

    def unread(self) -> "NoticeQuerySet":
        """Those that still want to be looked at."""
        return self.filter(read_at=None, over_at=None)

    def for_daily_mail(self, *, at: datetime) -> "NoticeQuerySet":
        """Those that a daily mail at `at` would carry: unread, unsent, and no longer held back."""
        return self.unread().filter(for_daily_mail=True, mail=None, mail_after__lte=at)
