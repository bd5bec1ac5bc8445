"""People, sponsors (the tenants) and the roles that people hold with them."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.querysets import MembershipQuerySet, SponsorQuerySet, UserManager

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class Role(models.TextChoices):
    """What a person is to a sponsor; `accounts/access.py` says what each may do."""

    ADMINISTRATOR = "administrator", _("Sponsor administrator")
    COORDINATOR = "coordinator", _("Program coordinator")
    MENTOR = "mentor", _("Mentor")
    INSTRUCTOR = "instructor", _("Instructor")
    APPRENTICE = "apprentice", _("Apprentice")
    AUDITOR = "auditor", _("Auditor")


class User(AbstractBaseUser):
    """One row is one person, with one account for all sponsors they deal with.

    Never reassign an account to another person and never delete one that signed something:
    signatures name it (21 CFR 11.100). Close it with `is_active` instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    email = models.EmailField(_("mail address"), blank=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("As it shall be printed beside signatures."))
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_sign_in_name_unique"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_mail_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name, for greetings."""
        return self.name.split(" ")[0]


class Sponsor(models.Model):
    """One row is one sponsor of registered apprenticeship programs: the tenant.

    Everything a sponsor owns points here. Never delete one; its records outlive it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(max_length=60, default="America/New_York")
    undo_minutes = models.PositiveSmallIntegerField(
        default=30, help_text="How long a signer may take back their own entry as entered by mistake."
    )
    complaint_contact = models.CharField(max_length=300, blank=True, help_text="Printed on records (29 CFR 29.5(b)).")
    is_demo = models.BooleanField(default=False)

    objects = SponsorQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def sponsor_id(self) -> uuid.UUID:
        """The tenant that this row belongs to: itself."""
        return self.id

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this sponsor's local dates are judged."""
        return ZoneInfo(self.time_zone)

    def local_date(self, at: datetime) -> date:
        """The sponsor's calendar date at the instant `at`."""
        return at.astimezone(self.zone).date()

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds with this sponsor by membership."""
        return viewer.roles_with(self.id)


class Membership(models.Model):
    """One row is one role that one person holds with one sponsor, from a date, until a date.

    `since` is inclusive, `until` exclusive; both are the sponsor's local dates. Rows are kept as
    history: end a role by setting `until`, never by deleting the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="membership_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["user", "sponsor", "role"], condition=Q(until=None), name="membership_open_once_per_role"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.sponsor}"
