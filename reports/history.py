"""Everything the book says about one skill, as a time line: the newest first, nothing left out.

What was entered by mistake stays to be seen, struck through: the record hides nothing, it only
says what counts.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from accounts.access import Permission, permits
from accounts.states import State
from accounts.templatetags.look import full
from accounts.viewer import Viewer
from apprenticeship.evidence_shown import ShownFile, files_of_sign_offs, files_of_transcriptions
from apprenticeship.models import (
    Apprenticeship,
    CounterSignature,
    Revocation,
    RevocationKind,
    SignOff,
    TestResult,
    TestVoid,
    TranscriptionVoid,
    Verification,
)
from competencies.models import Skill
from reports.agreements import Answered, Said, answered_of, said_of
from reports.codes import Signed
from reports.progress import Signature, TakenBack, attained_by, signature_of, taken_back_of
from reports.sealed import Sealed, sealed_of
from reports.tests_taken import Tested, Voided, tested_of, voided_of
from reports.transcribed import (
    TakenOut,
    Transcribed,
    taken_out_of,
    transcribed_of,
    transcriptions_about,
    waiting_among,
)
from reports.verified import Statement, statement_of


@dataclass(frozen=True)
class Event:
    """One entry about the skill: a signature, that one was taken back, what the apprentice said of one, the
    answer to that, the sponsor's verification of one, a test, or that its result was taken back, what was transcribed
    from paper, or that this was taken out; none of them where it cannot be read.

    `verified` took a verification back where `is_void`; `step` names the step whose signature was taken back,
    which is why its parent counts no more.
    `mistaken` is a signature that was entered by mistake and reads as never given; `superseded`
    is the later signature that was signed over it; `stands` marks the one that counts now.
    """

    sequence: int
    signature: Signature | None = None
    taken_back: TakenBack | None = None
    said: Said | None = None
    answered: Answered | None = None
    test: Tested | None = None
    test_void: Voided | None = None
    transcribed: Transcribed | None = None
    taken_out: TakenOut | None = None
    by_mistake: bool = False
    mistaken: bool = False
    ended: bool = False
    stands: bool = False
    superseded: Signature | None = None
    sealed: Sealed | None = None
    late_reason: Sealed | None = None
    of_sequence: int | None = None
    files: tuple[ShownFile, ...] = ()
    verified: Statement | None = None
    is_void: bool = False
    step: str = ""

    @property
    def state(self) -> State:
        """The shape on the line."""
        if self.said:
            return State.SIGNED_OFF if self.said.agrees else State.WAITING
        if self.test:
            return State.SIGNED_OFF if self.test.passed else State.IN_TRAINING
        if self.signature is None:
            return State.NO_LONGER_STANDS
        if not self.signature.level_attained:
            return State.IN_TRAINING
        return attained_by(self.signature.method)

    @property
    def authentication(self) -> str:
        """How the signer was known, in words."""
        return self._told.authentication_label if self._told else ""

    @property
    def recorded_in_full(self) -> str:
        """When it was recorded: date, time and the zone that the entry names."""
        told = self._told
        return full(told.at.astimezone(ZoneInfo(told.zone))) if told else ""

    @property
    def _told(self) -> Signed | None:
        """What the entry tells, whichever it is."""
        signed = self.signature or self.taken_back or self.said or self.answered or self.verified
        return signed or self.test or self.test_void or self.transcribed or self.taken_out


def history_of(apprenticeship: Apprenticeship, skill: Skill, *, viewer: Viewer) -> tuple[Event, ...]:
    """The time line of one skill; as many queries at any length. Sealed texts only for who may read them."""
    signed = list(
        SignOff.objects.filter(apprenticeship=apprenticeship, skill=skill).select_related(
            "entry", "note", "late_reason", "standing"
        )
    )
    ended = {
        revocation.sign_off_id: revocation
        for revocation in Revocation.objects.filter(
            sign_off__apprenticeship=apprenticeship, sign_off__skill=skill
        ).select_related("entry", "reason", "sign_off__entry")
    }
    words = CounterSignature.objects.filter(sign_off__apprenticeship=apprenticeship, sign_off__skill=skill)
    words = words.select_related("entry", "reason", "sign_off__entry", "answer__entry", "answer__words")
    words = words.select_related("sign_off__standing")
    may_read = permits(viewer, Permission.READ_SEALED_TEXT, on=apprenticeship)
    followers = _followers(signed, ended)
    files = files_of_sign_offs([s.pk for s in signed], book=apprenticeship, viewer=viewer)
    events = [
        replace(
            _signed_event(s, ended.get(s.pk), followers.get(s.pk), may_read=may_read), files=tuple(files.get(s.pk, ()))
        )
        for s in signed
    ]
    events += [_ended_event(r, may_read=may_read) for r in ended.values()]
    events += [event for word in words for event in _word_events(word, may_read=may_read)]
    events += _verified_events(signed, may_read=may_read)
    fallen = [(_ended_event(r, may_read=may_read), r.sign_off.skill.code) for r in _of_steps(skill, signed)]
    events += [replace(event, step=code) for event, code in fallen]
    results = TestResult.objects.filter(apprenticeship=apprenticeship, skill=skill)
    for result in results.select_related("entry", "void__entry", "void__reason"):
        events += _test_events(result, may_read=may_read)
    events += _paper_events(apprenticeship, skill, viewer=viewer, may_read=may_read)
    return tuple(sorted(events, key=lambda event: event.sequence, reverse=True))


def _followers(signed: list[SignOff], ended: dict[uuid.UUID, Revocation]) -> dict[uuid.UUID, SignOff]:
    """By each signature the one signed over it; one that was a mistake never was."""
    mistakes = {pk for pk, revocation in ended.items() if revocation.kind == RevocationKind.MISTAKE}
    return {s.replaces_id: s for s in signed if s.replaces_id and s.pk not in mistakes}


def _signed_event(signed: SignOff, ended: Revocation | None, follower: SignOff | None, *, may_read: bool) -> Event:
    return Event(
        sequence=signed.entry.sequence,
        signature=signature_of(signed),
        mistaken=bool(ended and ended.kind == RevocationKind.MISTAKE),
        ended=bool(ended and ended.kind == RevocationKind.NO_LONGER_STANDS),
        stands=hasattr(signed, "standing"),
        superseded=signature_of(follower) if follower else None,
        sealed=sealed_of(signed.note, may_read=may_read),
        late_reason=sealed_of(signed.late_reason, may_read=may_read),
    )


def _ended_event(revocation: Revocation, *, may_read: bool) -> Event:
    return Event(
        sequence=revocation.entry.sequence,
        taken_back=taken_back_of(revocation),
        by_mistake=revocation.kind == RevocationKind.MISTAKE,
        sealed=sealed_of(revocation.reason, may_read=may_read),
        of_sequence=revocation.sign_off.entry.sequence,
    )


def _word_events(word: CounterSignature, *, may_read: bool) -> Iterator[Event]:
    """What the apprentice said, and the answer to it."""
    yield Event(
        sequence=word.entry.sequence,
        said=said_of(word),
        stands=hasattr(word.sign_off, "standing") and word.sign_off.standing.counter_signature_id == word.pk,
        sealed=sealed_of(word.reason, may_read=may_read),
        of_sequence=word.sign_off.entry.sequence,
    )
    answer = getattr(word, "answer", None)
    if answer:
        yield Event(
            sequence=answer.entry.sequence,
            answered=answered_of(answer),
            sealed=sealed_of(answer.words, may_read=may_read),
            of_sequence=word.entry.sequence,
        )


def _verified_events(signed: list[SignOff], *, may_read: bool) -> Iterator[Event]:
    """The sponsor's verifications that covered one of these signatures, and that one was taken back."""
    rows = Verification.objects.filter(covers__sign_off__in=signed).distinct()
    for row in rows.select_related("entry", "void__entry", "void__reason"):
        yield Event(sequence=row.entry.sequence, verified=statement_of(row.entry))
        if void := getattr(row, "void", None):
            yield Event(
                sequence=void.entry.sequence,
                verified=statement_of(void.entry),
                is_void=True,
                sealed=sealed_of(void.reason, may_read=may_read),
                of_sequence=row.entry.sequence,
            )


def _of_steps(skill: Skill, signed: list[SignOff]) -> Iterable[Revocation]:
    """What was taken back of the required steps of a parent after it was first signed."""
    if not signed:
        return []
    first = min(sign_off.entry.sequence for sign_off in signed)
    taken = Revocation.objects.filter(
        sign_off__apprenticeship=signed[0].apprenticeship_id,
        sign_off__skill__parent=skill,
        sign_off__skill__required=True,
        entry__sequence__gt=first,
    )
    return taken.select_related("entry", "reason", "sign_off__entry", "sign_off__skill")


def _paper_events(book: Apprenticeship, skill: Skill, *, viewer: Viewer, may_read: bool) -> Iterator[Event]:
    """What was transcribed from paper, each with its scans, and that one was taken out."""
    rows = list(transcriptions_about(book, skill))
    waits = waiting_among(rows)
    files = files_of_transcriptions([row.pk for row in rows], book=book, viewer=viewer) if rows else {}
    for row in rows:
        yield Event(
            sequence=row.entry.sequence,
            transcribed=transcribed_of(row, waits=row.pk in waits),
            files=tuple(files.get(row.pk, ())),
        )
        void: TranscriptionVoid | None = getattr(row, "void", None)
        if void:
            sealed = sealed_of(void.reason, may_read=may_read)
            yield Event(sequence=void.entry.sequence, taken_out=taken_out_of(void), sealed=sealed)


def _test_events(result: TestResult, *, may_read: bool) -> Iterator[Event]:
    """A test result, and that it was taken back."""
    void: TestVoid | None = getattr(result, "void", None)
    yield Event(sequence=result.entry.sequence, test=tested_of(result, voided=void is not None))
    if void:
        sealed = sealed_of(void.reason, may_read=may_read)
        yield Event(sequence=void.entry.sequence, test_void=voided_of(void), sealed=sealed)
