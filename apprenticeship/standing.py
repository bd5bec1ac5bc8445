"""What stands now for each skill: a projection of what was signed, taken back and agreed to, never a source.

One pure function, `last_turns`, folds a skill's history; the transitions and `rebuild` both use it,
so that the projection can always be made again from the rows that were signed.
"""

import calendar
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import F, QuerySet

from acts.statements import Ready, Writes
from apprenticeship.checked_rows import as_text
from apprenticeship.demands import demands_of
from apprenticeship.models import (
    Apprenticeship,
    CounterSignature,
    Revocation,
    RevocationKind,
    SignOff,
    SkillStanding,
)
from competencies.frozen import content_of
from competencies.models import Skill

MOVING = ("sign_off", "revocation", "counter_signature", "attained", "due_on")

Event = SignOff | Revocation | CounterSignature
"""What a skill's history is made of."""

Row = TypeVar("Row", SignOff, Revocation, CounterSignature)


@dataclass(frozen=True)
class LastWord:
    """What the history of one skill comes to: what stands or what ended it, and what the apprentice says of it."""

    sign_off: SignOff | None = None
    revocation: Revocation | None = None
    counter_signature: CounterSignature | None = None

    @property
    def counts(self) -> bool:
        """Whether the skill is attained by itself, its steps aside."""
        return counts(self.sign_off, self.counter_signature)

    @property
    def due_on(self) -> date | None:
        """The day from which it is due again."""
        return due_on(self.sign_off) if self.sign_off else None


class Turn(NamedTuple):
    """One event of a skill's history as the numbers of entries; thousands are folded, few of them looked up.

    `place` is its own number in the book, `sign_off` that of the signature it speaks of, its own for a signature.
    `skill` is the skill's id as text.
    """

    place: int
    skill: str
    sign_off: int
    what: type[Event]
    is_mistake: bool = False


def last_turns(history: Iterable[Turn]) -> tuple[Turn | None, Turn | None]:
    """What the history of one skill comes to: its last word, and what the apprentice said of that.

    `history` is in the order of the book. What was entered by mistake is read as never given, so whatever
    stood before it stands again, with what the apprentice last said of it.
    """
    stack: list[Turn] = []
    said: dict[int, Turn] = {}
    for turn in history:
        if turn.what is CounterSignature:
            said[turn.sign_off] = turn
        elif turn.is_mistake:
            stack = [kept for kept in stack if kept.place != turn.sign_off]
        else:
            stack.append(turn)
    last = stack[-1] if stack else None
    return last, said.get(last.place) if last and last.what is SignOff else None


def _last_words(
    apprenticeship_id: uuid.UUID, histories: Mapping[uuid.UUID, Sequence[Turn]]
) -> dict[uuid.UUID, LastWord]:
    """By skill what its history comes to; only what stands now, or ended it, is loaded: three queries."""
    last = {skill_id: last_turns(history) for skill_id, history in histories.items()}
    places: dict[type[Event], list[int]] = {SignOff: [], Revocation: [], CounterSignature: []}
    for turn in (turn for turns in last.values() for turn in turns if turn):
        places[turn.what].append(turn.place)
    signatures = SignOff.objects.select_related("level", "skill", "apprenticeship__terms")
    signed = _at(signatures, apprenticeship_id, places[SignOff])
    ended = _at(Revocation.objects.all(), apprenticeship_id, places[Revocation])
    said = _at(CounterSignature.objects.all(), apprenticeship_id, places[CounterSignature])
    return {
        skill_id: LastWord(
            sign_off=signed.get(turn.place) if turn else None,
            revocation=ended.get(turn.place) if turn else None,
            counter_signature=said.get(word.place) if word else None,
        )
        for skill_id, (turn, word) in last.items()
    }


def _at(rows: QuerySet[Row], apprenticeship_id: uuid.UUID, places: Collection[int]) -> dict[int, Row]:
    """The rows whose entries stand at these places of the book, by place; no query for no place."""
    if not places:
        return {}
    found: Any = rows.filter(entry__apprenticeship=apprenticeship_id, entry__sequence__in=places)
    return {row.place: row for row in found.annotate(place=F("entry__sequence"))}


def counts(sign_off: SignOff | None, counter_signature: CounterSignature | None) -> bool:
    """Whether a signature that stands attains its skill: at the threshold, and agreed to where that is demanded."""
    if sign_off is None or not sign_off.level.attained:
        return False
    return not sign_off.needs_counter_signature or bool(counter_signature and counter_signature.agrees)


def due_on(sign_off: SignOff) -> date | None:
    """The day from which the skill is due again, counted from the day it was shown; None for never."""
    months = demands_of(sign_off.skill, sign_off.apprenticeship.terms).due_again_months
    return add_months(sign_off.observed_on, months) if months and sign_off.level.attained else None


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of a month that is too short."""
    month0 = day.month - 1 + months
    year, month = day.year + month0 // 12, month0 % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def move_many(moves: Sequence[tuple[SkillStanding | None, SignOff]], *, writes: Writes) -> bool:
    """Send what waits in `writes`, and point each skill's row at its new sign-off if it still points at what was seen.

    Returns False when one does not any more, or when another writer made a row first; what was moved
    until then is the caller's to roll back. `attained` is set here for the skill alone; `settle_parents`
    looks at families.
    """
    made, moved, still = [], [], []
    for seen, to in moves:
        row = SkillStanding(pk=seen.pk if seen else None, apprenticeship=to.apprenticeship, skill=to.skill)
        row.sign_off_id, row.attained, row.due_on = to.pk, counts(to, None), due_on(to)
        if seen is None:
            made.append(row)
        else:
            moved.append(row)
            still.append(seen.sign_off_id)
    if made:
        writes.insert(made, unless_there=True)
        if writes.send() != len(made):
            return False
    if moved:
        writes.update_unmoved(moved, *MOVING, still=still)
    return not moved or writes.send() == len(moved)


def restate(apprenticeship_id: uuid.UUID, skills: Collection[Skill]) -> None:
    """Make the rows of these skills say what their histories come to; called after something was taken back."""
    histories = _histories(_turns(apprenticeship_id, skill_ids={skill.pk for skill in skills}))
    for skill_id, word in _last_words(apprenticeship_id, histories).items():
        SkillStanding.objects.filter(apprenticeship=apprenticeship_id, skill=skill_id).update(
            sign_off=word.sign_off,
            revocation=word.revocation,
            counter_signature=word.counter_signature,
            attained=word.counts,
            due_on=word.due_on,
        )
    settle_parents(apprenticeship_ids={apprenticeship_id}, skills=skills)


def agree_many(said: Sequence[tuple[SkillStanding, CounterSignature]]) -> None:
    """Let each row know what the apprentice has just said of its live sign-off; the books are locked.

    The rows come with their sign-off, its level and its skill.
    """
    for row, word in said:
        row.counter_signature, row.attained = word, counts(row.sign_off, word)
    SkillStanding.objects.bulk_update([row for row, _word in said], ["counter_signature", "attained"])
    settle_parents(
        apprenticeship_ids={row.apprenticeship_id for row, _word in said}, skills=[row.skill for row, _word in said]
    )


def settle_parents(*, apprenticeship_ids: Collection[uuid.UUID], skills: Iterable[Skill]) -> None:
    """Judge again the parents among and above `skills`: own sign-off and all required steps.

    Steps have no steps of their own, so one level is enough.
    """
    steps: dict[uuid.UUID, Collection[uuid.UUID]] = {}
    for skill in skills:
        family, parent = content_of(skill.skill_set.version_id).required_steps, skill.parent_id or skill.pk
        if parent in family:
            steps[parent] = family[parent]
    if not steps:
        return
    by_book: dict[uuid.UUID, list[SkillStanding]] = defaultdict(list)
    for row in _families(apprenticeship_ids, steps):
        by_book[row.apprenticeship_id].append(row)
    changed = [row for book in by_book.values() for row in _settle(book, steps)]
    if changed:
        writes = Writes()
        writes.update_unmoved(changed, "attained", still=[not row.attained for row in changed])
        writes.send()


FAMILY = Ready(
    lambda book, skills: SkillStanding.objects.filter(apprenticeship=book, skill__in=skills).select_related(
        "sign_off__level", "counter_signature"
    ),
    "book",
    "skills",
)


def _families(
    apprenticeship_ids: Collection[uuid.UUID], steps: Mapping[uuid.UUID, Collection[uuid.UUID]]
) -> Iterable[SkillStanding]:
    """What stands for these parents and their steps; one query for each book, or one for several."""
    wanted = [*set(steps).union(*steps.values())]
    if len(apprenticeship_ids) == 1:
        return FAMILY(book=next(iter(apprenticeship_ids)), skills=wanted)
    rows = SkillStanding.objects.filter(apprenticeship__in=apprenticeship_ids, skill__in=wanted)
    return rows.select_related("sign_off__level", "counter_signature")


def rebuild(apprenticeship: Apprenticeship) -> None:
    """Make all rows of one book again from what was signed, taken back and agreed to alone."""
    SkillStanding.objects.filter(apprenticeship=apprenticeship).delete()
    SkillStanding.objects.bulk_create(row for row, _sequence in folded(apprenticeship))


def folded(apprenticeship: Apprenticeship, turns: Iterable[Turn] | None = None) -> list[tuple[SkillStanding, int]]:
    """The rows that everything signed in the book comes to, as `rebuild` stores them.

    With each row the number of the last entry about its skill. Who has read the whole book gives its `turns`,
    in its order; else they are read here.
    """
    histories = _histories(_turns(apprenticeship.pk) if turns is None else turns)
    rows = []
    for skill_id, word in _last_words(apprenticeship.pk, histories).items():
        row = SkillStanding(
            apprenticeship=apprenticeship,
            skill_id=skill_id,
            sign_off=word.sign_off,
            revocation=word.revocation,
            counter_signature=word.counter_signature,
            attained=word.counts,
            due_on=word.due_on,
        )
        rows.append((row, histories[skill_id][-1].place))
    _settle([row for row, _sequence in rows], _required_steps(histories))
    return rows


def _required_steps(parent_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The required steps of those among `parent_ids` that have any."""
    steps: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for step in Skill.objects.filter(parent__in=set(parent_ids), required=True):
        if step.parent_id:
            steps[step.parent_id].add(step.pk)
    return steps


def _settle(book: Collection[SkillStanding], steps: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> list[SkillStanding]:
    """Judge the parents among the rows of one book again; returns the rows that changed."""
    by_skill = {row.skill_id: row for row in book}
    changed = []
    for parent in (by_skill[parent_id] for parent_id in steps if parent_id in by_skill):
        whole = all(step in by_skill and by_skill[step].attained for step in steps[parent.skill_id])
        attained = counts(parent.sign_off, parent.counter_signature) and whole
        if parent.attained != attained:
            parent.attained = attained
            changed.append(parent)
    return changed


def _histories(turns: Iterable[Turn]) -> dict[uuid.UUID, list[Turn]]:
    """By skill its turns, in the order in which they come."""
    by_text: dict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_text[turn.skill].append(turn)
    return {uuid.UUID(skill): history for skill, history in by_text.items()}


def _turns(apprenticeship_id: uuid.UUID, *, skill_ids: Collection[uuid.UUID] | None = None) -> list[Turn]:
    """What moves the skills of a book, or some of them, in its order; three queries."""
    of_book = {"apprenticeship": apprenticeship_id} | ({} if skill_ids is None else {"skill__in": skill_ids})
    of_signed = {f"sign_off__{name}": value for name, value in of_book.items()}
    signed = SignOff.objects.filter(**of_book).values_list("entry__sequence", as_text("skill"))
    turns = [Turn(place, skill, place, SignOff) for place, skill in signed]
    columns = ("entry__sequence", as_text("sign_off__skill"), "sign_off__entry__sequence")
    for place, skill, sign_off, kind in Revocation.objects.filter(**of_signed).values_list(*columns, "kind"):
        turns.append(Turn(place, skill, sign_off, Revocation, kind == RevocationKind.MISTAKE))
    for place, skill, sign_off in CounterSignature.objects.filter(**of_signed).values_list(*columns):
        turns.append(Turn(place, skill, sign_off, CounterSignature))
    return sorted(turns, key=attrgetter("place"))
