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

from accounts.import_models import FileImport as FileImport
from accounts.import_models import FileRow as FileRow
from accounts.invitation_models import Closure as Closure
from accounts.invitation_models import Invitation as Invitation
from accounts.notice_models import Mail as Mail
from accounts.notice_models import Notice as Notice
from accounts.notice_models import NoticeChoice as NoticeChoice
from accounts.notice_models import NoticeGroup as NoticeGroup
from accounts.notice_models import Way as Way
from accounts.qualification_models import Qualification as Qualification
from accounts.querysets import (
    ApiTokenQuerySet,
    IdentityConfirmationQuerySet,
    MembershipQuerySet,
    SignatureAcceptanceQuerySet,
    SigningPinQuerySet,
    SponsorQuerySet,
    UserManager,
)
from acts.models import Authentication

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

    held: "tuple[Membership, ...] | None" = None
    """The memberships, where a request read them along with the account."""

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


class SigningPolicy(models.TextChoices):
    """What a sponsor asks of a signer at the moment of signing; `accounts/proofs.py` enforces it."""

    SESSION = "session", _("Being signed in is enough")
    REAUTHENTICATE = "reauthenticate", _("Password or passkey, good for 15 minutes")
    EVERY = "every", _("Password or passkey for every signature")


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
    signing_policy = models.CharField(
        max_length=20, choices=SigningPolicy.choices, default=SigningPolicy.REAUTHENTICATE
    )
    most_work_hours_a_day = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True, help_text="Blank: nothing but the day itself limits it."
    )
    complaint_contact = models.CharField(max_length=300, blank=True, help_text="Printed on records (29 CFR 29.5(b)).")
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=300, blank=True, help_text="Whom people and agencies reach, and how.")
    default_language = models.CharField(
        max_length=10, blank=True, help_text="Of mail to people who chose none; blank: the language of the site."
    )
    logo = models.ForeignKey(
        "acts.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Earlier ones are kept: papers printed them.",
    )
    usual_mail = models.JSONField(
        default=dict, blank=True, help_text="How mail comes to those who have not chosen: a Way by NoticeGroup."
    )
    is_demo = models.BooleanField(default=False)

    objects = SponsorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signing_policy__in=SigningPolicy.values), name="sponsor_signing_policy_is_known"
            ),
            models.CheckConstraint(
                condition=Q(most_work_hours_a_day=None) | Q(most_work_hours_a_day__gt=0, most_work_hours_a_day__lte=24),
                name="sponsor_most_work_hours_of_one_day",
            ),
            models.CheckConstraint(condition=Q(undo_minutes__lte=1440), name="sponsor_undo_within_a_day"),
            models.CheckConstraint(condition=~Q(name=""), name="sponsor_has_a_name"),
        ]

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
    history: end a role by setting `until`, never by deleting the row. A `pending` one gives no rights and
    tells its holder nothing before they have accepted the sponsor's invitation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    pending = models.BooleanField(default=False)

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
        # Serves the list of people, which asks it for each of thousands: what does this person hold with this sponsor?
        indexes = [models.Index(fields=["user", "sponsor"], name="membership_by_user_and_sponsor")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.sponsor}"


class SignatureAcceptance(models.Model):
    """One row is one person's word to one sponsor that their electronic signature stands for their handwritten one.

    Given once, before the first signature (21 CFR 11.100(c)), in the words kept in `statement`. Insert only:
    what was signed afterwards rests on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="signature_acceptances")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signature_acceptances")
    statement = models.TextField(help_text="The sentence as it was shown and agreed to.")
    language = models.CharField(max_length=10)
    authentication = models.CharField(max_length=20, choices=Authentication.choices)
    accepted_at = models.DateTimeField()

    objects = SignatureAcceptanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sponsor", "person"], name="acceptance_once_per_sponsor_and_person"),
            models.CheckConstraint(condition=~Q(statement=""), name="acceptance_says_what_was_accepted"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.sponsor}"


class IdentityMeans(models.TextChoices):
    """How somebody made sure that an account belongs to the person it names."""

    DOCUMENT = "document", _("I saw their photo ID, face to face")
    KNOWN = "known", _("I know them in person from work")
    VIDEO = "video", _("I saw their photo ID in a video call")
    FILE = "file", _("Our personnel office checked it when they were hired")


class IdentityConfirmation(models.Model):
    """One row says who confirmed one person's identity to one sponsor, how and when (21 CFR 11.100(b)).

    Insert only; confirmed again, say after a change of name, is another row. Nobody confirms themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="identity_confirmations")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identity_confirmations")
    how = models.CharField(max_length=20, choices=IdentityMeans.choices)
    confirmed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Blank only for the operator, who confirms a sponsor's first administrator.",
    )
    confirmed_at = models.DateTimeField()

    objects = IdentityConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("person")), name="identity_confirmed_by_another"
            ),
            models.CheckConstraint(condition=Q(how__in=IdentityMeans.values), name="identity_means_is_known"),
        ]
        indexes = [models.Index(fields=["person", "sponsor"], name="identity_by_person_and_sponsor")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_how_display()}"


class TokenScope(models.TextChoices):
    """What a token may be used for; `accounts/access.py` says which permissions that leaves."""

    READ = "read", _("Read")


class ApiToken(models.Model):
    """One row is one access token of one person, good for one sponsor until a day. The token itself is not kept.

    `digest` is its SHA-256 and `prefix` its first signs, by which its owner recognizes it. Never delete
    one and never take `revoked_at` back: the row tells who could read what, and until when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="What it is for, in the words of its owner.")
    prefix = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(help_text="A list of TokenScope codes.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, help_text="Exact to a minute.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_it_is_made"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_when_and_by_whom",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}"

    def is_live(self, at: datetime) -> bool:
        """Whether it opens anything at the instant `at`: not revoked and not run out."""
        return self.revoked_at is None and at < self.expires_at


class RateWindow(models.Model):
    """One row counts the requests of one token, person or address in the minute that began at `starts_at`.

    It tells nothing about any earlier minute and may be deleted at any time: its owner then starts afresh.
    """

    who = models.CharField(primary_key=True, max_length=140)
    starts_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.who}: {self.count}"


class SigningPin(models.Model):
    """One row is the PIN with which one person signs on shared devices, as a hash of Django's password hashers.

    `failures` counts wrong tries since the last right one; a try is counted before it is looked at, so that
    many at once don't slip through. Only its owner sets it; it opens nothing but a registered device.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="signing_pin")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    objects = SigningPinQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(hash=""), name="pin_has_a_hash")]

    def __str__(self) -> str:
        return f"PIN of {self.user_id}"
