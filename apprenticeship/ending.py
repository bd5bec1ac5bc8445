"""What a step of the status says beyond its day and reason: of a cancellation by whom and with which notice, of a
transfer where to.

In probation either side may end an apprenticeship without cause; after it the sponsor needs good cause, has to
give notice and a chance to correct (29 CFR 29.7(h)). Only a probation that the book records is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from acts.sealing import can_be_kept
from apprenticeship.models import LONGEST_PROGRAM, CancelledBy, StatusChange, StatusStep


@dataclass(frozen=True)
class Details:
    """What one step says of itself; what its kind does not ask stays blank."""

    cancelled_by: str = ""
    noticed_on: date | None = None
    correct_by: date | None = None
    transferred_to: str = ""

    @property
    def in_request(self) -> Mapping[str, str]:
        """As an act's request carries it: only what is said."""
        told = {
            "cancelled_by": self.cancelled_by,
            "noticed_on": self.noticed_on.isoformat() if self.noticed_on else "",
            "correct_by": self.correct_by.isoformat() if self.correct_by else "",
            "transferred_to": self.transferred_to,
        }
        return {name: value for name, value in told.items() if value}


NOTHING = Details()


def in_entry(change: StatusChange, *, in_probation: bool) -> Mapping[str, Any]:
    """The members that an entry has for `change` beyond the ones that all have; those that say nothing are left out."""
    said = Details(change.cancelled_by, change.noticed_on, change.correct_by, change.transferred_to)
    told: dict[str, Any] = dict(said.in_request)
    if change.cancelled_by:
        told["in_probation"] = in_probation
    if change.agency_due:
        told["agency_due"] = change.agency_due.isoformat()
    return told


ENTRY_NAMES = ("cancelled_by", "noticed_on", "correct_by", "transferred_to", "in_probation", "agency_due")
"""Every member that `in_entry` may give."""


def problem_of(
    step: StatusStep, details: Details, *, on: date, first: date, in_probation: bool
) -> tuple[str, str] | None:
    """What is wrong with `details` for `step` as of `on`, as (field, what to do); `first` is the first day of all."""
    if step == StatusStep.TRANSFER:
        return _problem_of_transfer(details)
    if step != StatusStep.CANCEL:
        return None if details == NOTHING else ("step", _("This step says nothing more than its day and its reason."))
    if details.cancelled_by not in CancelledBy.values:
        return "cancelled_by", _("Say whose wish it is.")
    return _problem_of_notice(details, on=on, first=first, in_probation=in_probation)


def _problem_of_transfer(details: Details) -> tuple[str, str] | None:
    to = details.transferred_to
    if not to or len(to) > LONGEST_PROGRAM or not can_be_kept(to):
        most = {"most": LONGEST_PROGRAM}
        return "transferred_to", _("Name the program and sponsor, in at most %(most)s characters.") % most
    return None


def _problem_of_notice(details: Details, *, on: date, first: date, in_probation: bool) -> tuple[str, str] | None:
    noticed_on, correct_by = details.noticed_on, details.correct_by
    if details.cancelled_by == CancelledBy.APPRENTICE:
        needless = noticed_on or correct_by
        return ("noticed_on", _("Leave both days blank: the apprentice needs no cause.")) if needless else None
    if not noticed_on and not correct_by and in_probation:
        return None
    if not noticed_on:
        return "noticed_on", _("Enter the day on which the apprentice was given notice of the cause.")
    if not correct_by:
        return "correct_by", _("Enter the day until which the apprentice could correct it.")
    if noticed_on < first:
        return "noticed_on", _("The notice is before the apprenticeship began. Enter a later day.")
    if correct_by <= noticed_on:
        return "correct_by", _("The chance to correct it ends before it began. Enter a day after the notice.")
    if on < correct_by:
        return "on", _("The chance to correct it is not over on this day. Cancel from a later day.")
    return None
