"""Signing off: the pattern of every transition on the record.

The beats are always the same: permission, replay, proof, state, write, record. A single sign-off is a
list of one; several lines are one act, all or nothing, one entry each.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, acting_role, permits, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import seal_many
from apprenticeship import conversation, standing
from apprenticeship.announcing import Telling, announce
from apprenticeship.evidence import in_entry, sign_with, take_for_lines
from apprenticeship.lines import Problem, SignOffInvalid, SignOffLine, problems_of
from apprenticeship.meaning import meaning_of_sign_off
from apprenticeship.models import (
    Apprenticeship,
    Evidence,
    Mentorship,
    RecordEntry,
    RecordHead,
    SignOff,
    SkillStanding,
)
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, Draft, TooManyEntries, append_many, lock_books
from competencies.models import Skill

__all__ = ["Problem", "SignOffInvalid", "SignOffLine", "sign_off", "sign_off_many"]


class AlreadySigned(Exception):
    """What stands is not what the signer saw; nothing was signed. The edge answers 409.

    `standing` gives, by line, the sign-off that stands now, or None where it was taken back.
    """

    def __init__(self, standing: dict[int, SignOff | None]) -> None:
        super().__init__("what stands is not what the signer saw")
        self.standing = standing


class OutsideRoleTrack(NotPermitted):
    """This mentor may sign for the apprentice, but not skills of this role track."""

    def __init__(self, role_track: str) -> None:
        super().__init__(Permission.SIGN_OFF)
        self.role_track = role_track


@dataclass
class _Signing:
    """A line on its way: its place in the caller's list, by which mentorship, and what was made of it."""

    place: int
    line: SignOffLine
    mentorship: Mentorship | None
    seen: SkillStanding | None = None
    note: SealedText | None = None
    late_reason: SealedText | None = None
    evidence: Sequence[Evidence] = ()
    made: SignOff | None = field(default=None)


def sign_off(*, viewer: Viewer, key: str, line: SignOffLine) -> SignOff:
    """Sign one line; see `sign_off_many`."""
    return sign_off_many(viewer=viewer, key=key, lines=[line])[0]


def sign_off_many(*, viewer: Viewer, key: str, lines: Sequence[SignOffLine]) -> list[SignOff]:
    """Sign all `lines` or none; returns the sign-offs in the order of the lines.

    The same `key` with the same lines gives the first result again. Raises NotPermitted,
    KeyReused, NotYetAccepted, ProofNeeded, SignOffInvalid, AlreadySigned, TooManyEntries; after any
    of them nothing is stored.
    The number of queries does not grow with the lines.
    """
    if len(lines) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    _fetch_what_is_asked(lines)
    with transaction.atomic():
        mentorships = [_require_signing(viewer, line) for line in lines]
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="sign_off",
            request={"lines": [_as_request(line) for line in lines]},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (line.apprenticeship.sponsor for line in lines))
        _refuse_wrong_input(viewer, lines)
        heads = lock_books(line.apprenticeship.pk for line in lines)
        # In one act, steps come before their parent, whatever the order of the list.
        parts = enumerate(zip(lines, mentorships, strict=True))
        signings = sorted((_Signing(i, line, mentorship) for i, (line, mentorship) in parts), key=_steps_first)
        _refuse_wrong_state(signings)
        _take_evidence(signings, viewer=viewer, act=begun.act)
        _write(signings, viewer=viewer, act=begun.act, heads=heads)
        made = [signing.made for signing in sorted(signings, key=lambda s: s.place) if signing.made]
        conversation.answer_with(made, viewer=viewer, act=begun.act)
        telling = Telling.CREDIT_GRANTED if all(line.is_credit for line in lines) else Telling.SIGNED
        announce(telling, act=begun.act, viewer=viewer, books=heads, wait=_undo_time(lines))
        finish_act(begun.act, [sign_off.pk for sign_off in made])
        return made


def _require_signing(viewer: Viewer, line: SignOffLine) -> Mentorship | None:
    """The mentorship by which `viewer` may sign the line, None for credit; or raise NotPermitted."""
    if line.is_credit:
        require(viewer, Permission.GRANT_CREDIT, on=line.apprenticeship)
        return None
    return require_covered(viewer, line.apprenticeship, line.skill.skill_set.role_track)


def require_covered(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> Mentorship:
    """The mentorship by which `viewer` may sign skills of `role_track` for this apprentice; or raise NotPermitted."""
    require(viewer, Permission.SIGN_OFF, on=apprenticeship)
    mentorship = apprenticeship.mentorship_of(viewer, covering=role_track)
    if mentorship is None:
        raise OutsideRoleTrack(role_track)
    return mentorship


def may_sign(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> bool:
    """Whether a page offers `viewer` to sign skills of `role_track` for this apprentice."""
    mentorship = apprenticeship.mentorship_of(viewer, covering=role_track)
    return permits(viewer, Permission.SIGN_OFF, on=apprenticeship) and mentorship is not None


def _fetch_what_is_asked(lines: Sequence[SignOffLine]) -> None:
    """Load what signing asks of the lines and their maker did not load: one query each, not one a line."""
    prefetch_related_objects(
        [line.apprenticeship for line in lines], "sponsor", "terms__standard_version__standard", "mentorships"
    )
    prefetch_related_objects([line.skill for line in lines], "skill_set", "parent")
    prefetch_related_objects([line.level for line in lines], "scale")
    prefetch_related_objects([line.worksite for line in lines if line.worksite], "employer")


def _undo_time(lines: Sequence[SignOffLine]) -> timedelta:
    """How long the mail about these signatures waits: as long as one of them may be a mistake."""
    return timedelta(minutes=max(line.apprenticeship.sponsor.undo_minutes for line in lines))


def _as_request(line: SignOffLine) -> dict[str, Any]:
    return {
        "apprenticeship": str(line.apprenticeship.pk),
        "skill": str(line.skill.pk),
        "level": str(line.level.pk),
        "method": line.method,
        "observed_on": line.observed_on.isoformat(),
        "replaces": str(line.replaces) if line.replaces else None,
        "worksite": str(line.worksite.pk) if line.worksite else None,
        "note": line.note,
        **_said(
            late_reason=line.late_reason,
            procedure=[line.procedure_number, line.procedure_version] if line.procedure_number else None,
            evidence=[str(evidence) for evidence in line.evidence],
        ),
    }


def _said(**members: Any) -> dict[str, Any]:
    """The members that say something; what a form learned later stands only there, so older bytes stay as they are."""
    return {name: value for name, value in members.items() if value}


def _earlier(act: Act) -> list[SignOff]:
    found = SignOff.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _steps_first(signing: _Signing) -> tuple[bool, int]:
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
    if problems:
        raise SignOffInvalid(problems)


def _refuse_wrong_state(signings: Sequence[_Signing]) -> None:
    """Compare what each signer saw with what stands; the books are locked, so it stays so."""
    for signing, row in _standing_now(signings):
        signing.seen = row
    stale = {s.place: _live(s.seen) for s in signings if s.line.replaces != _live_id(s.seen)}
    if stale:
        raise AlreadySigned(stale)


def _standing_now(signings: Sequence[_Signing]) -> list[tuple[_Signing, SkillStanding | None]]:
    rows = SkillStanding.objects.filter(
        apprenticeship__in={s.line.apprenticeship.pk for s in signings},
        skill__in={s.line.skill.pk for s in signings},
    ).select_related("sign_off__level", "sign_off__signer", "sign_off__entry")
    by_pair = {(row.apprenticeship_id, row.skill_id): row for row in rows}
    return [(s, by_pair.get((s.line.apprenticeship.pk, s.line.skill.pk))) for s in signings]


def _live(row: SkillStanding | None) -> SignOff | None:
    return row.sign_off if row else None


def _live_id(row: SkillStanding | None) -> uuid.UUID | None:
    return row.sign_off_id if row else None


def _write(signings: Sequence[_Signing], *, viewer: Viewer, act: Act, heads: Mapping[uuid.UUID, RecordHead]) -> None:
    _seal_texts(signings, viewer)
    drafts = [_draft(signing, viewer) for signing in signings]
    entries = append_many(drafts, viewer=viewer, act=act, heads=heads)
    for signing, entry in zip(signings, entries, strict=True):
        signing.made = _row(signing, entry, viewer)
    SignOff.objects.bulk_create([signing.made for signing in signings if signing.made])
    sign_with((signing.made, signing.evidence) for signing in signings if signing.made)
    try:
        with transaction.atomic():
            moved = standing.move_many([(s.seen, s.made) for s in signings if s.made])
    except IntegrityError:
        moved = False
    if not moved:
        # Only a writer that did not lock the book can get here; the whole act rolls back.
        now = _standing_now(signings)
        raise AlreadySigned({s.place: _live(row) for s, row in now if _live_id(row) != s.line.replaces})
    standing.settle_parents(
        apprenticeship_ids={s.line.apprenticeship.pk for s in signings}, skills=[s.line.skill for s in signings]
    )


def _take_evidence(signings: Sequence[_Signing], *, viewer: Viewer, act: Act) -> None:
    """Lay the files of each line beside it; refused by the line's place in the caller's list."""
    in_order = sorted(signings, key=lambda signing: signing.place)
    taken = take_for_lines([signing.line for signing in in_order], viewer=viewer, act=act)
    for signing, files in zip(in_order, taken, strict=True):
        signing.evidence = files


def _seal_texts(signings: Sequence[_Signing], viewer: Viewer) -> None:
    """Seal every note and every reason in one statement; none where nothing was written."""
    texts = [(s, "note") for s in signings if s.line.note]
    texts += [(s, "late_reason") for s in signings if s.line.is_late(viewer)]
    wanted = [(getattr(s.line, name), s.line.apprenticeship.sponsor_id) for s, name in texts]
    for (signing, name), sealed in zip(texts, seal_many(wanted, at=viewer.at), strict=True):
        setattr(signing, name, sealed)


def _row(signing: _Signing, entry: RecordEntry, viewer: Viewer) -> SignOff:
    line = signing.line
    return SignOff(
        entry=entry,
        apprenticeship=line.apprenticeship,
        skill=line.skill,
        level=line.level,
        method=line.method,
        observed_on=line.observed_on,
        worksite=line.worksite,
        signer=viewer.person,
        replaces_id=line.replaces,
        note=signing.note,
        late_reason=signing.late_reason,
        procedure_number=line.procedure_number,
        procedure_version=line.procedure_version,
        needs_counter_signature=line.demands.counter_signature,
    )


def _draft(signing: _Signing, viewer: Viewer) -> Draft:
    line = signing.line
    replaced = _live(signing.seen)
    version = line.apprenticeship.terms.standard_version
    return Draft(
        apprenticeship=line.apprenticeship,
        kind="sign_off",
        role=acting_role(
            viewer, Permission.GRANT_CREDIT if line.is_credit else Permission.SIGN_OFF, on=line.apprenticeship
        ),
        qualification=signing.mentorship.qualification if signing.mentorship else "",
        body={
            "skill": skill_in_entry(line.skill),
            "standard": {
                "title": version.title,
                "slug": version.standard.slug,
                "version": version.number,
                "hash": version.content_hash,
            },
            "terms": line.apprenticeship.terms.number,
            "scale": line.level.scale.code,
            "level": {
                "code": line.level.code,
                "label": line.level.label,
                "sentence": line.level.sentence,
                "attained": line.level.attained,
            },
            "method": line.method,
            "observed_on": line.observed_on.isoformat(),
            "worksite": {"id": str(line.worksite.pk), "name": line.worksite.name} if line.worksite else None,
            "meaning": {
                "language": get_language() or "en",
                "text": meaning_of_sign_off(line.method, attained=line.level.attained),
            },
            "note": signing.note.digest if signing.note else None,
            "replaces": replaced.entry.sequence if replaced else None,
            **_said(
                late_reason=signing.late_reason.digest if signing.late_reason else None,
                procedure=procedure_in_entry(line.procedure_number, line.procedure_version),
                needs_counter_signature=line.demands.counter_signature,
                evidence=in_entry(signing.evidence),
            ),
        },
    )


def skill_in_entry(skill: Skill) -> dict[str, Any]:
    """A skill as entries carry it: its words, so that the entry can be read without the standard."""
    return {
        "id": str(skill.pk),
        "code": skill.code,
        "text": skill.text,
        "set": skill.skill_set.title,
        "parent": skill.parent.code if skill.parent else None,
    }


def procedure_in_entry(number: str, version: str) -> dict[str, str] | None:
    """The procedure that the work was held against, as entries carry it."""
    return {"number": number, "version": version} if number else None
