"""What was brought to mind by time alone, so that it is brought to mind once."""

from django.db import models
from django.db.models import Q


class ReminderKind(models.TextChoices):
    """What time brings about. Stored: never rename one."""

    HANDED_ON = "handed_on"
    NOBODY = "nobody"
    NEW_SIGNER = "new_signer"
    DUE = "due"
    MONTH_DUE = "month_due"
    MONTH_LATE = "month_late"


class Reminder(models.Model):
    """One row says that one reminder was given: of what, and which of several about it.

    It is written with the message that gives it, so that a killed worker neither forgets nor repeats one.
    `subject` is the asking, the signature or the book; `stage` the instant of the asking, the person who is told of
    it later, the days before, or the month. Never delete one while its subject lives: it would be given again.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    subject = models.UUIDField()
    stage = models.CharField(max_length=40)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "stage"], name="reminder_given_once"),
            models.CheckConstraint(condition=Q(kind__in=ReminderKind.values), name="reminder_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stage} {self.subject}"
