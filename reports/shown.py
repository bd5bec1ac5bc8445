"""What of a record is on the screen: filtered by state, searched by words, steps beneath their parent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import State
from reports.progress import Progress, SetProgress, SkillProgress

DONE = frozenset({State.SIGNED_OFF, State.DUE_AGAIN, State.CREDIT, State.TRANSCRIBED})
MOST_URGENT_FIRST = (State.NO_LONGER_STANDS, State.DUE_AGAIN, State.IN_TRAINING, State.WAITING, State.NOT_STARTED)


class Show(models.TextChoices):
    """The filters of a record; the code is what stands in the address."""

    ALL = "", _("All")
    OPEN = "open", _("Not signed off")
    WAITING = "waiting", _("Waiting")
    IN_TRAINING = "in_training", _("In training")
    DUE_AGAIN = "due_again", _("Due again")
    NO_LONGER_STANDS = "no_longer_stands", _("No longer stands")

    def takes(self, skill: SkillProgress) -> bool:
        """Whether `skill` is shown by this filter."""
        if self is Show.ALL:
            return True
        if self is Show.WAITING:
            return skill.waits or skill.waits_for_ok
        return skill.state not in DONE if self is Show.OPEN else skill.state == self.value


@dataclass(frozen=True)
class Choice:
    """One filter with how many skills it shows."""

    show: Show
    count: int
    chosen: bool


@dataclass(frozen=True)
class ShownSkill:
    """One row. A parent that is only there to hold its steps is `context`."""

    skill: SkillProgress
    is_step: bool
    may_sign: bool
    context: bool = False
    may_ask: bool = False


@dataclass(frozen=True)
class ShownSet:
    """One set with the rows that are shown of it, opened or folded."""

    set: SetProgress
    rows: tuple[ShownSkill, ...]
    opened: bool

    @property
    def state(self) -> State:
        """The set's own shape: all, some or none of it attained."""
        if self.set.attained == self.set.total:
            return State.SIGNED_OFF
        begun = self.set.attained or any(s.state != State.NOT_STARTED for s in self.set.all_skills)
        return State.IN_TRAINING if begun else State.NOT_STARTED


@dataclass(frozen=True)
class Shown:
    """A record as it is shown: the filters with their counts, and the sets that are left."""

    show: Show
    query: str
    choices: tuple[Choice, ...]
    sets: tuple[ShownSet, ...]

    @property
    def narrowed(self) -> bool:
        return bool(self.show or self.query)

    @property
    def skills(self) -> int:
        """How many skills are shown."""
        return sum(not row.context for shown in self.sets for row in shown.rows)


def shown(
    progress: Progress,
    *,
    show: str,
    query: str,
    may_sign: Callable[[str], bool],
    opened: Callable[[SetProgress], bool],
    may_ask: Callable[[SkillProgress], bool] = lambda _skill: False,
) -> Shown:
    """The rows for `?show=` and `?q=`; an unknown filter shows everything.

    `may_sign` tells by role track whether the viewer may sign, `may_ask` which skills they may ask
    for; `opened` which sets stand open while nothing is filtered.
    """
    chosen = Show(show) if show in Show.values else Show.ALL
    words = query.casefold().split()
    narrowed = bool(chosen or words)
    sets = []
    for part in progress.sets:
        rows = tuple(_rows(part, chosen, words, may_sign=may_sign(part.role_track), may_ask=may_ask))
        if rows:
            sets.append(ShownSet(part, rows, opened=narrowed or opened(part)))
    everything = list(progress.all_skills)
    choices = (Choice(s, sum(s.takes(skill) for skill in everything), s is chosen) for s in Show)
    offered = tuple(c for c in choices if c.count or c.chosen or c.show in (Show.ALL, Show.OPEN))
    return Shown(chosen, query, offered, tuple(sets))


def next_up(progress: Progress, *, role_track: str, most: int = 3) -> list[SkillProgress]:
    """What to work on next: what fell back first, then what was begun, then the own role track in order.

    What has been asked for is not work any more while it waits.
    """
    waiting = [
        (MOST_URGENT_FIRST.index(skill.state), part.role_track not in ("", role_track), place, skill)
        for part in progress.sets
        for place, skill in enumerate(part.all_skills)
        if skill.state in MOST_URGENT_FIRST and skill.required and not skill.waits and not skill.waits_for_ok
    ]
    # Within the same urgency the order of the page holds, because sorting keeps it.
    return [skill for *_rest, skill in sorted(waiting, key=lambda w: (w[0], w[1]))][:most]


def _rows(
    part: SetProgress, show: Show, words: list[str], *, may_sign: bool, may_ask: Callable[[SkillProgress], bool]
) -> Iterator[ShownSkill]:
    def taken(skill: SkillProgress) -> bool:
        text = f"{skill.code} {skill.text} {part.title} {part.role_track}".casefold()
        return show.takes(skill) and all(word in text for word in words)

    for skill in part.skills:
        steps = [inner for inner in skill.with_steps[1:] if taken(inner)]
        if steps or taken(skill):
            context = not taken(skill)
            yield ShownSkill(skill, is_step=False, may_sign=may_sign, context=context, may_ask=may_ask(skill))
        yield from (ShownSkill(s, is_step=True, may_sign=may_sign, may_ask=may_ask(s)) for s in steps)
