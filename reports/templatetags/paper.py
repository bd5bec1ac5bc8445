"""What the printed page needs to put frozen text into words: dates, instants, roles, methods and bars."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.states import State
from accounts.templatetags.look import full
from acts.models import Authentication
from apprenticeship.models import AnswerOutcome, Method, TestKind
from competencies.models import Approach
from instruction.models import Way
from instruction.transcripts import CLASS
from reports.bars import hours_bar, longest_of, skills_bar
from reports.codes import word_of
from reports.forms import DocumentForm
from reports.month_papers import Column, MonthPage, SetSums
from reports.paper_kinds import RECORD, Wanted
from reports.papers import CoursePart, ProgressRecord, SkillSetPart, WorkMonth

register = template.Library()
MOST_UPRIGHT, MOST_IN_USUAL_SIZE = 13, 22
"""How many skill sets a month page holds as columns on an upright sheet, and how many in figures of the usual size."""
USUAL_STATES = (State.SIGNED_OFF, State.IN_TRAINING, State.NOT_STARTED)


@register.inclusion_tag("documents/order.html", takes_context=True)
def document_order(
    context: Context, pk: uuid.UUID, words: str, kind: str = "", wanted: Wanted = RECORD
) -> dict[str, object]:
    """A button that orders a document of the apprenticeship `pk`, the progress record or what is `wanted`."""
    form, csrf_token = DocumentForm(initial=wanted.as_request()), context.get("csrf_token")
    return {"pk": pk, "words": words, "kind": kind, "form": form, "csrf_token": csrf_token}


@register.filter
def long_date(text: str) -> str:
    """An ISO date in words: "March 2, 2026"; blank stays blank."""
    return formats.date_format(date.fromisoformat(text)) if text else ""


@register.filter
def instant_in(text: str, zone: str) -> str:
    """An instant in full, in the zone named: "March 2, 2026, 10:05 EST"."""
    return full(datetime.fromisoformat(text).astimezone(ZoneInfo(zone)))


@register.filter
def long_month(page: MonthPage | WorkMonth) -> str:
    """The month of a page, or of a line, in words: "February 2026"."""
    return formats.date_format(date.fromisoformat(page.first), "YEAR_MONTH_FORMAT")


@register.filter
def day_of_month(text: str) -> str:
    """An ISO date within a month: "2 Mon"."""
    return formats.date_format(date.fromisoformat(text), "j D")


@register.filter
def shows(columns: Sequence[Column], value: str) -> bool:
    """Whether one of the columns shows `value`."""
    return any(column.value == value for column in columns)


@register.filter
def crowding(sets: Sequence[SetSums]) -> str:
    """Classes of a page whose skill sets need a wider sheet, or smaller figures too."""
    return (" wide" if len(sets) > MOST_UPRIGHT else "") + (" crowded" if len(sets) > MOST_IN_USUAL_SIZE else "")


@register.filter
def halves(sets: Sequence[SetSums]) -> list[Sequence[SetSums]]:
    """In two parts that stand beside each other; without an empty one."""
    middle = (len(sets) + 1) // 2
    return [half for half in (sets[:middle], sets[middle:]) if half]


@register.filter
def earned_word(code: str) -> str:
    """How hours of related instruction were earned."""
    return _("Class") if code == CLASS else word_of(code, Way)


@register.filter
def role_word(code: str) -> str:
    return word_of(code, Role)


@register.filter
def method_word(code: str) -> str:
    return word_of(code, Method)


@register.filter
def outcome_word(code: str) -> str:
    """What came of a disagreement."""
    return word_of(code, AnswerOutcome)


@register.filter
def test_word(code: str) -> str:
    return word_of(code, TestKind)


@register.filter
def authentication_word(code: str) -> str:
    return word_of(code, Authentication)


@register.filter
def approach_word(code: str) -> str:
    return word_of(code, Approach)


@register.filter
def in_groups(digits: str) -> str:
    """Hexadecimal digits in groups of eight, so that they can be compared by eye."""
    return " ".join(digits[i : i + 8] for i in range(0, len(digits), 8))


@register.filter
def states_printed(record: ProgressRecord) -> list[tuple[State, int]]:
    """How many required skills stand in each state; the three usual ones always, others where they occur."""
    counts = Counter(skill.state for part in record.sets for skill in part.skills if skill.required)
    return [(state, counts[state]) for state in State if state in USUAL_STATES or counts[state]]


@register.filter
def counts_due_again(record: ProgressRecord) -> bool:
    """Whether a skill that is due again is among the attained ones: then the page says so."""
    return any(skill.attained and skill.state == State.DUE_AGAIN for part in record.sets for skill in part.skills)


@register.filter
def has_late_entries(record: ProgressRecord) -> bool:
    """Whether a signature is printed as a late entry: then the page says what that means."""
    return any(skill.signed and skill.signed.late for part in record.sets for skill in part.skills)


@register.simple_tag
def bar_of_set(part: SkillSetPart, record: ProgressRecord) -> SafeString:
    """The bar of one skill set, drawn to one scale with all others of the record."""
    return skills_bar(part, longest=max(len(each.skills) for each in record.sets))


@register.simple_tag
def bar_of_course(course: CoursePart) -> SafeString:
    """The bar of a course: hours recorded against hours required."""
    return hours_bar(course.hours, goal=course.required, longest=longest_of([course.hours, course.required]))


@register.simple_tag
def bar_of_topic(course: CoursePart, hours: str, minimum: str) -> SafeString:
    """The bar of one topic, drawn to one scale with all others of its course."""
    figures = [figure for topic in course.topics for figure in (topic.hours, topic.minimum)]
    return hours_bar(hours, goal=minimum, longest=max(longest_of(figures), Decimal(1)))
