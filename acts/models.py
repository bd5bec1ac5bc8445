"""Acts, their traces and what they send out. The lowest layer: it knows the user only by setting."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.digests import DigestField
from acts.ids import ordered_id


class Authentication(models.TextChoices):
    """How the person behind an act was authenticated at that moment.

    What counts as a proof that lasts, and for how long, says `accounts/proofs.py`.
    """

    SESSION = "session", _("signed-in session")
    REAUTHENTICATED = "reauthenticated", _("password, within 15 minutes")
    PASSKEY = "passkey", _("passkey, within 15 minutes")
    PIN = "pin", _("PIN on a shared device")
    TOKEN = "token", _("access token")
    COMMAND = "command", _("command of the operator")


class Act(models.Model):
    """One row is one submitted act: one press of a button, one API write, one command.

    It is written in the same transaction as what it did, so a failed act leaves no row.
    Never delete one: entries of the record point here, and a replay would then act twice.
    """

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="acts",
        db_index=False,  # the unique key begins with it
        help_text="Blank only for commands of the operator.",
    )
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    request_hash = DigestField()
    at = models.DateTimeField()
    authentication = models.CharField(max_length=20, choices=Authentication.choices)
    result_ids = models.JSONField(default=list, help_text="What it made, in order; blank where its entries tell.")
    station_id = models.UUIDField(null=True, help_text="The shared device on which it was done.")
    station_turn = models.UUIDField(null=True, help_text="The one time somebody unlocked that device, for this act.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="act_once_per_actor_and_key"),
            models.UniqueConstraint(fields=["key"], condition=Q(actor=None), name="act_once_per_command_key"),
            models.CheckConstraint(
                condition=Q(actor__isnull=False) | Q(authentication=Authentication.COMMAND),
                name="act_has_an_actor_or_is_a_command",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="act_has_a_key"),
            models.CheckConstraint(
                condition=Q(station_id=None, station_turn=None)
                | Q(station_id__isnull=False, station_turn__isnull=False),
                name="act_station_and_turn_together",
            ),
            # Who unlocks a shared device does one act there, however many forms are sent at once.
            models.UniqueConstraint(
                fields=["station_turn"], condition=Q(station_turn__isnull=False), name="act_once_per_station_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class AuditEvent(models.Model):
    """One row says that something happened outside the training record: a login, a token, a setting.

    It names its subjects by value and holds no foreign key, so that no deletion is blocked by it
    or follows it. Never update or delete one before its retention ends.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    sponsor_id = models.UUIDField(null=True, db_index=True)
    subject = models.CharField(max_length=120, blank=True, help_text="What it is about, as kind:id.")
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class OutboxMessage(models.Model):
    """One row is one effect to carry out after a commit: a mail, a render, a webhook.

    It is written in the transaction that causes it and delivered at least once; the handler must
    be safe to run twice. Delivered rows are kept as the trace of what was sent.
    """

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False)
    handler = models.CharField(max_length=60, help_text="A name from settings.OUTBOX_HANDLERS.")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="Given up after the last attempt.")
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(failed_at=None), name="outbox_delivered_or_failed"
            ),
        ]
        indexes = [
            # Serves the relay: what is due and still open.
            models.Index(fields=["due_at"], name="outbox_open_by_due", condition=Q(delivered_at=None, failed_at=None)),
            # Serves the operator: what was given up.
            models.Index(fields=["failed_at"], name="outbox_given_up", condition=Q(failed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.id}"


class StoredFile(models.Model):
    """One row is the bytes of one file of one sponsor, found by the SHA-256 of what is kept.

    The storage name is random, so an address tells nothing. Rows are never changed; only a purge
    removes the bytes and then says so in `removed_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor_id = models.UUIDField(db_index=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    file = models.FileField(max_length=200)
    stored_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sponsor_id", "sha256"], name="stored_file_once_per_sponsor"),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"


class SealedText(models.Model):
    """One row is a text that a record entry carries only as a digest: SHA-256 of salt and text.

    Insert only. A purge, and nothing else, blanks text and salt; the entry stays verifiable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor_id = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    sealed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(text="", salt=""), name="sealed_text_removed_is_blank"
            ),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Lease(models.Model):
    """One row is the right to run one periodic task until `held_until`; two schedulers do no harm."""

    name = models.CharField(primary_key=True, max_length=80)
    held_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.held_until:%Y-%m-%d %H:%M:%S}"


class Installation(models.Model):
    """The one row names this installation; every entry of the record carries its id as origin.

    Never change it: a record of another installation is told apart by it.
    """

    only = models.BooleanField(primary_key=True, default=True)
    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="one_installation")]

    def __str__(self) -> str:
        return str(self.id)


_known_origin: list[str] = []


def origin() -> str:
    """The id of this installation as text; made at the first asking, and then read once in a process.

    What a transaction that is rolled back has read may vanish with it, so only a commit makes it known.
    """
    if _known_origin:
        return _known_origin[0]
    found = str(Installation.objects.get_or_create(only=True)[0].id)
    transaction.on_commit(lambda: _known_origin.__setitem__(slice(None), [found]))
    return found


def forget_origin() -> None:
    """Ask the database again: for tests, which empty it."""
    _known_origin.clear()
