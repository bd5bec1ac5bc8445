"""Hours of a topic that were earned without a class here, and topics that are not appropriate.

Each is an entry of its own and is taken back by `entry_voiding`.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.sealing import can_be_kept, seal
from apprenticeship.breaks import breaks_of
from apprenticeship.evidence import EvidenceInvalid, in_entry, take
from apprenticeship.models import Apprenticeship, Evidence, RecordHead
from apprenticeship.record import Draft, append_many, lock_books
from apprenticeship.running import NotRunning, rested_on, rests
from competencies.models import Topic
from instruction.certificates import FIRST_DAY
from instruction.hours import topic_in_entry
from instruction.models import LONGEST_PROVIDER, MOST_HOURS_AT_ONCE, OtherHours, OtherHoursEvidence, TopicWaiver, Way
from instruction.sums import plain_hours

LONGEST_REASON = 2000


class EarningInvalid(Exception):
    """Wrong input: `problems` are (field, what to do); nothing was recorded. The edge answers 400."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = list(problems)


class NothingEarned(NotRunning, EarningInvalid):
    """The apprenticeship rests, or rested on that day; nothing was recorded."""


class RecordedBefore(Exception):
    """The same stands in the book already: `message` says since when and by whom. The edge answers 409."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Earned:
    """Hours of one topic by one document: in which way, how many, on which day, from whom."""

    topic: Topic
    way: str
    hours: Decimal
    earned_on: date
    provider: str


def record_other_hours(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, earned: Earned, evidence: Sequence[uuid.UUID]
) -> OtherHours:
    """Record hours that a document shows.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, EarningInvalid, NothingEarned, RecordedBefore; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.RECORD_HOURS, on=apprenticeship)
        request = {
            "apprenticeship": str(apprenticeship.pk),
            "topic": str(earned.topic.pk),
            "way": earned.way,
            "hours": str(earned.hours),
            "earned_on": earned.earned_on.isoformat(),
            "provider": earned.provider,
            "evidence": [str(pk) for pk in evidence],
        }
        begun = begin(viewer, key, "record_other_hours", request)
        if begun.is_replay:
            return OtherHours.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        problems = _problems(viewer, apprenticeship, earned, files=len(evidence))
        if problems:
            raise EarningInvalid(problems)
        heads = lock_books([apprenticeship.pk])
        _refuse_rest(apprenticeship, earned)
        _refuse_the_same(apprenticeship, earned)
        try:
            (files,) = take([(apprenticeship, None, evidence)], viewer=viewer, act=begun.act)
        except EvidenceInvalid as refusal:
            raise EarningInvalid([("files", refusal.message)]) from refusal
        draft = Draft(
            apprenticeship=apprenticeship,
            kind="other_hours",
            role=acting_role(viewer, Permission.RECORD_HOURS, on=apprenticeship),
            body={**earned_in_entry(earned, files), "meaning": said(meaning_of_other_hours())},
        )
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = OtherHours.objects.create(
            entry=entry,
            apprenticeship=apprenticeship,
            topic=earned.topic,
            by=viewer.person,
            way=earned.way,
            hours=earned.hours,
            earned_on=earned.earned_on,
            provider=earned.provider,
        )
        OtherHoursEvidence.objects.bulk_create([OtherHoursEvidence(other_hours=made, evidence=file) for file in files])
        finish_act(begun.act, [made.pk])
        return made


def waive_topic(*, viewer: Viewer, key: str, apprenticeship: Apprenticeship, topic: Topic, reason: str) -> TopicWaiver:
    """Say that a topic demanded "where appropriate" is not appropriate for this apprentice; the reason is sealed.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, EarningInvalid, NothingEarned, RecordedBefore; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.RECORD_HOURS, on=apprenticeship)
        request = {"apprenticeship": str(apprenticeship.pk), "topic": str(topic.pk), "reason": reason}
        begun = begin(viewer, key, "waive_topic", request)
        if begun.is_replay:
            return TopicWaiver.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        problems = problem_of_topic(apprenticeship, topic)
        if not topic.conditional:
            problems.append(("topic", _("Only a topic printed “where appropriate” can be waived.")))
        if not reason:
            problems.append(("reason", _("Say why this topic is not appropriate; the apprentice will read it.")))
        if len(reason) > LONGEST_REASON or not can_be_kept(reason):
            problems.append(("reason", _("Keep it to %(most)s plain characters.") % {"most": LONGEST_REASON}))
        if problems:
            raise EarningInvalid(problems)
        heads = lock_books([apprenticeship.pk])
        refuse_while_resting(apprenticeship, heads)
        if before := TopicWaiver.objects.standing().filter(apprenticeship=apprenticeship, topic=topic).first():
            raise RecordedBefore(_before(before, apprenticeship))
        sealed = seal(reason, sponsor_id=apprenticeship.sponsor_id, at=viewer.at)
        body = {**topic_in_entry(topic), "reason": sealed.digest, "meaning": said(meaning_of_waiver())}
        role = acting_role(viewer, Permission.RECORD_HOURS, on=apprenticeship)
        draft = Draft(apprenticeship, "topic_waiver", body, role)
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = TopicWaiver.objects.create(
            entry=entry, apprenticeship=apprenticeship, topic=topic, by=viewer.person, reason=sealed
        )
        finish_act(begun.act, [made.pk])
        return made


def begin(viewer: Viewer, key: str, kind: str, request: dict[str, Any]) -> Begun:
    """The act `kind` of `viewer` with `key`."""
    return begin_act(
        actor_id=viewer.user_id,
        key=key,
        kind=kind,
        request=request,
        at=viewer.at,
        authentication=viewer.authentication,
    )


def earned_in_entry(earned: Earned | OtherHours, files: Sequence[Evidence]) -> dict[str, Any]:
    """What an entry says of hours earned otherwise, beside its meaning."""
    return {
        **topic_in_entry(earned.topic),
        "way": earned.way,
        "hours": plain_hours(earned.hours),
        "earned_on": earned.earned_on.isoformat(),
        "provider": earned.provider,
        "evidence": in_entry(files),
    }


def problem_of_topic(book: Apprenticeship, topic: Topic) -> list[tuple[str, str]]:
    """That a topic is of another standard, if it is."""
    if topic.course.version_id == book.terms.standard_version_id:
        return []
    return [("topic", _("This topic is not part of the standard this apprentice follows."))]


def said(text: str) -> dict[str, str]:
    """What a signature says, with its language, as entries carry it."""
    return {"language": get_language() or "en", "text": text}


def _problems(viewer: Viewer, book: Apprenticeship, earned: Earned, *, files: int) -> list[tuple[str, str]]:
    problems = problem_of_topic(book, earned.topic)
    if earned.way not in Way.values:
        problems.append(("way", _("Choose how the hours were earned.")))
    problems += _problems_of_hours(earned)
    if earned.earned_on > viewer.today(book.sponsor):
        problems.append(("earned_on", _("The date is in the future. Enter the day that the document names.")))
    if earned.earned_on < FIRST_DAY:
        problems.append(("earned_on", _("This is very long ago. Look at the year once more.")))
    elif earned.way == Way.SELF_STUDY and earned.earned_on < book.starts_on:
        problems.append(
            ("earned_on", _("Before the apprenticeship began it is no self-study but transfer credit. Choose that."))
        )
    if not earned.provider.strip():
        problems.append(("provider", _("Say who issued the document.")))
    elif len(earned.provider) > LONGEST_PROVIDER or not can_be_kept(earned.provider):
        problems.append(("provider", _("Keep it to %(most)s plain characters.") % {"most": LONGEST_PROVIDER}))
    if not files:
        problems.append(("files", _("Add the certificate, transcript or test as a photo or a file.")))
    return problems


def _problems_of_hours(earned: Earned) -> list[tuple[str, str]]:
    hours = earned.hours
    if not (hours.is_finite() and 0 <= hours <= MOST_HOURS_AT_ONCE and hours % Decimal("0.25") == 0):
        words = _("Enter the hours in quarters, at most %(most)s, for example 6.5.")
        return [("hours", words % {"most": MOST_HOURS_AT_ONCE})]
    if not hours and earned.way == Way.SELF_STUDY:
        return [("hours", _("Enter the hours of the self-study; only credit and a test-out may be without."))]
    return []


def refuse_while_resting(book: Apprenticeship, heads: Mapping[uuid.UUID, RecordHead]) -> None:
    """Nothing is waived, tested or signed while the apprenticeship is suspended or cancelled. Raises NothingEarned."""
    if told := rests([book], heads):
        raise NothingEarned([("", told[book.pk])])


def _refuse_rest(book: Apprenticeship, earned: Earned) -> None:
    """What was learned elsewhere may be of any day; self-study and a test-out belong to a day on which it ran."""
    if earned.way != Way.TRANSFER and (why := rested_on(earned.earned_on, breaks_of([book.pk])[book.pk])):
        raise NothingEarned([("earned_on", why)])


def _refuse_the_same(book: Apprenticeship, earned: Earned) -> None:
    """The same way, topic, day and provider is the same document, whatever its hours."""
    same = OtherHours.objects.standing().filter(
        apprenticeship=book, topic=earned.topic, way=earned.way, earned_on=earned.earned_on
    )
    bare = " ".join(earned.provider.split()).casefold()
    for row in same.select_related("by", "entry"):
        if " ".join(row.provider.split()).casefold() == bare:
            raise RecordedBefore(_before(row, book))


def _before(row: Any, book: Apprenticeship) -> str:
    return _("%(who)s recorded this before, on %(when)s. If that is wrong, take it back first.") % {
        "who": row.by,
        "when": date_format(row.entry.recorded_at.astimezone(book.sponsor.zone), "DATETIME_FORMAT"),
    }


def meaning_of_other_hours() -> str:
    """What recording says, in the active language; shown before it is done."""
    return _("I have examined the document and accept these hours for the topic named here.")


def meaning_of_waiver() -> str:
    """What waiving says, in the active language; shown before it is done."""
    return _("This topic is not appropriate for the work of this apprentice, for the reason I have given.")
