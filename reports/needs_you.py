"""What of a coordinator's day takes a decision: sign-offs to take back, and what NEEDS counts."""

from dataclasses import dataclass

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, TakeBackRequest
from reports.needs_today import NeedLine, lines_for


@dataclass(frozen=True)
class NeedsYou:
    """What `viewer` may decide now; each is empty where they may not."""

    take_backs: list[TakeBackRequest]
    lines: list[NeedLine]


def needs_of(viewer: Viewer) -> NeedsYou:
    """What waits for the decision of `viewer`; as many queries at any size. Nobody decides in their own book."""
    sponsors = [sponsor.pk for sponsor in viewer.sponsors if permits(viewer, Permission.TAKE_BACK_ANY, on=sponsor)]
    asked = (
        TakeBackRequest.objects.waiting()
        .filter(apprenticeship__in=Apprenticeship.objects.visible_to(viewer).filter(sponsor__in=sponsors))
        .exclude(apprenticeship__apprentice=viewer.user_id)
        .select_related("asked_by", "sign_off__skill", "sign_off__signer", "apprenticeship__apprentice")
        .select_related("apprenticeship__sponsor")
    )
    return NeedsYou(list(asked), lines_for(viewer))
