"""The pages of the sponsor's verification: what is verified of one record, and what is ready across all."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.viewer import Viewer
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from apprenticeship.querysets import ApprenticeshipQuerySet
from reports.overview import named_like
from reports.progress import progress_of
from reports.to_verify import ReadyLine, ready_lines
from reports.verified import verified_of


@dataclass(frozen=True)
class Ready:
    """The sets that a viewer may verify now, by apprentice."""

    lines: list[ReadyLine]

    @property
    def sets(self) -> int:
        return sum(len(line.sets) for line in self.lines)


def ready_for(viewer: Viewer, query: str = "") -> Ready:
    """What `viewer` may verify now, of everybody where they may verify at all; four queries at any size."""
    return Ready(ready_lines(named_like(_verifiable(viewer), query), viewer=viewer))


def _verifiable(viewer: Viewer) -> ApprenticeshipQuerySet:
    """The books of the sponsors with whom `viewer` may verify."""
    sponsors = [sponsor.pk for sponsor in viewer.sponsors if permits(viewer, Permission.VERIFY, on=sponsor)]
    return Apprenticeship.objects.visible_to(viewer).filter(sponsor__in=sponsors)


@page(Permission.VERIFY)
@require_safe
def to_verify(request: HttpRequest) -> HttpResponse:
    """Every set that is ready for the sponsor's verification, by apprentice; to be found by name."""
    query = request.GET.get("q", "").strip()
    context = {"ready": ready_for(viewer_of(request), query), "query": query}
    return render(request, "reports/to_verify.html", context)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_verified(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """What the sponsor has verified of one record, set by set, and what that no longer covers."""
    viewer = viewer_of(request)
    progress = progress_of(apprenticeship, at=viewer.at)
    verified = verified_of(apprenticeship, progress, viewer=viewer)
    context = {
        "book": apprenticeship,
        "verified": verified,
        "parts": [verified.sets[part.skill_set_id] for part in progress.sets],
        "may_verify": permits(viewer, Permission.VERIFY, on=apprenticeship),
    }
    return render(request, "reports/verified.html", context)
