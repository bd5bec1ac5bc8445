"""What completion asks of classes: every course with its hours and all its topics (12 NYCRR 601.7(d)(1))."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.completion import Requirement
from apprenticeship.models import Apprenticeship
from instruction.sums import CourseHours, hours_of

SHOWN = 6
"""How many topics are named before the rest is counted."""


def courses_of_the_standard(apprenticeship: Apprenticeship, *, at: datetime) -> Requirement | None:  # noqa: ARG001  # asked alike
    """The courses of the standard, where it has any; unmeasured where topics are met and only a number is blank."""
    courses = hours_of(apprenticeship)
    if not courses:
        return None
    lacking = [course for course in courses if course.met is False]
    return Requirement(
        gettext_lazy("Classes"),
        met=all(course.met for course in courses),
        detail=" · ".join(_said(course) for course in lacking or courses),
        code="classes",
        unmeasured=not lacking and any(course.met is None for course in courses),
        can_be_excused=True,
    )


def _said(course: CourseHours) -> str:
    missing = course.missing_words
    if not missing:
        return f"{course.title}: {course.words}"
    rest = len(missing) - SHOWN
    more = [_("%(number)s more") % {"number": rest}] if rest > 0 else []
    return f"{course.title}: {'; '.join([course.words, *missing[:SHOWN], *more])}"
