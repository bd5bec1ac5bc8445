"""Signing off: the pattern of every transition on the record.

The beats are always the same: permission, replay, proof, state, write, record. A single sign-off is a
list of one; several lines are one act, all or nothing, one entry each.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, permits, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act
from acts.models import Act
from acts.sealing import seal_many
from acts.statements import Ready, Writes
from apprenticeship import conversation, standing
from apprenticeship.announcing import Telling, announce
from apprenticeship.evidence import sign_with, take_for_lines
from apprenticeship.lines import Problem, SignOffInvalid, SignOffLine, problems_of
from apprenticeship.models import (
    Apprenticeship,
    RecordHead,
    SignOff,
    SkillStanding,
    TestResult,
    TestUse,
    TranscribedSignOff,
)
from apprenticeship.qualified import NotQualified, require_qualified
from apprenticeship.record import (
    MOST_ENTRIES_IN_ONE_ACT,
    TooManyEntries,
    append_many,
    lock_books,
)
from apprenticeship.resting import Tests, problems_of_tests, standing_results, tests_of
from apprenticeship.running import NotRunning, rests
from apprenticeship.signing import Signing, as_request, draft_of, live, live_id, permission_for, row_of
from apprenticeship.testing import TestToWrite, write_results
from apprenticeship.transcribing import overtaken, require_waiting

__all__ = ["NotQualified", "Problem", "SignOffInvalid", "SignOffLine", "sign_off", "sign_off_many"]


class AlreadySigned(Exception):
    """What stands is not what the signer saw; nothing was signed. The edge answers 409.

    `standing` gives, by line, the sign-off that stands now, or None where it was taken back.
    """

    def __init__(self, standing: dict[int, SignOff | None]) -> None:
        super().__init__("what stands is not what the signer saw")
        self.standing = standing


class SignedWhileNotRunning(NotRunning, SignOffInvalid):
    """Lines in books that are suspended or cancelled; nothing was signed."""


class TranscribedItOneself(NotPermitted):
    """Who transcribed it from paper does not verify it; somebody else compares it with the scan."""


class OutsideRoleTrack(NotPermitted):
    """This mentor may sign for the apprentice, but not skills of this role track."""

    def __init__(self, role_track: str) -> None:
        super().__init__(Permission.SIGN_OFF)
        self.role_track = role_track


STANDING = Ready(
    lambda books, skills: (
        SkillStanding.objects.filter(apprenticeship__in=books, skill__in=skills)
        .select_related("sign_off__entry")
        .defer("sign_off__entry__canonical")
    ),
    "books",
    "skills",
)


def sign_off(*, viewer: Viewer, key: str, line: SignOffLine) -> SignOff:
    """Sign one line; see `sign_off_many`."""
    return sign_off_many(viewer=viewer, key=key, lines=[line])[0]


def sign_off_many(*, viewer: Viewer, key: str, lines: Sequence[SignOffLine]) -> list[SignOff]:
    """Sign all `lines` or none; returns the sign-offs in the order of the lines.

    The same `key` with the same lines gives the first result again. Raises NotPermitted,
    KeyReused, NotYetAccepted, ProofNeeded, SignOffInvalid, SignedWhileNotRunning, AlreadySigned,
    TranscriptionClosed, TooManyEntries; after any of them nothing is stored.
    The number of queries does not grow with the lines.
    """
    if len(lines) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    _fetch_what_is_asked(lines)
    with transaction.atomic():
        signings = [Signing(i, line, _require_signing(viewer, line)) for i, line in enumerate(lines)]
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="sign_off",
            request={"lines": [as_request(line) for line in lines]},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return _earlier(begun.act, lines)
        require_proof(viewer, (line.apprenticeship.sponsor for line in lines))
        _refuse_wrong_input(viewer, lines)
        heads = lock_books(line.apprenticeship.pk for line in lines)
        _refuse_resting(lines, heads)
        # In one act, steps come before their parent, whatever the order of the list.
        signings.sort(key=_steps_first)
        _refuse_wrong_state(signings)
        _refuse_lacking_tests(viewer, signings)
        _record_new_tests(signings, viewer=viewer, act=begun.act, heads=heads)
        _take_evidence(signings, viewer=viewer, act=begun.act)
        writes = Writes()
        announce(_telling(lines), act=begun.act, viewer=viewer, wait=_undo_time(lines), writes=writes)
        _write(signings, viewer=viewer, act=begun.act, heads=heads, writes=writes)
        made = [signing.made for signing in sorted(signings, key=lambda s: s.place) if signing.made]
        conversation.answer_with(made, viewer=viewer, act=begun.act)
        return made


def _require_signing(viewer: Viewer, line: SignOffLine) -> str:
    """The qualification by which `viewer` may sign the line, blank where it takes none; or raise NotPermitted."""
    if not line.judges_work:
        require(viewer, permission_for(line), on=line.apprenticeship)
        if line.transcription and line.transcription.by_id == viewer.user_id:
            raise TranscribedItOneself(Permission.VERIFY)
        return ""
    return require_covered(viewer, line.apprenticeship, line.skill.skill_set.role_track)


def require_covered(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> str:
    """The qualification by which `viewer` may sign skills of `role_track` for this apprentice; or NotPermitted."""
    require(viewer, Permission.SIGN_OFF, on=apprenticeship)
    if apprenticeship.mentorship_of(viewer, covering=role_track) is None:
        raise OutsideRoleTrack(role_track)
    return require_qualified(viewer, apprenticeship, Permission.SIGN_OFF, role_track)


def may_sign(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> bool:
    """Whether a page offers `viewer` to sign skills of `role_track` for this apprentice."""
    qualified = apprenticeship.qualification_of(viewer, covering=role_track)
    return permits(viewer, Permission.SIGN_OFF, on=apprenticeship) and bool(qualified)


def _fetch_what_is_asked(lines: Sequence[SignOffLine]) -> None:
    """Load what signing asks of the lines and their maker did not load: one query each, not one a line."""
    books = [line.apprenticeship for line in lines]
    prefetch_related_objects(books, "sponsor", "terms__standard_version__standard")
    prefetch_related_objects([book for book in books if book.held_by_viewer is None], "mentorships")
    prefetch_related_objects([line.skill for line in lines], "skill_set", "parent")
    prefetch_related_objects([line.level for line in lines], "scale")
    prefetch_related_objects([line.transcription for line in lines if line.transcription], "entry", "by")
    prefetch_related_objects([line.worksite for line in lines if line.worksite], "employer")


def _undo_time(lines: Sequence[SignOffLine]) -> timedelta:
    """How long the mail about these signatures waits: as long as one of them may be a mistake."""
    return timedelta(minutes=max(line.apprenticeship.sponsor.undo_minutes for line in lines))


def _telling(lines: Sequence[SignOffLine]) -> Telling:
    """What the apprentice is told of: signatures, credit, or that what was on paper counts."""
    if all(line.is_credit for line in lines):
        return Telling.CREDIT_GRANTED
    return Telling.PAPER_VERIFIED if all(line.transcription for line in lines) else Telling.SIGNED


def _earlier(act: Act, lines: Sequence[SignOffLine]) -> list[SignOff]:
    """What the act made of the same lines; a skill of a book stands in an act once."""
    made = {(row.apprenticeship_id, row.skill_id): row for row in SignOff.objects.filter(entry__act=act)}
    return [made[line.apprenticeship.pk, line.skill.pk] for line in lines]


def _steps_first(signing: Signing) -> tuple[bool, int]:
    return signing.line.skill.parent_id is None, signing.place


def _refuse_wrong_input(viewer: Viewer, lines: Sequence[SignOffLine]) -> None:
    problems = [] if lines else [Problem(0, "lines", _("Choose at least one skill to sign."))]
    seen: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for place, line in enumerate(lines):
        problems += [Problem(place, name, message) for name, message in problems_of(viewer, line)]
        pair = (line.apprenticeship.pk, line.skill.pk)
        if pair in seen:
            problems.append(Problem(place, "skill", _("This skill is in the list twice.")))
        seen.add(pair)
    if problems:  # what lacks a test is told with the rest, so that nobody is sent round twice
        raise SignOffInvalid([*problems, *_lacking_tests(viewer, lines, standing_results(lines))])


def _refuse_resting(lines: Sequence[SignOffLine], heads: Mapping[uuid.UUID, RecordHead]) -> None:
    """Refuse each line in a book that is suspended or cancelled, whatever day it is about."""
    told = rests((line.apprenticeship for line in lines), heads)
    books = [line.apprenticeship.pk for line in lines]
    if told:
        resting = [Problem(place, "apprenticeship", told[pk]) for place, pk in enumerate(books) if pk in told]
        raise SignedWhileNotRunning(resting)


def _refuse_wrong_state(signings: Sequence[Signing]) -> None:
    """Compare what each signer saw with what stands; the books are locked, so it stays so."""
    for signing, row in _standing_now(signings):
        signing.seen = row
    papers = [(s, s.line.transcription) for s in signings if s.line.transcription]
    require_waiting(paper for _s, paper in papers)
    stale = {s.place: live(s.seen) for s in signings if s.line.replaces != live_id(s.seen)}
    stale |= {s.place: live(s.seen) for s, paper in papers if overtaken(s.seen, paper.signed_on)}
    if stale:
        raise AlreadySigned(stale)


def _refuse_lacking_tests(viewer: Viewer, signings: Sequence[Signing]) -> None:
    """Find what each line rests on; the books are locked, so no result is taken back meanwhile."""
    lines = [signing.line for signing in sorted(signings, key=lambda signing: signing.place)]
    standing = standing_results(lines)
    if problems := _lacking_tests(viewer, lines, standing):
        raise SignOffInvalid(problems)
    for signing in signings:
        signing.resting = tests_of(signing.line, standing, signer=viewer.person)


def _lacking_tests(viewer: Viewer, lines: Sequence[SignOffLine], standing: Tests) -> list[Problem]:
    return [
        Problem(place, name, message)
        for place, line in enumerate(lines)
        for name, message in problems_of_tests(line, standing, signer=viewer.person)
    ]


def _record_new_tests(
    signings: Sequence[Signing], *, viewer: Viewer, act: Act, heads: Mapping[uuid.UUID, RecordHead]
) -> None:
    """Write the tests that were reported on the same sheet as entries before the signatures that rest on them."""
    wanted = [
        TestToWrite(s.line.apprenticeship, s.line.skill, taken, s.role_of(viewer), s.qualification)
        for s in signings
        for taken in s.line.tests
    ]
    made = write_results(wanted, viewer=viewer, act=act, heads=heads) if wanted else []
    by_report = {id(test.taken): result for test, result in zip(wanted, made, strict=True)}
    for s in signings:
        s.rests_on = [test if isinstance(test, TestResult) else by_report[id(test)] for test in s.resting]


def _standing_now(signings: Sequence[Signing]) -> list[tuple[Signing, SkillStanding | None]]:
    """Each signing with the row of its skill in the projection; one query."""
    books, skills = {s.line.apprenticeship.pk for s in signings}, {s.line.skill.pk for s in signings}
    rows = STANDING(books=[*books], skills=[*skills])
    by_pair = {(row.apprenticeship_id, row.skill_id): row for row in rows}
    return [(s, by_pair.get((s.line.apprenticeship.pk, s.line.skill.pk))) for s in signings]


def _write(
    signings: Sequence[Signing], *, viewer: Viewer, act: Act, heads: Mapping[uuid.UUID, RecordHead], writes: Writes
) -> None:
    """Send what waits in `writes` and, with it, entries, sign-offs and what they rest on; then move what stands."""
    _seal_texts(signings, viewer)
    drafts = [draft_of(signing, viewer) for signing in signings]
    entries = append_many(drafts, viewer=viewer, act=act, heads=heads, writes=writes)
    for signing, entry in zip(signings, entries, strict=True):
        signing.made = row_of(signing, entry, viewer)
    writes.insert([signing.made for signing in signings if signing.made])
    writes.insert([TestUse(sign_off=s.made, test_result=test) for s in signings for test in s.rests_on])
    papers = [(s.made, s.line.transcription) for s in signings if s.line.transcription]
    writes.insert([TranscribedSignOff(sign_off=made, transcription=paper) for made, paper in papers])
    if not standing.move_many([(s.seen, s.made) for s in signings if s.made], writes=writes):
        # Only a writer that did not lock the book can get here; the whole act rolls back.
        now = _standing_now(signings)
        raise AlreadySigned({s.place: live(row) for s, row in now if live_id(row) != s.line.replaces})
    sign_with((signing.made, signing.evidence) for signing in signings if signing.made)
    standing.settle_parents(
        apprenticeship_ids={s.line.apprenticeship.pk for s in signings}, skills=[s.line.skill for s in signings]
    )


def _take_evidence(signings: Sequence[Signing], *, viewer: Viewer, act: Act) -> None:
    """Lay the files of each line beside it; refused by the line's place in the caller's list."""
    in_order = sorted(signings, key=lambda signing: signing.place)
    taken = take_for_lines([signing.line for signing in in_order], viewer=viewer, act=act)
    for signing, files in zip(in_order, taken, strict=True):
        signing.evidence = files


def _seal_texts(signings: Sequence[Signing], viewer: Viewer) -> None:
    """Seal every note and every reason in one statement; none where nothing was written."""
    texts = [(s, "note") for s in signings if s.line.note]
    texts += [(s, "late_reason") for s in signings if s.line.is_late(viewer)]
    wanted = [(getattr(s.line, name), s.line.apprenticeship.sponsor_id) for s, name in texts]
    for (signing, name), sealed in zip(texts, seal_many(wanted, at=viewer.at), strict=True):
        setattr(signing, name, sealed)
