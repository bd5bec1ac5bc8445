"""What templates need beyond Django's own tags: the words of states, and moments in time."""

import datetime
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from accounts.states import State

register = template.Library()


@register.filter
def state_word(code: str) -> str:
    """The word for a state's code: `{{ "due_again"|state_word }}` is "Due again". Unknown codes raise ValueError."""
    return str(State(code).label)


@register.filter
def share(part: float, whole: float) -> str:
    """How much of `whole` is reached, in the five shades of the grid: none, some, half, most or all."""
    if not part or not whole:
        return "none"
    reached = part / whole
    return "all" if reached >= 1 else "most" if reached >= 2 / 3 else "half" if reached >= 1 / 3 else "some"


@register.filter
def day(value: datetime.date) -> str:
    """A date as pages write it: "Mar 3, 2026"."""
    return formats.date_format(value)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime.datetime, zone: str | ZoneInfo | None = None) -> SafeString:
    """A `<time>`: "today 14:05" to read, the full date with its zone as its title.

    `zone` is the sponsor's (a name or a ZoneInfo); the current time zone is taken without it.
    What "today" means comes from the viewer; without one the full date is shown.
    """
    local_zone = ZoneInfo(zone) if isinstance(zone, str) else zone or timezone.get_current_timezone()
    local = at.astimezone(local_zone)
    viewer = context.get("viewer")
    now = viewer.at.astimezone(local_zone) if viewer is not None else None
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), full(local), short(local, now=now)
    )


@register.simple_tag(takes_context=True)
def age(context: Context, since: datetime.datetime, zone: str | ZoneInfo) -> SafeString:
    """A `<time>`: how long ago, in the largest whole unit ("2 days"), the full date with its zone as its title."""
    local = since.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        since.isoformat(timespec="seconds"),
        full(local),
        lasting(context["viewer"].at - since),
    )


def lasting(span: datetime.timedelta) -> str:
    """A length of time in its largest whole unit: "2 days", "5 hours", "12 minutes"."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
    if minutes < 24 * 60:
        return ngettext("%(hours)s hour", "%(hours)s hours", minutes // 60) % {"hours": minutes // 60}
    return ngettext("%(days)s day", "%(days)s days", span.days) % {"days": span.days}


def full(local: datetime.datetime) -> str:
    """The date, the time and the zone's abbreviation in full, as on paper."""
    return formats.date_format(local, pgettext("format of a moment in full", "F j, Y, H:i T"))


def short(local: datetime.datetime, *, now: datetime.datetime | None) -> str:
    """The time with as little of the date as `now` (in the same zone) leaves in doubt."""
    clock = f"{local:%H:%M}"
    if now is None or local.year != now.year:
        return formats.date_format(local)
    if local.date() == now.date():
        return gettext("today %(time)s") % {"time": clock}
    if local.date() == now.date() - datetime.timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": clock}
    return formats.date_format(local, pgettext("format of a moment this year", "M j, H:i"))
