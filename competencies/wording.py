"""The sentences for what can be wrong, doubtful or added in a standard."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.document import Doubt, Fault, NotAStandard, Question

FAULTS: dict[Fault, str | Promise] = {
    Fault.UNREADABLE: gettext_lazy("The file cannot be read: %(detail)s"),
    Fault.TOO_LARGE: gettext_lazy("The file is larger than %(detail)s bytes; a standard is not."),
    Fault.EMPTY: gettext_lazy("The file is empty."),
    Fault.NOT_TEXT: gettext_lazy("The file is not plain text in UTF-8. %(detail)s"),
    Fault.TOO_MANY_LINES: gettext_lazy("The page has more than %(detail)s lines; a standard has not."),
    Fault.NO_COUNTS: gettext_lazy(
        "This is not the page of a standard: it has no line such as “12 skill sets | 49 total skills”."
    ),
    Fault.NO_TITLE: gettext_lazy("The page has no title above its counts."),
    Fault.NO_SKILLS: gettext_lazy("The page has no skills below its counts."),
    Fault.LINE_TOO_LONG: gettext_lazy("Line %(detail)s is too long for what it would be."),
    Fault.NOT_JSON: gettext_lazy("The file starts like JSON but is not: %(detail)s"),
    Fault.NOT_THE_FORM: gettext_lazy(
        "The JSON does not have the form of a standard (docs/standard-format.md): %(detail)s"
    ),
    Fault.CONTRADICTION: gettext_lazy("The standard contradicts itself: %(detail)s"),
}

QUESTIONS: dict[Question, str | Promise] = {
    Question.TITLE_OR_SKILL: gettext_lazy("Is this the title of a skill set or a skill?"),
    Question.COUNTS_DIFFER: gettext_lazy("No reading of the lines below gives these counts."),
    Question.NOT_UNDERSTOOD: gettext_lazy("This line found no place."),
    Question.STEP_WITHOUT_PARENT: gettext_lazy("This step follows no skill that announces steps."),
    Question.STEP_OUT_OF_ORDER: gettext_lazy("The number of this step does not follow the one before."),
    Question.AFTER_A_GAP: gettext_lazy("Is this line, after a blank one, still a topic of the course?"),
    Question.APPROACH_MISSING: gettext_lazy("Is it time-based, competency-based or hybrid? The page does not say."),
}

ADDED_FIELDS: dict[str, str | Promise] = {
    "skill.kind": gettext_lazy("The kind of each skill (performance, knowledge or training)"),
    "scales": gettext_lazy("The rating scales and their sentences"),
    "topic.recurrence": gettext_lazy("How often a topic is repeated"),
}


def fault_words(error: NotAStandard) -> str:
    """Why the input is no standard, as a sentence."""
    return (str(FAULTS[error.fault]) % {"detail": error.detail}).strip()


def doubt_words(doubt: Doubt) -> str:
    """One doubtful line with the question it asks."""
    return _("line %(line)d: “%(text)s” %(question)s") % {
        "line": doubt.line,
        "text": doubt.text,
        "question": QUESTIONS[doubt.question],
    }


def added_words(field: str) -> str:
    """What was added, in words; the field's own name where there are none."""
    return str(ADDED_FIELDS.get(field, field))
