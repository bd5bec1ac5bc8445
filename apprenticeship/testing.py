"""Recording the result of a test, and taking one back: entries of their own, apart from any sign-off.

A mentor of the apprentice or a coordinator records what an examiner, named with their organization, found.
Nobody records a test of their own, and nobody examines themselves.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, acting_role, permits, require
from accounts.models import Role
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import can_be_kept, seal
from apprenticeship.models import Apprenticeship, RecordHead, TestResult, TestVoid
from apprenticeship.record import Draft, append_many, lock_books, skill_in_entry
from apprenticeship.running import NotRunning, rests
from apprenticeship.taken import TestTaken, examiner_in_entry, points_in_entry, problems_of_test
from competencies.models import Skill

LONGEST_REASON = 2000
"""How many characters the reason for taking a result back may have."""


class TestInvalid(Exception):
    """Wrong input: `problems` are (field, what to do); nothing was recorded. The edge answers 400."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = list(problems)


class TestedWhileNotRunning(NotRunning, TestInvalid):
    """The apprenticeship is suspended or cancelled; nothing was recorded."""


class TestAlreadyVoided(Exception):
    """The result was taken back before: `void` says by whom and when. The edge answers 409."""

    def __init__(self, void: TestVoid) -> None:
        super().__init__(f"taken back by {void.by_id}")
        self.void = void


@dataclass(frozen=True)
class TestToWrite:
    """One test on its way into a book, with the role and the qualification of who records it."""

    apprenticeship: Apprenticeship
    skill: Skill
    taken: TestTaken
    role: str
    qualification: str


def record_test(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, skill: Skill, taken: TestTaken
) -> TestResult:
    """Record that the apprentice took a test of `skill`.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, TestInvalid, TestedWhileNotRunning; after any of them nothing is stored.
    """
    with transaction.atomic():
        require_recording(viewer, apprenticeship, skill.skill_set.role_track)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="record_test",
            request={"apprenticeship": str(apprenticeship.pk), "skill": str(skill.pk), **taken.as_request()},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return TestResult.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        problems = problems_of_test(viewer, apprenticeship, taken)
        if skill.skill_set.version_id != apprenticeship.terms.standard_version_id:
            problems.append(("skill", _("This skill is not part of the standard this apprentice follows.")))
        if problems:
            raise TestInvalid(problems)
        heads = lock_books([apprenticeship.pk])
        if told := rests([apprenticeship], heads):
            raise TestedWhileNotRunning([("apprenticeship", told[apprenticeship.pk])])
        role = acting_role(viewer, Permission.RECORD_TEST, on=apprenticeship)
        qualification = apprenticeship.qualification_of(viewer, covering=skill.skill_set.role_track)
        wanted = TestToWrite(apprenticeship, skill, taken, role, qualification)
        (made,) = write_results([wanted], viewer=viewer, act=begun.act, heads=heads)
        finish_act(begun.act, [made.pk])
        return made


def void_test(*, viewer: Viewer, key: str, result: TestResult, reason: str) -> TestVoid:
    """Take a test result back for a reason, which is sealed. A sign-off that rests on it stands as before.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, TestInvalid, TestAlreadyVoided; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require_recording(viewer, result.apprenticeship, result.skill.skill_set.role_track)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_test",
            request={"test_result": str(result.pk), "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return TestVoid.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [result.apprenticeship.sponsor])
        _refuse_reason(reason)
        heads = lock_books([result.apprenticeship_id])
        void = TestVoid.objects.filter(test_result=result).select_related("by", "entry").first()
        if void is not None:
            raise TestAlreadyVoided(void)
        sealed = seal(reason, sponsor_id=result.sponsor_id, at=viewer.at)
        (entry,) = append_many([_void_draft(viewer, result, sealed)], viewer=viewer, act=begun.act, heads=heads)
        made = TestVoid.objects.create(entry=entry, test_result=result, by=viewer.person, reason=sealed)
        finish_act(begun.act, [made.pk])
        return made


def require_recording(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> None:
    """Return when `viewer` may record tests of skills of `role_track` here; raise NotPermitted when not.

    A mentor of some role tracks records tests of these alone, a coordinator those of all.
    """
    require(viewer, Permission.RECORD_TEST, on=apprenticeship)
    if not may_record(viewer, apprenticeship, role_track):
        raise NotPermitted(Permission.RECORD_TEST)


def may_record(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> bool:
    """Whether a page offers `viewer` to record tests of skills of `role_track` here."""
    if not permits(viewer, Permission.RECORD_TEST, on=apprenticeship):
        return False
    if Role.COORDINATOR in apprenticeship.roles_of(viewer):
        return True
    return apprenticeship.mentorship_of(viewer, covering=role_track) is not None


def write_results(
    wanted: Sequence[TestToWrite], *, viewer: Viewer, act: Act, heads: Mapping[uuid.UUID, RecordHead]
) -> list[TestResult]:
    """Write results that were found right as entries and rows, in their order; the caller holds the lock."""
    entries = append_many([_draft(test) for test in wanted], viewer=viewer, act=act, heads=heads)
    rows = [
        TestResult(
            entry=entry,
            apprenticeship=test.apprenticeship,
            skill=test.skill,
            kind=test.taken.kind,
            taken_on=test.taken.taken_on,
            passed=test.taken.passed,
            score=test.taken.score,
            pass_mark=test.taken.pass_mark,
            instrument=test.taken.instrument,
            examiner=test.taken.examiner,
            examiner_name=test.taken.examiner_name,
            examiner_organization=test.taken.examiner_organization,
            recorded_by=viewer.person,
        )
        for test, entry in zip(wanted, entries, strict=True)
    ]
    return TestResult.objects.bulk_create(rows)


def _draft(test: TestToWrite) -> Draft:
    taken = test.taken
    return Draft(
        apprenticeship=test.apprenticeship,
        kind="test_result",
        role=test.role,
        qualification=test.qualification,
        body={"skill": skill_in_entry(test.skill), **result_in_entry(taken), "meaning": _said(meaning_of_test())},
    )


def result_in_entry(taken: Any) -> dict[str, Any]:
    """What an entry says of a test beside what it was a test of; `taken` is a TestTaken or a row of a result."""
    return {
        "kind": taken.kind,
        "taken_on": taken.taken_on.isoformat(),
        "passed": taken.passed,
        "points": points_in_entry(taken.score, taken.pass_mark),
        "instrument": taken.instrument,
        "examiner": examiner_in_entry(taken),
    }


def _void_draft(viewer: Viewer, result: TestResult, sealed: SealedText) -> Draft:
    return Draft(
        apprenticeship=result.apprenticeship,
        kind="test_result_void",
        role=acting_role(viewer, Permission.RECORD_TEST, on=result),
        qualification=result.apprenticeship.qualification_of(viewer),
        body={
            "test_result": result.entry.sequence,
            "skill": skill_in_entry(result.skill),
            "reason": sealed.digest,
            "meaning": _said(meaning_of_test_void()),
        },
    )


def _refuse_reason(reason: str) -> None:
    if not reason:
        raise TestInvalid([("reason", _("Say why this result is taken back; the apprentice will read it."))])
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise TestInvalid([("reason", too_long)])
    if not can_be_kept(reason):
        raise TestInvalid([("reason", _("The reason contains signs that cannot be kept. Type it again."))])


def _said(text: str) -> dict[str, str]:
    return {"language": get_language() or "en", "text": text}


def meaning_of_test() -> str:
    """What recording a result says, in the active language; shown before it is done."""
    return _("I record the result of a test that the examiner named here gave the apprentice on the date given.")


def meaning_of_test_void() -> str:
    """What taking a result back says, in the active language; shown before it is done."""
    return _("This test result no longer counts from today, for the reason I have given.")
