"""Hours as people read them: one way of writing a number, and one sentence against a demanded number."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apprenticeship.models.work import MOST_HOURS_IN_ONE_DAY

QUARTER = Decimal("0.25")


def plain_hours(hours: Decimal) -> str:
    """Hours as they are written in fields, files and on paper: "4", "6.5", "1000"; with a point in every language."""
    return f"{hours:.2f}".rstrip("0").rstrip(".") if hours else "0"  # or a typed "-0" would stay one


def read_hours(hours: Decimal) -> str:
    """Hours as they are read on a page: "1,000.5" in English; in Spanish "1000.5", and "10 000" from five digits on."""
    whole, point, part = plain_hours(hours).partition(".")
    in_spanish = (get_language() or "").startswith("es")
    if len(whole.lstrip("-")) > (4 if in_spanish else 3):
        whole = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}" if in_spanish else ",")
    return f"{whole}{point}{part}"


def in_words(recorded: Decimal, demanded: Decimal | None) -> str:
    """For example "4 of 6.5 hours; 2.5 to go"; without a demanded number only what was recorded."""
    if demanded is None:
        return _("%(recorded)s h") % {"recorded": read_hours(recorded)}
    numbers = {
        "recorded": read_hours(recorded),
        "demanded": read_hours(demanded),
        "left": read_hours(demanded - recorded),
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
