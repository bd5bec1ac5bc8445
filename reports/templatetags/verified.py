"""What is verified of a set, where a template goes through sets."""

import uuid

from django import template

from reports.verified import Part, VerifiedBook

register = template.Library()


@register.simple_tag
def verified_part(book: VerifiedBook, skill_set_id: uuid.UUID) -> Part:
    """What the sponsor has verified of one set of this book."""
    return book.sets[skill_set_id]
