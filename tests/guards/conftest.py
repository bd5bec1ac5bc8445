"""A database in which every insert-only table holds a row, made by the real transitions."""

import pytest

from accounts.models import User
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship
from apprenticeship.takingback import take_back
from instruction.voiding import void_class_hours
from tests.agreements import answered, disagreed
from tests.cast import NOW, asked, signed, viewer_for
from tests.instruction.classroom import attend


@pytest.fixture
def full_book(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> Apprenticeship:
    """Rosa's book with an asking, a signature, words about it, its taking back, class hours and their taking back."""
    asked(apprenticeship)
    sign_off = signed(apprenticeship, mentor, note="Second try.")
    answered(disagreed(sign_off), coordinator)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=sign_off, kind="no_longer_stands", reason="Out of practice.")
    hours = attend(coordinator, [apprenticeship])
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=hours, reason="She was ill.")
    AuditEvent.objects.create(at=NOW, kind="login", actor_id=mentor.pk)
    return apprenticeship
