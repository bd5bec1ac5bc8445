"""The words for the status of an apprenticeship."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """How an apprenticeship stands; "registered" where nothing was recorded of it yet."""

    REGISTERED = "registered", pgettext_lazy("apprenticeship", "Registered")
    PROBATIONARY = "probationary", pgettext_lazy("apprenticeship", "In probation")
    ACTIVE = "active", pgettext_lazy("apprenticeship", "Active")
    SUSPENDED = "suspended", pgettext_lazy("apprenticeship", "Suspended")
    CANCELLED = "cancelled", pgettext_lazy("apprenticeship", "Cancelled")
    TRANSFERRED = "transferred", pgettext_lazy("apprenticeship", "Transferred")
    COMPLETED = "completed", pgettext_lazy("apprenticeship", "Completed")


RUNNING = frozenset({Status.REGISTERED, Status.PROBATIONARY, Status.ACTIVE})
"""Where asking and signing go on."""
ENDED = frozenset({Status.CANCELLED, Status.TRANSFERRED, Status.COMPLETED})
"""Where nothing more is learned, unless somebody takes it back."""
