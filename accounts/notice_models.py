"""What people are told: notices in the app, the mails that carry them, and who wants which mail."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.querysets import MailQuerySet, NoticeQuerySet


class NoticeGroup(models.TextChoices):
    """The groups that one chooses by. Stored: never rename one."""

    WAITING = "waiting", _("Waits for you")
    ANSWERS = "answers", _("What became of it")
    DUE = "due", _("Due again")


class Way(models.TextChoices):
    """How mail comes; the notice in the app comes in any case."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, together")
    NEVER = "never", _("Never")


class Mail(models.Model):
    """One row is one mail to one person: about one notice, or (with `day`) about all of a day.

    `claimed_at` is set before the mail server is spoken to and taken back only when the server said no.
    A row that is claimed and neither sent nor dropped may or may not have gone out: it is never sent again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="mails")
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True, help_text="The sponsor's local date of a daily mail.")
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text="Nothing was left to tell, or it was no longer wanted.")

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sponsor", "day"], condition=Q(day__isnull=False), name="mail_daily_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(claimed_at__isnull=False, dropped_at=None), name="mail_sent_was_claimed"
            ),
        ]
        indexes = [
            # Serves the operator: what nobody knows to have gone out.
            models.Index(
                fields=["claimed_at"],
                condition=Q(claimed_at__isnull=False, sent_at=None, dropped_at=None),
                name="mail_unclear",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day or self.created_at:%Y-%m-%d}"


class Notice(models.Model):
    """One row is one thing told to one person in the app, whatever way mail goes.

    `data` holds the few names and numbers its words are made of, never a note, a comment or a reason.
    `over_at` says that nobody needs to look any more: it was answered, withdrawn, or entered by mistake;
    it is emptied again where that was undone. Who reads it sets `read_at`, once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey("acts.OutboxMessage", on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="notices")
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    group = models.CharField(max_length=10, choices=NoticeGroup.choices)
    about = models.UUIDField(help_text="The row that it is about: a request, a book.")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    mail_after = models.DateTimeField(help_text="Mail about it goes no earlier: a signature may still be undone.")
    for_daily_mail = models.BooleanField(default=False)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "person", "kind", "about"], name="notice_told_once"),
            models.CheckConstraint(condition=Q(group__in=NoticeGroup.values), name="notice_group_is_known"),
        ]
        indexes = [
            # Serves the number in the head of every page.
            models.Index(fields=["person"], condition=Q(read_at=None, over_at=None), name="notice_unread"),
            # Serves the list of one person, the newest first.
            models.Index(fields=["person", "-at"], name="notice_by_person"),
            # Serves what ends or revives notices, and "who was told".
            models.Index(fields=["about", "kind"], name="notice_by_what_it_is_about"),
            # Serves the daily mails: what waits for one.
            models.Index(
                fields=["sponsor", "person"],
                condition=Q(for_daily_mail=True, mail=None, read_at=None, over_at=None),
                name="notice_for_daily_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.over_at is None


class NoticeChoice(models.Model):
    """One row is how one person wants mail about one group of notices; without a row the default counts."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="notice_choices")
    group = models.CharField(max_length=10, choices=NoticeGroup.choices)
    way = models.CharField(max_length=10, choices=Way.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "group"], name="notice_choice_once_per_group"),
            models.CheckConstraint(condition=Q(group__in=NoticeGroup.values), name="notice_choice_group_is_known"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="notice_choice_way_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.way}"
