"""Where whoever runs programs goes from their first page: only what they may open."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Permission, permits
from accounts.models import Sponsor
from accounts.viewer import Viewer
from apprenticeship.mentors_shown import assigned_by
from instruction.certificate_querysets import sponsors_looked_after


@dataclass(frozen=True)
class Way:
    """A page and its words."""

    words: str
    address: str


def ways_of(viewer: Viewer) -> list[Way]:
    """The lists of everybody whom `viewer` oversees, beside the cohorts. No query."""
    ways = []
    if assigned_by(viewer):
        ways.append(Way(_("Mentors"), reverse("mentors")))
    if sponsors_looked_after(viewer):
        ways.append(Way(_("Certificates"), reverse("certificates")))
    if any(permits(viewer, Permission.VERIFY, on=sponsor) for sponsor in viewer.sponsors):
        ways.append(Way(_("Transcribed from paper"), reverse("transcriptions")))
    ways.append(Way(_("Notices to the agency"), reverse("agency_notices")))
    ways.append(Way(_("Hours that wait for a mentor"), reverse("work_waiting")))
    return ways


def registers_with(viewer: Viewer, working_for: Sponsor | None) -> Sponsor | None:
    """The sponsor with which `viewer` may register apprentices, first of all the one they work for now."""
    sponsors = ([working_for] if working_for else []) + list(viewer.sponsors)
    return next((one for one in sponsors if permits(viewer, Permission.REGISTER_APPRENTICES, on=one)), None)
