"""What of a coordinator's day takes a decision: sets to verify, sign-offs to take back, certificates, months."""

from dataclasses import dataclass

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, TakeBackRequest
from instruction.models import Certificate
from reports.verified_pages import Ready, ready_for
from reports.work import late_months


@dataclass(frozen=True)
class NeedsYou:
    """What `viewer` may decide now; each is empty where they may not."""

    ready: Ready
    take_backs: list[TakeBackRequest]
    certificates: int = 0
    late_months: int = 0


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
    return NeedsYou(
        ready_for(viewer),
        list(asked),
        certificates=_certificates_to_confirm(viewer),
        late_months=len(late_months(viewer)),
    )


def _certificates_to_confirm(viewer: Viewer) -> int:
    """How many certificates wait for this viewer; never their own."""
    may = [s.pk for s in viewer.sponsors if permits(viewer, Permission.CONFIRM_CERTIFICATE, on=s)]
    return Certificate.objects.waiting().filter(sponsor__in=may).exclude(holder=viewer.user_id).count() if may else 0
