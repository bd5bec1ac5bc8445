"""What the demo's people were told in the last week, some of it read."""

from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import Notice
from acts.models import OutboxMessage
from acts.outbox import relay
from apprenticeship import reminding
from apprenticeship.announcing import HANDLER

TOLD_SINCE = timedelta(days=8, hours=12)
READ_BEFORE = timedelta(days=3)


def let_it_be_told(*, now: datetime) -> None:
    """Deliver what the last days' acts announced; of the long histories before nobody is told today.

    The mails go out when the worker starts: into files, in the demo.
    """
    before = OutboxMessage.objects.filter(handler=HANDLER, created_at__lt=now - TOLD_SINCE)
    before.update(delivered_at=F("created_at"))
    reminding.hand_on(at=now)
    reminding.announce_due(at=now)
    while relay(at=now, clock=lambda: now, handlers=[HANDLER]):
        pass
    Notice.objects.filter(at__lt=now - READ_BEFORE).update(read_at=F("at") + timedelta(hours=2))
