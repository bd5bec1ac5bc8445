"""The form of many signatures: how and when once for all, a level for each scale, and lines that may differ.

A line's own level and day win over those for all. Whatever is refused, everything typed is kept and each
refused line is named with its reason, so that the others can be signed without it.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acts.acting import new_key
from apprenticeship.bulk_sheet import ManySheet, SheetLine
from apprenticeship.evidence_shown import ShownFile, files_waiting
from apprenticeship.forms import HowAndWhenForm
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT
from apprenticeship.signoff import SignOffInvalid, SignOffLine
from competencies.models import RatingLevel

ASKED_ONCE = frozenset({"method", "observed_on", "late_reason", "worksite", "note"})
ASKED_ALONE = frozenset({"evidence", "practical_test", "written_test", "procedure_number"})
"""What a line may lack that this sheet has no place for."""

NO_LEVEL = gettext_lazy("Choose the level that was shown.")


@dataclass(frozen=True)
class ShownLine:
    """One line as the sheet shows it: ticked or not, its own level and day, and what is wrong with it.

    `stale`: what stands is not what the signer saw when the sheet was sent. `procedure`: whether it is
    confirmed. `alone`: what it lacks only a sheet of its own can ask.
    """

    line: SheetLine
    levels: tuple[RatingLevel, ...]
    ticked: bool
    level: str
    day: str
    procedure: bool
    problems: tuple[str, ...]
    stale: bool
    alone: bool
    files: tuple[tuple[ShownFile, bool], ...] = ()

    @property
    def failed(self) -> bool:
        return self.ticked and bool(self.problems or self.stale)


class ManyForm(HowAndWhenForm):
    """The lines of a sheet, to be signed in one act. No attained level and, of people, nobody is chosen in advance."""

    def __init__(self, data: QueryDict | None = None, *, sheet: ManySheet) -> None:
        super().__init__(data, sheet=sheet, suffix="all", initial=sheet.initial)
        self.sheet = sheet
        self.sent_data = data if data is not None else QueryDict()
        for on_sheet in sheet.scales:
            self.fields[on_sheet.field] = forms.CharField(label=gettext_lazy("Level"), required=False)
        self.seen = _ticks(self.sent_data)
        self.ticked = [line for line in sheet.lines if line.named in self.seen]
        self.problems: dict[uuid.UUID, list[str]] = defaultdict(list)
        self.alone: set[uuid.UUID] = set()
        self.shows_stale = False

    def clean(self) -> dict[str, object]:
        """Find what is missing, and every ticked line that cannot be sent as it is."""
        cleaned = super().clean()
        self.problems.clear()
        if unknown := len(self.seen) - len(self.ticked):
            left_out = ngettext(
                "One line that you had ticked is not yours to sign now and was left out.",
                "%(unknown)s lines that you had ticked are not yours to sign now and were left out.",
                unknown,
            )
            self.add_error(None, left_out % {"unknown": unknown})
        elif not self.ticked:
            self.add_error(None, _("Tick at least one line to sign."))
        elif len(self.ticked) > MOST_ENTRIES_IN_ONE_ACT:
            advice = _("At most %(most)s can be signed at once. Untick some, and sign those afterwards.")
            self.add_error(None, advice % {"most": MOST_ENTRIES_IN_ONE_ACT})
        for line in self.ticked:
            self._look_at(line)
        return cleaned

    def can_be_sent(self) -> bool:
        """Whether everything needed is there and no ticked line is refused already."""
        return self.is_valid() and not self.problems

    def lines(self, evidence: Sequence[uuid.UUID] = ()) -> list[SignOffLine]:
        """The lines to be signed that a form which can be sent describes; `evidence` goes with each of them."""
        wanted = self.cleaned_data
        return [
            SignOffLine(
                apprenticeship=line.apprenticeship,
                skill=line.skill,
                level=self.sheet.levels[self._level_sent(line)],
                method=wanted["method"],
                observed_on=self._own_day(line) or wanted["observed_on"],
                replaces=self.seen[line.named],
                worksite=wanted["worksite"],
                note=wanted["note"],
                late_reason=wanted["late_reason"],
                evidence=(*self._own_files(line), *evidence),
                **self._procedure(line),
            )
            for line in self.ticked
        ]

    def refuse(self, refusal: SignOffInvalid) -> None:
        """Show what the transition refused: at its line, or once where all lines are refused for the same.

        A reason for signing late is asked once, whichever lines are late; these are named all the same.
        """
        found = Counter((problem.field, problem.message) for problem in refusal.problems)
        own_days = any(self._sent(line.own_day) for line in self.ticked)
        for problem in refusal.problems:
            alike = found[problem.field, problem.message] == len(self.ticked) and problem.field in ASKED_ONCE
            at_line = not alike or (problem.field == "observed_on" and own_days)
            if problem.field in ASKED_ALONE:
                self.alone.add(self.ticked[problem.line].named)
            if at_line:
                self.problems[self.ticked[problem.line].named].append(problem.message)
            once = not at_line or problem.field == "late_reason"
            if once and problem.message not in self.errors.get(problem.field, []):
                self.add_error(problem.field, problem.message)

    def over(self, sheet: ManySheet, refusal: SignOffInvalid | None = None) -> "ManyForm":
        """The same form on the newer `sheet`, everything typed kept, every refused line named; a fresh key."""
        data = self.sent_data.copy()
        data["key"] = new_key()
        form = ManyForm(data, sheet=sheet)
        form.is_valid()
        if refusal:
            form.refuse(refusal)
        form.shows_stale = True
        return form

    @property
    def shown_lines(self) -> list[ShownLine]:
        """Every line of the sheet, ticked or not."""
        return [
            ShownLine(
                line=line,
                levels=self.sheet.levels_of(line),
                ticked=line.named in self.seen if self.is_bound else line.ticked,
                level=self._sent(line.own_level),
                day=self._sent(line.own_day) if self.is_bound else self.sheet.day_in_advance(line),
                procedure=bool(self._sent(line.own_procedure)),
                problems=tuple(self.problems.get(line.named, ())),
                stale=self.shows_stale and line.named in self.seen and self.seen[line.named] != _pk(line),
                alone=line.named in self.alone,
                files=self._files(line),
            )
            for line in self.sheet.lines
        ]

    @property
    def failed(self) -> list[ShownLine]:
        """The ticked lines that could not be signed."""
        return [shown for shown in self.shown_lines if shown.failed]

    @property
    def others(self) -> int:
        """How many ticked lines are left without the failed ones."""
        return len(self.ticked) - len(self.failed)

    @property
    def level_fields(self) -> list[tuple[object, forms.BoundField]]:
        """Each scale of the sheet with the field that sets the level of its lines."""
        return [(on_sheet, self[on_sheet.field]) for on_sheet in self.sheet.scales]

    @cached_property
    def _waiting_files(self) -> dict[tuple[uuid.UUID, uuid.UUID], list[ShownFile]]:
        """What apprentices laid beside what waits; read only where the sheet is shown."""
        skills = {line.skill.pk for line in self.sheet.lines}
        return files_waiting(self.sheet.people, skills, viewer=self.sheet.viewer)

    def _files(self, line: SheetLine) -> tuple[tuple[ShownFile, bool], ...]:
        own = set(self._own_files(line))
        files = self._waiting_files.get((line.apprenticeship.pk, line.skill.pk), [])
        return tuple((file, file.id in own if self.is_bound else not file.removed_at) for file in files)

    def _own_files(self, line: SheetLine) -> list[uuid.UUID]:
        """The ids ticked at one line, of files that its apprentice attached."""
        sent = self.sent_data.getlist(line.own_evidence)
        return [pk for text in sent if (pk := _uuid(text))]

    def _look_at(self, line: SheetLine) -> None:
        sent, scale = self._level_sent(line), f"level-{line.skill.scale_id}"
        if not line.may_sign:
            refused = _("You do not sign for the role “%(track)s”.") % {"track": line.skill.skill_set.role_track}
            self.problems[line.named].append(refused)
        elif not sent and str(NO_LEVEL) not in self.errors.get(scale, []):
            self.add_error(scale, NO_LEVEL)
        elif sent and sent not in self.sheet.levels:
            self.problems[line.named].append(_("This level is not on the scale of this skill."))
        if self._sent(line.own_day) and not self._own_day(line):
            self.problems[line.named].append(_("Enter the date on which it was shown to you."))

    def _level_sent(self, line: SheetLine) -> str:
        return self._sent(line.own_level) or self._sent(f"level-{line.skill.scale_id}")

    def _procedure(self, line: SheetLine) -> dict[str, Any]:
        """The procedure that the line is held against, where the signer confirmed it."""
        demanded = line.demanded
        if not demanded.procedure_number or not self._sent(line.own_procedure):
            return {}
        return {"procedure_number": demanded.procedure_number, "procedure_version": demanded.procedure_version}

    def _own_day(self, line: SheetLine) -> date | None:
        try:
            return date.fromisoformat(self._sent(line.own_day))
        except ValueError:
            return None

    def _sent(self, name: str) -> str:
        return str(self.sent_data.get(name, ""))


def _ticks(data: QueryDict) -> dict[uuid.UUID, uuid.UUID | None]:
    """The ticked lines with the sign-off that the signer saw, without those that were to be left out."""
    left_out = set(data.get("without", "").split())
    ticks: dict[uuid.UUID, uuid.UUID | None] = {}
    for token in data.getlist("line"):
        named, _colon, seen = token.partition(":")
        if named not in left_out and (line := _uuid(named)):
            ticks[line] = _uuid(seen)
    return ticks


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _pk(line: SheetLine) -> uuid.UUID | None:
    return line.live.pk if line.live else None
