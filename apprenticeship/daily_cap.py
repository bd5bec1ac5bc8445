"""How many hours on the job a sponsor allows in one day: set by its administrator, with a trace of what held before."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from apprenticeship.plain_hours import is_within_a_day


class CapInvalid(Exception):
    """Wrong input: hours that no day has. The edge answers 400."""

    message = gettext_lazy("Enter the hours in quarters, more than 0 and at most 24, for example 10.5.")


def set_daily_cap(*, viewer: Viewer, key: str, sponsor: Sponsor, hours: Decimal | None) -> Sponsor:
    """Let nobody log or approve more than `hours` on the job in one day from now on; None: the day itself limits it.

    What was approved before stays. Saying what holds already leaves no trace. Raises NotPermitted, KeyReused,
    CapInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.SET_DAILY_CAP, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="set_daily_cap",
            request={"sponsor": str(sponsor.pk), "hours": None if hours is None else str(hours)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        locked = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
        if begun.is_replay:
            return locked
        if hours is not None and not is_within_a_day(hours):
            raise CapInvalid
        before, locked.most_work_hours_a_day = locked.most_work_hours_a_day, hours
        if before != hours:
            locked.save(update_fields=["most_work_hours_a_day"])
            note_event(
                "daily_cap_set",
                at=viewer.at,
                actor_id=viewer.user_id,
                sponsor_id=sponsor.pk,
                subject=f"sponsor:{sponsor.pk}",
                data={"from": None if before is None else str(before), "to": None if hours is None else str(hours)},
            )
        finish_act(begun.act, [sponsor.pk])
        return locked
