"""One apprentice's progress, skill by skill: what every page and every paper about it shows.

All figures of "31 of 49" come from here, so that page, API and PDF can never disagree. A signature is
read from the bytes of its entry, not from today's tables: name, role and qualification of the
signer, wording and level stand as they were on that day.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from accounts.states import State
from apprenticeship.demands import procedure_in_words
from apprenticeship.models import Apprenticeship, Method, Revocation, SignOff, SkillStanding
from apprenticeship.record import EntryIllegible, read, told
from competencies.models import Skill
from reports.agreements import Said, said_of
from reports.asks import Asked
from reports.codes import Signed, head_of, word_of


@dataclass(frozen=True)
class Signature(Signed):
    """One signed entry about a skill, in the words it was signed with."""

    sign_off_id: uuid.UUID
    qualification: str
    observed_on: date
    method: str
    worksite: str
    level_code: str
    level: str
    level_sentence: str
    level_attained: bool
    late: bool = False
    procedure: str = ""
    tests: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    paper: "OnPaper | None" = None

    @property
    def method_label(self) -> str:
        return word_of(self.method, Method)

    @property
    def is_credit(self) -> bool:
        """Whether it grants credit for earlier learning; the role then is that of who runs the program."""
        return self.method == Method.CREDIT


@dataclass(frozen=True)
class OnPaper:
    """The paper that a verified transcription stands on: who signed it as what, as written, who copied it, and the
    number of that entry.
    """

    signer: str
    role: str
    transcriber: str
    entry: int


@dataclass(frozen=True)
class TakenBack(Signed):
    """That the last signature on a skill no longer stands: who said so, and when. The reason is sealed."""

    revocation_id: uuid.UUID


@dataclass(frozen=True)
class SkillProgress:
    """One skill with what stands for it. `signature` is the live one, or the one that no longer stands.

    `attained` is what counts: a parent only with all its steps; a skill that is due again still counts.
    `illegible` says that the entry in question was forged and cannot be told: the record should be checked.
    `ask` stands beside the record, where the caller of `progress_of` brought it: it counts for nothing.
    `said` is what the apprentice last said of the live signature; where it `needs_ok`, the skill waits until
    they agree.
    """

    skill_id: uuid.UUID
    code: str
    text: str
    kind: str
    required: bool
    state: State
    attained: bool
    signature: Signature | None = None
    taken_back: TakenBack | None = None
    due_on: date | None = None
    illegible: bool = False
    steps: tuple["SkillProgress", ...] = ()
    ask: Asked | None = None
    said: Said | None = None
    needs_ok: bool = False

    @property
    def with_steps(self) -> tuple["SkillProgress", ...]:
        """The skill itself, then its steps at any depth, in the order of the page."""
        return (self, *(inner for step in self.steps for inner in step.with_steps))

    @property
    def missing_steps(self) -> tuple[str, ...]:
        """Why a signed parent is not attained, in words: which of its steps fell, and which are not there yet."""
        if self.attained or not (self.live_signature and self.live_signature.level_attained):
            return ()
        missing = [step for step in self.steps if step.required and not step.attained]
        fallen = [step.code for step in missing if step.state == State.NO_LONGER_STANDS]
        others = [step.code for step in missing if step.code not in fallen]
        words = [_("step %(code)s no longer stands") % {"code": code} for code in fallen]
        return (*words, *([_("not attained: %(codes)s") % {"codes": ", ".join(others)}] if others else []))

    @property
    def settled(self) -> bool:
        """Whether it is signed off or credited, and not due again: nothing is left to sign, at most to agree to."""
        return self.state in (State.SIGNED_OFF, State.CREDIT, State.TRANSCRIBED, State.WAITING)

    @property
    def waits(self) -> bool:
        """Whether the apprentice has asked for it and nobody has answered."""
        return self.ask is not None and self.ask.is_open

    @property
    def waits_for_ok(self) -> bool:
        """Whether it is signed and lacks nothing but the apprentice's OK."""
        return self.state == State.WAITING

    @property
    def shown_state(self) -> State:
        """The state as pages show it: waiting, where an answer is waited for and nothing full stands."""
        return State.WAITING if self.waits and not self.settled else self.state

    @property
    def live_signature(self) -> Signature | None:
        """The signature that stands now; what a new one replaces."""
        return None if self.state == State.NO_LONGER_STANDS else self.signature


@dataclass(frozen=True)
class SetProgress:
    """One skill set. `attained` of `total` counts required skills, parents and steps alike."""

    skill_set_id: uuid.UUID
    order: int
    title: str
    role_track: str
    skills: tuple[SkillProgress, ...]
    attained: int
    total: int
    counts: Mapping[State, int]

    @property
    def all_skills(self) -> tuple[SkillProgress, ...]:
        """Every skill of the set, parents before their steps."""
        return tuple(inner for skill in self.skills for inner in skill.with_steps)


@dataclass(frozen=True)
class Progress:
    """One apprentice against the whole standard, at one instant."""

    apprenticeship_id: uuid.UUID
    sets: tuple[SetProgress, ...]
    attained: int
    total: int
    counts: Mapping[State, int]

    @property
    def all_skills(self) -> Iterator[SkillProgress]:
        """Every skill in the order of the page."""
        return (skill for skill_set in self.sets for skill in skill_set.all_skills)

    def skill(self, skill_id: uuid.UUID) -> SkillProgress | None:
        """The progress of one skill, if the standard has it."""
        return next((skill for skill in self.all_skills if skill.skill_id == skill_id), None)


def progress_of(
    apprenticeship: Apprenticeship, *, at: datetime, asks: Mapping[uuid.UUID, Asked] | None = None
) -> Progress:
    """The progress of one apprentice as it stands, judged at the instant `at` (for "due again").

    `asks` are laid beside the skills for pages that show what is under way; states and counts are
    those of the record alone.
    Two queries whatever the size, if `apprenticeship.sponsor` is loaded; one more if not.
    """
    skills = (
        Skill.objects.filter(skill_set__version__terms=apprenticeship.terms_id)
        .select_related("skill_set")
        .order_by("skill_set__order", "order")
    )
    standings = SkillStanding.objects.filter(apprenticeship=apprenticeship).select_related(
        "sign_off__entry",
        "revocation__entry",
        "revocation__sign_off__entry",
        "counter_signature__entry",
        "counter_signature__answer__entry",
    )
    by_skill = {standing.skill_id: standing for standing in standings}
    today = apprenticeship.sponsor.local_date(at)
    sets = tuple(
        _set_progress(list(members), by_skill, today, asks or {})
        for _order, members in groupby(skills, lambda s: s.skill_set.order)
    )
    return Progress(
        apprenticeship_id=apprenticeship.pk,
        sets=sets,
        attained=sum(s.attained for s in sets),
        total=sum(s.total for s in sets),
        counts=sum((Counter(s.counts) for s in sets), Counter()),
    )


BY_METHOD = {Method.CREDIT: State.CREDIT, Method.TRANSCRIBED: State.TRANSCRIBED}
"""How what is attained shows by its method, where it is not the judgment of who signed it."""


def state_of(standing: SkillStanding | None, *, level_attained: bool, today: date, method: str = "") -> State:
    """The state that a projection row tells on the local date `today`; no row is "not started".

    `method` is that of what stands: credit and what was transcribed from paper show as that.
    """
    if standing is None or (standing.sign_off_id is None and standing.revocation_id is None):
        return State.NOT_STARTED
    if standing.revocation_id is not None:
        return State.NO_LONGER_STANDS
    if not level_attained:
        return State.IN_TRAINING
    if standing.waits_for_ok:
        return State.WAITING
    if standing.due_on is not None and standing.due_on <= today:
        return State.DUE_AGAIN
    if not standing.attained:
        return State.IN_TRAINING
    return attained_by(method)


def attained_by(method: str) -> State:
    """The state of a skill that is attained by a sign-off of this method."""
    return BY_METHOD.get(Method(method), State.SIGNED_OFF) if method in Method.values else State.SIGNED_OFF


def signature_of(sign_off: SignOff) -> Signature | None:
    """The signature as its entry's bytes tell it, or None where they cannot be read; load `sign_off.entry`."""
    try:
        content = read(sign_off.entry)
        return Signature(
            **head_of(content),
            sign_off_id=sign_off.pk,
            qualification=told(content, "by.qualification", str),
            observed_on=date.fromisoformat(told(content, "body.observed_on", str)),
            method=told(content, "body.method", str),
            worksite=told(content, "body.worksite.name", str) if told(content, "body", dict).get("worksite") else "",
            level_code=told(content, "body.level.code", str),
            level=told(content, "body.level.label", str),
            level_sentence=told(content, "body.level.sentence", str),
            level_attained=told(content, "body.level.attained", bool),
            late=_has(content, "late_reason"),
            procedure=_procedure(content) if _has(content, "procedure") else "",
            tests=_tests(content) if _has(content, "tests") else (),
            files=_files(content) if _has(content, "evidence") else (),
            paper=_paper(content) if _has(content, "paper") else None,
        )
    except (EntryIllegible, ValueError):  # the day that was given may be none
        return None


def _has(content: Mapping[str, Any], member: str) -> bool:
    """Whether the body has a member that entries carry only where it says something."""
    return member in told(content, "body", dict)


def _files(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The SHA-256 of each file that was signed with it."""
    return tuple(told(file, "sha256", str) for file in told(content, "body.evidence", list))


def _paper(content: Mapping[str, Any]) -> OnPaper:
    """The paper that was verified."""
    signer, role, transcriber = (told(content, f"body.paper.{name}", str) for name in ("signer", "role", "transcriber"))
    return OnPaper(signer, role, transcriber, told(content, "body.paper.entry", int))


def _procedure(content: Mapping[str, Any]) -> str:
    """The procedure that the work was held against, with its version."""
    number, version = (told(content, f"body.procedure.{name}", str) for name in ("number", "version"))
    return procedure_in_words(number, version)


def _tests(content: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers of the test results that the signature rests on."""
    numbers = told(content, "body.tests", list)
    if not all(type(number) is int for number in numbers):
        raise EntryIllegible("body.tests")
    return tuple(numbers)


def taken_back_of(revocation: Revocation) -> TakenBack | None:
    """Who took a signature back and when, as the entry's bytes tell it, or None where they cannot be read."""
    try:
        return TakenBack(**head_of(read(revocation.entry)), revocation_id=revocation.pk)
    except EntryIllegible:
        return None


def _set_progress(
    skills: list[Skill],
    standings: Mapping[uuid.UUID, SkillStanding],
    today: date,
    asks: Mapping[uuid.UUID, Asked],
) -> SetProgress:
    steps: dict[uuid.UUID | None, list[Skill]] = {}
    for skill in skills:
        steps.setdefault(skill.parent_id, []).append(skill)

    def built(parent_id: uuid.UUID | None) -> tuple[SkillProgress, ...]:
        return tuple(
            _skill_progress(skill, standings.get(skill.pk), today, built(skill.pk), asks.get(skill.pk))
            for skill in steps.get(parent_id, ())
        )

    roots = built(None)
    flat = [inner for skill in roots for inner in skill.with_steps]
    skill_set = skills[0].skill_set
    return SetProgress(
        skill_set_id=skill_set.pk,
        order=skill_set.order,
        title=skill_set.title,
        role_track=skill_set.role_track,
        skills=roots,
        attained=_count(flat, attained=True),
        total=_count(flat),
        counts=Counter(skill.state for skill in flat if skill.required),
    )


def _count(skills: Iterable[SkillProgress], *, attained: bool = False) -> int:
    return sum(1 for skill in skills if skill.required and (skill.attained or not attained))


def _skill_progress(
    skill: Skill, standing: SkillStanding | None, today: date, steps: tuple[SkillProgress, ...], ask: Asked | None
) -> SkillProgress:
    revocation = standing.revocation if standing else None
    sign_off = revocation.sign_off if revocation else standing.sign_off if standing else None
    signature = signature_of(sign_off) if sign_off else None
    taken_back = taken_back_of(revocation) if revocation else None
    word = standing.counter_signature if standing else None
    said = said_of(word) if word else None
    attained = standing.attained if standing else False
    return SkillProgress(
        skill_id=skill.pk,
        code=skill.code,
        text=skill.text,
        kind=skill.kind,
        required=skill.required,
        state=state_of(
            standing,
            level_attained=signature.level_attained if signature else attained,
            today=today,
            method=signature.method if signature else "",
        ),
        attained=attained,
        signature=signature,
        taken_back=taken_back,
        due_on=standing.due_on if standing else None,
        illegible=bool((sign_off and not signature) or (revocation and not taken_back) or (word and not said)),
        steps=steps,
        ask=ask,
        said=said,
        needs_ok=bool(sign_off and sign_off.needs_counter_signature),
    )
