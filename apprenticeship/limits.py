"""The days that a program sets for signing, from its Terms; a number that is not set has the default named here."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apprenticeship.models import Terms

LATE_AFTER_DAYS = 7
"""How many days after it was shown a skill may be signed without saying why so late, where the Terms are silent."""

MOST_DAYS = 366

TAKE_BACK_DAYS = 30
"""For how many days signers end what they signed, where the Terms are silent."""

NUDGE_AFTER_DAYS = 3
"""After how many days of waiting, and then again, an apprentice may remind those who have the request."""

HAND_ON_AFTER_DAYS = 7
"""After how many days of waiting the coordinator has the request too."""

DUE_NOTICE_DAYS = (60, 30, 7)
"""How many days before a skill is due again it is told: first, second and last."""

DAYS = {
    "late_after_days": LATE_AFTER_DAYS,
    "take_back_days": TAKE_BACK_DAYS,
    "nudge_after_days": NUDGE_AFTER_DAYS,
    "hand_on_after_days": HAND_ON_AFTER_DAYS,
    "due_notice_first_days": DUE_NOTICE_DAYS[0],
    "due_notice_second_days": DUE_NOTICE_DAYS[1],
    "due_notice_last_days": DUE_NOTICE_DAYS[2],
}
"""Every limit that Terms may set, in days, with its default."""


class LimitsInvalid(ValueError):
    """The signing limits of Terms name something unknown, or no number of days."""


def late_after_days(terms: "Terms") -> int:
    """After how many days a signature is late under `terms`: on day 7 it is not, on day 8 it is."""
    return days_of(terms, "late_after_days")


def days_of(terms: "Terms", limit: str) -> int:
    """The days that `terms` set for `limit`, or its default where they set none or what is no number of days."""
    days = terms.signing_limits.get(limit)
    return days if type(days) is int and days >= 0 else DAYS[limit]


def check_limits(limits: Any) -> None:
    """Raise LimitsInvalid unless `limits` gives numbers of days to names in DAYS."""
    if not isinstance(limits, dict):
        raise LimitsInvalid("signing limits are an object")
    for name, days in limits.items():
        if name not in DAYS:
            raise LimitsInvalid(f"{name} is no signing limit")
        if type(days) is not int or not 0 <= days <= MOST_DAYS:
            raise LimitsInvalid(f"{name} is a whole number of days from 0 to {MOST_DAYS}")
