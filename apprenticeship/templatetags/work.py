"""Hours in templates."""

from decimal import Decimal

from django import template

from apprenticeship.plain_hours import plain_hours

register = template.Library()


@register.filter
def plain(hours: Decimal) -> str:
    """Hours as they are written everywhere, in every language: `{{ line.hours|plain }}` is "7.5"."""
    return plain_hours(hours)
