"""Whether a mentor's qualification carries a signature today, and in words why not."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship


class NotQualified(NotPermitted):
    """No qualification of this mentor holds today and reaches the skill, and one must stand beside the signature."""

    def __init__(self, permission: Permission, why: str = "") -> None:
        super().__init__(permission)
        self.why = why


def require_qualified(viewer: Viewer, book: Apprenticeship, permission: Permission, role_track: str = "") -> str:
    """The qualification that is printed beside what `viewer` signs now in this book; or raise NotQualified."""
    if words := book.qualification_of(viewer, covering=role_track):
        return words
    raise NotQualified(permission, why_not_qualified(viewer, book, role_track))


def why_not_qualified(viewer: Viewer, book: Apprenticeship, role_track: str = "") -> str:
    """Why none of the qualifications of `viewer` carries a signature under a skill of `role_track` today."""
    today = viewer.today(book.sponsor)
    held = [one for one in viewer.qualifications_with(book.sponsor_id) if one.was_held]
    if not held:
        name = {"name": book.apprentice.name}
        return (
            _("Your qualification for %(name)s is not entered; it stands beside each signature and has to come first.")
            % name
        )
    now = next((one for one in held if one.in_force(today)), None)
    if now is not None:
        words = _("Your qualification “%(qualification)s” does not reach skills of the role “%(track)s”.")
        return words % {"qualification": now.name, "track": role_track}
    last = max(held, key=lambda one: one.since)
    if last.since > today:
        words = _("Your qualification “%(qualification)s” counts from %(date)s on, not before.")
        return words % {"qualification": last.name, "date": date_format(last.since)}
    ends = [day for day in (last.valid_until, last.ended_on) if day]
    words = _("Your qualification “%(qualification)s” ended on %(date)s. Signing goes on once the new one is entered.")
    return words % {"qualification": last.name, "date": date_format(min(ends))}
