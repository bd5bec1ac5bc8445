"""The states that a skill can be in, with the words that every page, file and paper uses for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """One state of one skill in one book; each has a shape of the same code in `templates/symbols.html`."""

    SIGNED_OFF = "signed_off", _("Signed off")
    IN_TRAINING = "in_training", _("In training")
    NOT_STARTED = "not_started", _("Not started")
    WAITING = "waiting", _("Waiting")
    DUE_AGAIN = "due_again", _("Due again")
    NO_LONGER_STANDS = "no_longer_stands", _("No longer stands")
    CREDIT = "credit", _("Credit")
    TRANSCRIBED = "transcribed", _("From paper")
