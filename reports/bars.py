"""The bars of the printed page: inline SVG, black first, each saying in its title what it shows.

Drawn for paper: shapes and fills that hold on a fax, with no color of their own.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.states import State
from reports.papers import SkillLine, SkillSetPart

WIDTH = 110.0
"""The whole width that a bar may take, in points."""

CELL = 11.6
"""The widest that the cell of one skill gets; narrower where a set has very many."""

HEIGHT = 8.5
GAP = 1.6


def skills_bar(part: SkillSetPart, *, longest: int) -> SafeString:
    """One cell per skill of a set, in its order: full is attained, half is in training, a quarter waits, empty is not.

    `longest` is the number of skills of the largest set on the page, so that lengths can be compared.
    """
    step = min(CELL + GAP, WIDTH / max(longest, 1))
    cells = [_cell(skill, x=index * step, width=step - GAP) for index, skill in enumerate(part.skills)]
    title = _("%(attained)s of %(total)s") % {"attained": part.attained, "total": part.total}
    return _svg(title, cells)


def hours_bar(hours: str, *, goal: str, longest: Decimal) -> SafeString:
    """Hours as a full bar on a thin line; a tick stands at `goal`, where there is one.

    `longest` is the greatest number of hours on the page, which takes the whole width.
    """
    scale = Decimal(WIDTH) / (longest or Decimal(1))
    parts = [format_html('<rect x="0" y="{}" width="{}" height="0.5" fill="#8a93a3"/>', _n(HEIGHT - 0.5), _n(WIDTH))]
    if Decimal(hours):
        parts.append(
            format_html('<rect x="0" y="1" width="{}" height="{}"/>', _n(Decimal(hours) * scale), _n(HEIGHT - 1))
        )
    if goal:
        x = min(float(Decimal(goal) * scale), WIDTH - 0.6)
        parts.append(
            format_html('<path d="M{} -1V{}" stroke="#fff" stroke-width="3"/>', _n(x), _n(HEIGHT + 1))
            + format_html('<path d="M{} -1V{}" stroke="#16233b" stroke-width="1.2"/>', _n(x), _n(HEIGHT + 1))
        )
    title = _("%(hours)s of %(goal)s hours") if goal else _("%(hours)s hours")
    return _svg(title % {"hours": hours, "goal": goal}, parts)


def longest_of(figures: Sequence[str]) -> Decimal:
    """The greatest of these hours; blank ones are left out, and without any it is 1."""
    return max((Decimal(figure) for figure in figures if figure), default=Decimal(1)) or Decimal(1)


def _cell(skill: SkillLine, *, x: float, width: float) -> SafeString:
    outline = format_html(
        '<rect x="{}" y="0.4" width="{}" height="{}" fill="none" stroke="#16233b" stroke-width="0.8"/>',
        _n(x + 0.4),
        _n(width - 0.8),
        _n(HEIGHT - 0.8),
    )
    if skill.attained:
        return format_html('<rect x="{}" y="0" width="{}" height="{}"/>', _n(x), _n(width), _n(HEIGHT))
    if skill.state == State.IN_TRAINING:
        half = format_html('<path d="M{0} {1}V0H{2}Z"/>', _n(x), _n(HEIGHT), _n(x + width))
        return outline + half
    if skill.state == State.WAITING:
        quarter = '<path d="M{0} {1}V0H{2}V{1}Z"/>'
        return outline + format_html(quarter, _n(x + width / 2), _n(HEIGHT / 2), _n(x + width))
    if skill.state == State.NO_LONGER_STANDS:
        stroke = '<path d="M{} {}L{} 0.4" stroke="#16233b" stroke-width="0.8"/>'
        return outline + format_html(stroke, _n(x + 0.4), _n(HEIGHT - 0.4), _n(x + width - 0.4))
    return outline


def _svg(title: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="bar" xmlns="http://www.w3.org/2000/svg" width="{}pt" height="{}pt" viewBox="0 -1 {} {}"'
        ' fill="#16233b"><title>{}</title>{}</svg>',
        _n(WIDTH),
        _n(HEIGHT + 2),
        _n(WIDTH),
        _n(HEIGHT + 2),
        title,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _n(number: float | Decimal) -> str:
    """A number as SVG wants it, whatever the language: at most two places, no grouping."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
