"""The numbers that a program sets in its Terms; one that is not set has the default named here."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apprenticeship.models import Terms

DAYS = {
    # how many days after it was shown a skill may be signed without saying why so late
    "late_after_days": 7,
    # for how many days signers say themselves that what they signed no longer stands
    "take_back_days": 30,
    # within how many days a coordinator answers a disagreement
    "answer_disagreement_days": 14,
    # after how many days of waiting, and then again, an apprentice may remind those who have the request
    "nudge_after_days": 3,
    # after how many days of waiting the coordinator has the request too
    "hand_on_after_days": 7,
    # how many days before a skill is due again it is told
    "due_notice_first_days": 60,
    "due_notice_second_days": 30,
    "due_notice_last_days": 7,
    # within how many days the registration agency is told of a change of status (29 CFR 29.5(b)(18))
    "agency_notice_days": 45,
    # on which day of the next month a month of hours on the job is to be signed
    "month_due_day": 5,
    # how many days before that the supervisors are reminded
    "month_notice_days": 3,
}
"""Every limit that Terms may set, in days, with what holds where they are silent."""

PROBATION = {
    # 29 CFR 29.5(b)(8): at most this part of the term in percent, and at most so many months, whichever is shorter
    "probation_most_percent": 25,
    "probation_most_months": 12,
}
"""What a probation may last at most; Terms may set these among their limits too."""

LIMITS = {**DAYS, **PROBATION}

MOST_DAYS = 366


class LimitsInvalid(ValueError):
    """The signing limits of Terms name something unknown, or no number of days."""


def late_after_days(terms: "Terms") -> int:
    """After how many days a signature is late under `terms`: on day 7 it is not, on day 8 it is."""
    return days_of(terms, "late_after_days")


def days_of(terms: "Terms", limit: str) -> int:
    """The days that `terms` set for `limit`, or its default where they set none or what is no number of days."""
    return number_of(terms, limit)


def number_of(terms: "Terms", limit: str) -> int:
    """As `days_of`, for any of LIMITS."""
    number = terms.signing_limits.get(limit)
    return number if type(number) is int and number >= 0 else LIMITS[limit]


def check_limits(limits: Any) -> None:
    """Raise LimitsInvalid unless `limits` gives whole numbers to names in LIMITS."""
    if not isinstance(limits, dict):
        raise LimitsInvalid("signing limits are an object")
    for name, days in limits.items():
        if name not in LIMITS:
            raise LimitsInvalid(f"{name} is no signing limit")
        if type(days) is not int or not 0 <= days <= MOST_DAYS:
            raise LimitsInvalid(f"{name} is a whole number of days from 0 to {MOST_DAYS}")
