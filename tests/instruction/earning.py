"""Hours earned otherwise, waivers, tests and signatures of topics, with facts that a test need not name."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.models import User
from apprenticeship.evidence import upload
from apprenticeship.models import Apprenticeship, RecordEntry, TestKind
from apprenticeship.taken import TestTaken
from instruction.earning import Earned, record_other_hours, waive_topic
from instruction.entry_voiding import void_entry
from instruction.models import InstructionVoid, OtherHours, TopicSignOff, TopicTest, TopicWaiver
from instruction.topic_competency import TopicOfBook, record_topic_test, sign_topic
from tests.cast import NOW, fresh, viewer_for
from tests.evidence.files import PDF
from tests.instruction.classroom import FIRST_AID, LOCKOUT, topic_of


def earned(
    by: User,
    book: Apprenticeship,
    title: str = FIRST_AID,
    hours: str = "2",
    *,
    key: str = "",
    files: int = 1,
    **said: Any,
) -> OtherHours:
    """Self-study that `by` records, if nothing else is said."""
    key, viewer, loaded = key or str(uuid.uuid4()), viewer_for(by), fresh(book)
    usual: dict[str, Any] = {"way": "self_study", "earned_on": date(2026, 2, 20), "provider": "Online Safety School"}
    facts = {**usual, **said}
    topic = facts.pop("topic", None) or topic_of(book, title)
    given = [
        upload(viewer=viewer, key=key, apprenticeship=loaded, file=BytesIO(PDF + bytes([65 + n])), name="paper.pdf").pk
        for n in range(files)
    ]
    wanted = Earned(topic=topic, hours=Decimal(hours), **facts)
    return record_other_hours(viewer=viewer, key=key, apprenticeship=loaded, earned=wanted, evidence=given)


def waived(
    by: User, book: Apprenticeship, title: str = LOCKOUT, *, key: str = "", reason: str = "No machines here."
) -> TopicWaiver:
    return waive_topic(
        viewer=viewer_for(by),
        key=key or str(uuid.uuid4()),
        apprenticeship=fresh(book),
        topic=topic_of(book, title),
        reason=reason,
    )


def exam(by: User, book: Apprenticeship, title: str = FIRST_AID, *, key: str = "", **said: Any) -> TopicTest:
    usual: dict[str, Any] = {
        "kind": TestKind.WRITTEN,
        "taken_on": date(2026, 2, 25),
        "passed": True,
        "instrument": "Quiz, form B",
        "examiner_name": "Walter Nkemelu",
        "examiner_organization": "Rockland Testing",
        "score": Decimal(41),
        "pass_mark": Decimal(40),
    }
    on = TopicOfBook(fresh(book), topic_of(book, title))
    taken = TestTaken(**{**usual, **said})
    return record_topic_test(viewer=viewer_for(by), key=key or str(uuid.uuid4()), on=on, taken=taken)


def signed_topic(by: User, book: Apprenticeship, title: str = FIRST_AID, *, key: str = "") -> TopicSignOff:
    on = TopicOfBook(fresh(book), topic_of(book, title))
    return sign_topic(viewer=viewer_for(by), key=key or str(uuid.uuid4()), on=on)


def undone(by: User, entry: RecordEntry, *, at: datetime = NOW) -> InstructionVoid:
    viewer = viewer_for(by, at)
    return void_entry(viewer=viewer, key=str(uuid.uuid4()), entry=entry, reason="Entered for somebody else.")
