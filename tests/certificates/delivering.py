"""The worker of these tests: it carries out what is told of certificates."""

from datetime import datetime

from acts import outbox
from tests.cast import NOW


def told(at: datetime = NOW) -> int:
    """Deliver what is due at `at`; how many messages."""
    return outbox.relay(at=at, clock=lambda: at, handlers=["tell_of_certificates"])
