"""Competency in a topic: the result of a test, and the signature of an instructor who taught it.

An instructor's rights come from the classes: they teach the topic for the sponsor, and the apprentice attended a
class of theirs. Nobody tests or signs for themselves.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.models import Role
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import finish_act
from apprenticeship.models import Apprenticeship
from apprenticeship.record import Draft, append_many, lock_books
from apprenticeship.taken import TestTaken, problems_of_test
from apprenticeship.testing import meaning_of_test, result_in_entry
from competencies.models import Topic
from instruction.earning import (
    EarningInvalid,
    RecordedBefore,
    begin,
    problem_of_topic,
    refuse_while_resting,
    said,
)
from instruction.hours import topic_in_entry
from instruction.models import Attendance, ClassTopic, TopicSignOff, TopicTest


def taught_by(viewer: Viewer, book: Apprenticeship) -> bool:
    """Whether `viewer` is an instructor of the sponsor and `book` attended a class of theirs that stands."""
    if viewer.user_id == book.apprentice_id or Role.INSTRUCTOR not in viewer.roles_with(book.sponsor_id):
        return False
    attended = Attendance.objects.standing().filter(apprenticeship=book)
    return attended.filter(class_topic__session__instructor=viewer.user_id).exists()


@dataclass(frozen=True)
class TaughtBook:
    """A book as an instructor may reach it: with the instructor's role where they taught its apprentice."""

    book: Apprenticeship

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.book.sponsor_id

    def roles_of(self, viewer: Viewer) -> frozenset[Role]:
        """The roles on the book, and the instructor's."""
        roles = self.book.roles_of(viewer)
        return roles | {Role.INSTRUCTOR} if taught_by(viewer, self.book) else roles


@dataclass(frozen=True)
class TopicOfBook:
    """One topic of one book: an instructor has a role on it who teaches that very topic."""

    book: Apprenticeship
    topic: Topic

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.book.sponsor_id

    def roles_of(self, viewer: Viewer) -> frozenset[Role]:
        """The roles on the book, and the instructor's where they taught the topic or are assigned to it."""
        roles = self.book.roles_of(viewer)
        teaches = ClassTopic.objects.filter(
            topic=self.topic, session__sponsor=self.book.sponsor_id, session__instructor=viewer.user_id
        )
        return roles | {Role.INSTRUCTOR} if taught_by(viewer, self.book) and teaches.exists() else roles


def record_topic_test(*, viewer: Viewer, key: str, on: TopicOfBook, taken: TestTaken) -> TopicTest:
    """Record that the apprentice took a test of the topic.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, EarningInvalid and NothingEarned; after any of them nothing is stored.
    """
    book, topic = on.book, on.topic
    with transaction.atomic():
        require(viewer, Permission.RECORD_TOPIC_TEST, on=on)
        request = {"apprenticeship": str(book.pk), "topic": str(topic.pk), **taken.as_request()}
        begun = begin(viewer, key, "record_topic_test", request)
        if begun.is_replay:
            return TopicTest.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [book.sponsor])
        problems = [*problem_of_topic(book, topic), *problems_of_test(viewer, book, taken)]
        if problems:
            raise EarningInvalid(problems)
        heads = lock_books([book.pk])
        refuse_while_resting(book, heads)
        body = {**topic_test_in_entry(topic, taken), "meaning": said(meaning_of_test())}
        draft = Draft(book, "topic_test", body, acting_role(viewer, Permission.RECORD_TOPIC_TEST, on=on))
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = TopicTest.objects.create(
            entry=entry,
            apprenticeship=book,
            topic=topic,
            by=viewer.person,
            kind=taken.kind,
            taken_on=taken.taken_on,
            passed=taken.passed,
            score=taken.score,
            pass_mark=taken.pass_mark,
            instrument=taken.instrument,
            examiner=taken.examiner,
            examiner_name=taken.examiner_name,
            examiner_organization=taken.examiner_organization,
        )
        finish_act(begun.act, [made.pk])
        return made


def sign_topic(*, viewer: Viewer, key: str, on: TopicOfBook) -> TopicSignOff:
    """Sign that the apprentice is competent in the topic, as an instructor of it.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, EarningInvalid, NothingEarned, RecordedBefore; after any of them nothing is stored.
    """
    book, topic = on.book, on.topic
    with transaction.atomic():
        require(viewer, Permission.SIGN_TOPIC, on=on)
        begun = begin(viewer, key, "sign_topic", {"apprenticeship": str(book.pk), "topic": str(topic.pk)})
        if begun.is_replay:
            return TopicSignOff.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [book.sponsor])
        if problems := problem_of_topic(book, topic):
            raise EarningInvalid(problems)
        heads = lock_books([book.pk])
        refuse_while_resting(book, heads)
        before = TopicSignOff.objects.standing().filter(apprenticeship=book, topic=topic).select_related("by").first()
        if before:
            raise RecordedBefore(_("%(who)s signed this topic already.") % {"who": before.by})
        draft = Draft(
            book,
            "topic_sign_off",
            {**topic_in_entry(topic), "meaning": said(meaning_of_topic_sign_off())},
            acting_role(viewer, Permission.SIGN_TOPIC, on=on),
            _qualification(viewer, on),
        )
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = TopicSignOff.objects.create(entry=entry, apprenticeship=book, topic=topic, by=viewer.person)
        finish_act(begun.act, [made.pk])
        return made


def topic_test_in_entry(topic: Topic, taken: TestTaken | TopicTest) -> dict[str, Any]:
    """What an entry says of a test of a topic, beside its meaning."""
    return {**topic_in_entry(topic), **result_in_entry(taken)}


def _qualification(viewer: Viewer, on: TopicOfBook) -> str:
    """The instructor's qualification as it was printed when they last taught the topic."""
    taught = ClassTopic.objects.filter(
        topic=on.topic, session__sponsor=on.sponsor_id, session__instructor=viewer.user_id
    ).select_related("session")
    last = taught.order_by("-session__held_on", "pk").first()
    return last.session.instructor_qualification if last else ""


def meaning_of_topic_sign_off() -> str:
    """What signing a topic says, in the active language; shown before it is done."""
    return _("The apprentice has shown me that they know and can do what this topic teaches.")
