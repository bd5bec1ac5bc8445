"""What only time brings about: certificates that run out, told 60, 30 and 7 days before and on the day, once each.

May run at any moment, twice, or after days of standstill: the reminder is a row, written in one transaction with
the message that gives it.
"""

import uuid
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from instruction.certificate_telling import announce_due
from instruction.models import Certificate, CertificateReminder

STAGES = (0, 7, 30, 60)
"""Days before the last day. After a standstill only the nearest of the stages that were missed is told."""
AT_ONCE = 200
"""How many certificates one message names at most."""


def remind(*, at: datetime) -> int:
    """Tell of certificates that run out; returns how many."""
    horizon = (at + timedelta(days=max(STAGES) + 1)).date()
    rows = Certificate.objects.current().due_until(horizon).select_related("sponsor").order_by("sponsor", "due_on")
    known = set(CertificateReminder.objects.filter(certificate__in=rows).values_list("certificate", "stage"))
    groups: dict[tuple[uuid.UUID, int], list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        stage = _stage(row, at=at)
        if stage is not None and (row.pk, stage) not in known:
            groups[row.sponsor_id, stage].append(row.pk)
    told = 0
    for (_sponsor, stage), found in groups.items():
        for start in range(0, len(found), AT_ONCE):
            told += _give(found[start : start + AT_ONCE], stage, at=at)
    return told


def _stage(row: Certificate, *, at: datetime) -> int | None:
    """Within how many days it runs out (0: it has); None while that is far off."""
    if row.due_on is None:
        return None
    left = (row.due_on - row.sponsor.local_date(at)).days
    return next((days for days in STAGES if left <= days), None) if left >= 0 else 0


def _give(certificates: list[uuid.UUID], stage: int, *, at: datetime) -> int:
    """Note the reminders and announce those that nobody had given, in one transaction of their own.

    Of two callers at once the second waits at the row, and then finds it given.
    """
    with transaction.atomic():
        new = [pk for pk in certificates if _is_new(pk, stage, at=at)]
        if new:
            announce_due(new, days=stage, at=at)
    return len(new)


def _is_new(certificate: uuid.UUID, stage: int, *, at: datetime) -> bool:
    _row, made = CertificateReminder.objects.get_or_create(
        certificate_id=certificate, stage=stage, defaults={"given_at": at}
    )
    return made
