"""The right to run one periodic task: taken in the database, so that two schedulers do no harm."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from acts.models import Lease


def take_lease(name: str, *, seconds: float, at: datetime) -> bool:
    """Whether `name` may be run now; if so, nobody else gets it for `seconds` from `at`.

    Two askers at the same instant meet in one conditional UPDATE, or in the primary key the very
    first time. A lease is never given back: it runs out, also when its holder died.
    """
    until = at + timedelta(seconds=seconds)
    if Lease.objects.filter(name=name, held_until__lte=at).update(held_until=until):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, held_until=until)
    except IntegrityError:
        return False
    return True
