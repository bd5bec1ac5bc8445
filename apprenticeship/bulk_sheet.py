"""The sheet that leads to many signatures at once: several skills of one apprentice, or one skill of several.

Nothing is decided on it in advance. Which lines it has is read from the address each time, so that a sheet
that comes back shows what stands then.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.viewer import Viewer
from acts.statements import Ready
from apprenticeship.demands import Demands, demands_of
from apprenticeship.models import Apprenticeship, RequestedSkill, SignOff, SkillStanding
from apprenticeship.querysets import mentored_by
from apprenticeship.sheet import SigningSheet, day_offered, method_offered
from apprenticeship.signoff import may_sign
from competencies.frozen import content_of
from competencies.models import RatingLevel, RatingScale, Skill


@dataclass(frozen=True)
class SheetLine:
    """One signature that the sheet can lead to; `live` is what stands as it is shown.

    `named` is how the form calls it: the skill's id, or the apprenticeship's where there are several.
    `asked` is what the apprentice asks for and waits for, where the sheet is about a request.
    """

    named: uuid.UUID
    apprenticeship: Apprenticeship
    skill: Skill
    live: SignOff | None
    ticked: bool
    may_sign: bool
    asked: RequestedSkill | None = None

    @property
    def token(self) -> str:
        """What a tick sends: the line and the sign-off that the signer saw."""
        return f"{self.named}:{self.live.pk if self.live else ''}"

    @property
    def own_level(self) -> str:
        """The name of the field that gives this line a level of its own."""
        return f"own-level-{self.named}"

    @property
    def own_day(self) -> str:
        """The name of the field that gives this line a day of its own."""
        return f"own-day-{self.named}"

    @property
    def own_procedure(self) -> str:
        """The name of the field that confirms the procedure of this line."""
        return f"own-procedure-{self.named}"

    @property
    def demanded(self) -> Demands:
        """What a sign-off of this line asks for."""
        return demands_of(self.skill, self.apprenticeship.terms)

    @property
    def own_evidence(self) -> str:
        """The name of the field that ticks the files its apprentice attached."""
        return f"evidence-{self.named}"

    @property
    def demands(self) -> list[str]:
        """The same in words."""
        return self.demanded.words


@dataclass(frozen=True)
class ScaleOnSheet:
    """One rating scale with its levels, lowest first; `lines` of the sheet are judged by it."""

    scale: RatingScale
    levels: tuple[RatingLevel, ...]
    lines: int

    @property
    def field(self) -> str:
        """The name of the field that sets the level of all its lines."""
        return f"level-{self.scale.pk}"


@dataclass(frozen=True)
class ManySheet(SigningSheet):
    """The lines that `viewer` may sign in one act; `people` are those whom it is about."""

    viewer: Viewer
    people: tuple[Apprenticeship, ...]
    lines: tuple[SheetLine, ...]

    @cached_property
    def initial(self) -> dict[str, Any]:
        """What a request lets the sheet offer: the day of most lines, and how the signer knows if all say it alike."""
        days = Counter(line.asked.done_on for line in self.lines if line.asked)
        methods = {method_offered(self.viewer, line.asked) for line in self.lines}
        offered = {"method": methods.pop()} if len(methods) == 1 else {}
        return {**offered, **(day_offered(self, days.most_common(1)[0][0]) if days else {})}

    def day_in_advance(self, line: SheetLine) -> str:
        """The day of its own that a line comes with: where the apprentice named another one than for most."""
        usual = self.initial.get("observed_on") or self.initial.get("day")
        return line.asked.done_on.isoformat() if line.asked and str(line.asked.done_on) != str(usual) else ""

    @property
    def was_asked(self) -> bool:
        return any(line.asked for line in self.lines)

    @property
    def books(self) -> Sequence[Apprenticeship]:
        return self.people

    @property
    def pairs(self) -> Iterable[tuple[Apprenticeship, str]]:
        return [(line.apprenticeship, line.skill.skill_set.role_track) for line in self.lines if line.may_sign]

    @cached_property
    def scales(self) -> tuple[ScaleOnSheet, ...]:
        """The scales of the lines, in the order of the standard."""
        used = Counter(line.skill.scale_id for line in self.lines)
        known: dict[uuid.UUID, tuple[RatingLevel, ...]] = {}
        for version in {line.skill.skill_set.version_id for line in self.lines}:
            known |= content_of(version).levels
        found = [ScaleOnSheet(known[scale][0].scale, known[scale], lines) for scale, lines in used.items()]
        return tuple(sorted(found, key=lambda on_sheet: (on_sheet.scale.order, str(on_sheet.scale.pk))))

    @cached_property
    def levels(self) -> dict[str, RatingLevel]:
        """Every level that a line may be given, by its id as forms send it."""
        return {str(level.pk): level for on_sheet in self.scales for level in on_sheet.levels}

    def levels_of(self, line: SheetLine) -> tuple[RatingLevel, ...]:
        """The levels of this line's own scale."""
        return next((s.levels for s in self.scales if s.scale.pk == line.skill.scale_id), ())


@dataclass(frozen=True)
class AskedSkills:
    """Which skills of one record shall be on the sheet: those ticked, a parent with its steps, a whole set."""

    skills: frozenset[uuid.UUID]
    family: frozenset[uuid.UUID]
    sets: frozenset[uuid.UUID]


def sheet_of_skills(viewer: Viewer, apprenticeship: Apprenticeship, asked: AskedSkills) -> ManySheet:
    """Several skills of one apprentice. What was ticked comes ticked; of a family or a set, what is still open.

    One query once the process knows the version.
    """
    skills = [
        skill
        for skill in content_of(apprenticeship.terms.standard_version_id).skills.values()
        if skill.pk in asked.skills
        or (skill.parent_id or skill.pk) in asked.family
        or skill.pk in asked.family
        or skill.skill_set_id in asked.sets
    ]
    rows = {row.skill_id: row for row in standing_of([apprenticeship], skills)}
    today = viewer.today(apprenticeship.sponsor)
    lines = []
    for skill in skills:
        row = rows.get(skill.pk)
        live = row.sign_off if row else None
        attained = bool(row and live and live.level.attained and not (row.due_on and row.due_on <= today))
        allowed = may_sign(viewer, apprenticeship, skill.skill_set.role_track)
        ticked = allowed and (skill.pk in asked.skills or not attained)
        lines.append(SheetLine(skill.pk, apprenticeship, skill, live, ticked=ticked, may_sign=allowed))
    return ManySheet(viewer, (apprenticeship,), tuple(lines))


def sheet_of_apprentices(viewer: Viewer, skill: Skill) -> ManySheet:
    """One skill of all apprentices whom `viewer` may sign it for; nobody is ticked in advance."""
    mentored = (
        Apprenticeship.objects.mentored_by(viewer)
        .filter(terms__standard_version=skill.skill_set.version_id)
        .with_context()
        .order_by("apprentice__name", "pk")
    )
    books = tuple(book for book in mentored if may_sign(viewer, book, skill.skill_set.role_track))
    live = {row.apprenticeship_id: row.sign_off for row in standing_of(books, [skill])}
    lines = (SheetLine(book.pk, book, skill, live.get(book.pk), ticked=False, may_sign=True) for book in books)
    return ManySheet(viewer, books, tuple(lines))


def skills_to_sign(viewer: Viewer) -> list[Skill]:
    """The skills that `viewer` may sign for at least one apprentice, in the order of their standards.

    Two queries, whatever the number of apprentices.
    """
    held = list(
        mentored_by(viewer)
        .that_sign()
        .exclude(apprenticeship__apprentice=viewer.user_id)
        .select_related("apprenticeship__terms")
    )
    skills = (
        Skill.objects.filter(skill_set__version__in={m.apprenticeship.terms.standard_version_id for m in held})
        .select_related("skill_set__version__standard", "parent", "scale")
        .order_by("skill_set__version__standard__slug", "skill_set__version__number", "skill_set__order", "order")
    )
    return [
        skill
        for skill in skills
        if any(
            m.apprenticeship.terms.standard_version_id == skill.skill_set.version_id
            and m.covers(skill.skill_set.role_track)
            for m in held
        )
    ]


STANDING = Ready(
    lambda books, skills: (
        SkillStanding.objects.filter(apprenticeship__in=books, skill__in=skills)
        .select_related("sign_off__level", "sign_off__signer", "sign_off__entry")
        .defer("sign_off__entry__canonical")
    ),
    "books",
    "skills",
)


def standing_of(books: Sequence[Apprenticeship], skills: Iterable[Skill]) -> Iterable[SkillStanding]:
    """What stands for these skills in these books, with its signature; one query."""
    return STANDING(books=[book.pk for book in books], skills=[skill.pk for skill in skills])
