"""Where a sponsor lets photographs be uploaded: switched off for a program or a worksite, and traced."""

from collections.abc import Collection

from django.db import transaction

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.models import AuditEvent
from apprenticeship.models import Program, Worksite

Place = Program | Worksite


def places_of(sponsor: Sponsor) -> list[Place]:
    """Every program and every worksite of `sponsor` that is offered, programs first."""
    programs = Program.objects.filter(sponsor=sponsor).order_by("title")
    worksites = Worksite.objects.offered().filter(employer__sponsor=sponsor).select_related("employer")
    return [*programs, *worksites.order_by("employer__name", "name")]


def switch(sponsor: Sponsor, allowed: Collection[str], *, viewer: Viewer) -> int:
    """Allow photographs in the places whose ids are in `allowed` and in no other; returns how many changed.

    What was uploaded before stays. Raises NotPermitted.
    """
    require(viewer, Permission.SET_PHOTOGRAPHS, on=sponsor)
    with transaction.atomic():
        changed = [place for place in places_of(sponsor) if place.photos_allowed != (str(place.pk) in allowed)]
        for place in changed:
            place.photos_allowed = not place.photos_allowed
            place.save(update_fields=["photos_allowed"])
            AuditEvent.objects.create(
                at=viewer.at,
                kind="photographs_allowed" if place.photos_allowed else "photographs_switched_off",
                actor_id=viewer.user_id,
                sponsor_id=sponsor.pk,
                subject=f"{place._meta.model_name}:{place.pk}",
            )
    return len(changed)
