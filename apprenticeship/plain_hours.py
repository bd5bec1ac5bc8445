"""Hours as people read them: one way of writing a number, and one sentence against a demanded number."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from apprenticeship.models.work import MOST_HOURS_IN_ONE_DAY

QUARTER = Decimal("0.25")


def plain_hours(hours: Decimal) -> str:
    """Hours as they are written everywhere: "4", "6.5", "44"; with a point in every language, as on paper."""
    return f"{hours:.2f}".rstrip("0").rstrip(".") if hours else "0"  # or a typed "-0" would stay one


def in_words(recorded: Decimal, demanded: Decimal | None) -> str:
    """For example "4 of 6.5 hours; 2.5 to go"; without a demanded number only what was recorded."""
    if demanded is None:
        return _("%(recorded)s h") % {"recorded": plain_hours(recorded)}
    numbers = {
        "recorded": plain_hours(recorded),
        "demanded": plain_hours(demanded),
        "left": plain_hours(demanded - recorded),
    }
    if recorded < demanded:
        return _("%(recorded)s of %(demanded)s hours; %(left)s to go") % numbers
    return _("%(recorded)s of %(demanded)s hours") % numbers


def typed_hours(text: str) -> Decimal | None:
    """The hours in a text, where a comma is read as a point; None where it says no number."""
    try:
        hours = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return hours if hours.is_finite() else None


def is_within_a_day(hours: Decimal) -> bool:
    """Whether `hours` are quarters, more than none and at most 24."""
    return hours.is_finite() and 0 < hours <= MOST_HOURS_IN_ONE_DAY and hours % QUARTER == 0
