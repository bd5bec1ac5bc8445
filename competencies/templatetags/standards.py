"""How pages write what a standard says."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import gettext, ngettext

from accounts.templatetags.look import day
from competencies.document import SkillPart, StandardDocument, TopicPart, plain
from competencies.models import SkillKind

register = template.Library()


@register.filter
def hours(value: Decimal) -> str:
    """Hours without needless zeros, in the language's own form: 44, 6.5 or 6,5."""
    return formats.localize_input(Decimal(plain(value))) if value is not None else ""


@register.filter
def printed_dates(document: StandardDocument) -> str:
    """The dates of the page in its order, in the form of the reader's language."""
    return "; ".join(day(date.fromisoformat(printed)) for printed in document.dates_printed)


@register.filter
def kind_word(skill: SkillPart) -> str:
    """What sort of thing the skill is, in a word."""
    return str(SkillKind(skill.kind).label)


@register.filter
def demands(skill: SkillPart) -> list[str]:
    """What a sign-off of the skill demands, in words; empty where it demands nothing more."""
    said = [
        (not skill.required, gettext("optional")),
        (skill.needs_evidence, gettext("evidence")),
        (skill.needs_counter_signature, gettext("counter-signature")),
        (skill.needs_practical_test, gettext("hands-on test")),
        (skill.needs_written_test, gettext("written test")),
        (bool(skill.procedure_number), procedure(skill)),
        (skill.due_again_months is not None, due_again(skill.due_again_months or 0)),
    ]
    return [words for applies, words in said if applies]


def procedure(skill: SkillPart) -> str:
    """The written procedure with its version."""
    return " ".join(filter(None, (gettext("procedure"), skill.procedure_number, skill.procedure_version)))


def due_again(months: int) -> str:
    """When it is due again, in words."""
    return ngettext("due again after %(n)d month", "due again after %(n)d months", months) % {"n": months}


@register.filter
def repeats(topic: TopicPart) -> str:
    """How often the topic is repeated; blank where once is enough."""
    if topic.recurrence == "calendar_year":
        return gettext("once each calendar year")
    if topic.recurrence == "within_months":
        months = topic.recurrence_months or 0
        return ngettext("within %(n)d month", "within %(n)d months", months) % {"n": months}
    return ""
