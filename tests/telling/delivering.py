"""The worker of the tests: it carries out what is due at an instant."""

from datetime import datetime

from accounts.models import Notice, User
from acts import outbox
from tests.cast import NOW


def told(at: datetime = NOW) -> int:
    """Deliver all announcements that are due at `at`; how many."""
    return outbox.relay(at=at, clock=lambda: at, handlers=["tell"])


def mailed(at: datetime = NOW) -> int:
    """Deliver all mails that are due at `at`; how many messages were settled."""
    return outbox.relay(at=at, clock=lambda: at, handlers=["mail"])


def notices(person: User) -> list[str]:
    """The kinds of what `person` was told and has not read, the oldest first."""
    rows = Notice.objects.filter(person=person).unread().order_by("at", "pk")
    return list(rows.values_list("kind", flat=True))
