"""Hours in templates."""

from decimal import Decimal

from django import template

from apprenticeship.plain_hours import read_hours

register = template.Library()


@register.filter
def plain(hours: Decimal) -> str:
    """Hours as they are read: `{{ line.hours|plain }}` is "7.5", and "1,000" or "1000" as the language has it."""
    return read_hours(hours)
