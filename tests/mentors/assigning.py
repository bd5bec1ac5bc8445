"""Giving and taking mentors, as a coordinator does it in the tests."""

import uuid
from datetime import date
from typing import Any

from accounts.models import User
from apprenticeship.mentoring import MentorLine, assign, end, hand_over
from apprenticeship.models import Apprenticeship, Mentorship, MentorshipRole
from tests.cast import TODAY, viewer_for


def line(book: Apprenticeship, mentor: User, since: date = TODAY, **rest: Any) -> MentorLine:
    return MentorLine(book, mentor, since, **rest)


def assigned(by: User, *lines: MentorLine, key: str = "") -> list[Mentorship]:
    return assign(viewer=viewer_for(by), key=key or str(uuid.uuid4()), lines=lines)


def ended(by: User, *mentorships: Mentorship, on: date = TODAY, key: str = "") -> list[Mentorship]:
    return end(viewer=viewer_for(by), key=key or str(uuid.uuid4()), mentorships=mentorships, on=on)


def handed(by: User, to: User, *mentorships: Mentorship, on: date = TODAY, key: str = "") -> list[Mentorship]:
    return hand_over(viewer=viewer_for(by), key=key or str(uuid.uuid4()), mentorships=mentorships, to=to, on=on)


def of(book: Apprenticeship) -> list[tuple[str, str, date, date | None]]:
    """All mentorships of a book: who, as what, since and until."""
    rows = Mentorship.objects.filter(apprenticeship=book).select_related("mentor").order_by("since", "mentor__name")
    return [(m.mentor.name, m.role, m.since, m.until) for m in rows]


VIEWER, DEPUTY = MentorshipRole.VIEWER, MentorshipRole.DEPUTY
