"""The first words of a home page."""

from django.utils.translation import gettext as _

from accounts.models import Sponsor
from accounts.viewer import Viewer


def greeting(viewer: Viewer, sponsor: Sponsor) -> str:
    """ "Good morning, Dana", by the hour where the sponsor is."""
    hour = viewer.at.astimezone(sponsor.zone).hour
    name = {"name": viewer.person.get_short_name()}
    if 4 <= hour < 12:
        return _("Good morning, %(name)s") % name
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % name
    return _("Good evening, %(name)s") % name
