"""The sheets on which a coordinator transcribes what was signed on paper, and on which somebody else verifies it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.bulk_sheet import standing_of
from apprenticeship.models import LONGEST_SIGNER, Apprenticeship, SignOff, Transcription
from apprenticeship.transcribing import (
    LONGEST_REASON,
    Paper,
    PaperLine,
    TranscriptionInvalid,
    overtaken,
)
from competencies.models import RatingLevel, Skill

AS_WRITTEN = gettext_lazy("Write it as it stands on the paper.")


@dataclass(frozen=True)
class SheetLine:
    """One skill, its levels, and what stands for it; `is_open` where a paper could still say something new."""

    skill: Skill
    levels: tuple[RatingLevel, ...]
    live: SignOff | None
    is_open: bool


@dataclass(frozen=True)
class ShownLine:
    """One line as it is shown: ticked or not, its level and date so far, and what is wrong with it."""

    line: SheetLine
    ticked: bool
    level: str
    day: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class TranscriptionSheet:
    """The skills of one apprentice, for `viewer` to transcribe what stands on a paper."""

    viewer: Viewer
    apprenticeship: Apprenticeship

    @property
    def today(self) -> date:
        return self.viewer.today(self.apprenticeship.sponsor)

    @cached_property
    def lines(self) -> tuple[SheetLine, ...]:
        """All in the order of the standard: a press that is sent twice is told the same; four queries."""
        version = self.apprenticeship.terms.standard_version_id
        waiting = Transcription.objects.waiting().filter(apprenticeship=self.apprenticeship)
        waits = set(waiting.values_list("skill", flat=True))
        skills = Skill.objects.filter(skill_set__version=version).select_related("skill_set", "parent", "scale")
        rows = {row.skill_id: row for row in standing_of([self.apprenticeship], skills)}
        levels: dict[uuid.UUID, list[RatingLevel]] = {}
        for level in RatingLevel.objects.filter(scale__version=version).select_related("scale").order_by("order"):
            levels.setdefault(level.scale_id, []).append(level)
        return tuple(
            SheetLine(
                skill=skill,
                levels=tuple(levels.get(skill.scale_id, ())),
                live=rows[skill.pk].sign_off if skill.pk in rows else None,
                is_open=skill.pk not in waits and not overtaken(rows.get(skill.pk), self.today),
            )
            for skill in skills.order_by("skill_set__order", "order")
        )


class TranscriptionForm(forms.Form):
    """Whose paper, of which day, and which skills stand on it at which level; the scan is `Attachments`, beside it."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    signer_name = forms.CharField(
        label=gettext_lazy("Who signed on paper"), max_length=LONGEST_SIGNER, error_messages={"required": AS_WRITTEN}
    )
    signer_role = forms.CharField(
        label=gettext_lazy("As what"), max_length=LONGEST_SIGNER, error_messages={"required": AS_WRITTEN}
    )
    signed_on = forms.DateField(
        label=gettext_lazy("Date on the paper"),
        error_messages={"required": gettext_lazy("Enter the date that the paper names.")},
    )

    def __init__(self, data: QueryDict | None = None, *, sheet: TranscriptionSheet) -> None:
        super().__init__(data)
        self.sheet = sheet
        self.sent = data if data is not None else QueryDict()
        days = {"type": "date", "min": sheet.apprenticeship.starts_on.isoformat(), "max": sheet.today.isoformat()}
        self.fields["signed_on"].widget = forms.DateInput(attrs=days, format="%Y-%m-%d")
        self.named = set(self.sent.getlist("line"))
        self.problems: dict[uuid.UUID, list[str]] = {}

    @cached_property
    def ticked(self) -> list[SheetLine]:
        return [line for line in self.sheet.lines if str(line.skill.pk) in self.named]

    def clean(self) -> dict[str, Any]:
        """Find what is missing in the ticked lines."""
        if len(self.ticked) < len(self.named):
            self.add_error(None, _("A skill that was sent is not on this sheet and was left out."))
        elif not self.ticked:
            self.add_error(None, _("Tick at least one skill."))
        for line in self.ticked:
            if self._level(line) is None:
                self._complain(line, _("Choose the level that the paper shows."))
            if self._text(line, "day") and self._day(line) is None:
                self._complain(line, _("Enter the date that the paper names."))
        self._point_at_lines()
        return self.cleaned_data

    def lines(self) -> list[PaperLine]:
        """What a valid form describes."""
        return [
            PaperLine(line.skill, level, self._day(line) or self.cleaned_data["signed_on"])
            for line in self.ticked
            if (level := self._level(line))
        ]

    def paper(self, scans: Iterable[uuid.UUID]) -> Paper:
        """What the lines share."""
        said = self.cleaned_data
        return Paper(said["signer_name"], said["signer_role"], tuple(scans))

    def refuse(self, refusal: TranscriptionInvalid) -> list[str]:
        """Show what the transition refused: beside its line or field; returns what it says of the scans."""
        scans = []
        for problem in refusal.problems:
            if problem.field == "scans":
                scans.append(problem.message)
            elif problem.field in ("skill", "level", "signed_on"):
                self._complain(self.ticked[problem.line], problem.message)
            else:
                self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        self._point_at_lines()
        return scans

    @property
    def shown_lines(self) -> list[ShownLine]:
        """The lines that are open, and what was ticked."""
        return [
            ShownLine(
                line=line,
                ticked=str(line.skill.pk) in self.named,
                level=self._text(line, "level"),
                day=self._text(line, "day"),
                problems=tuple(self.problems.get(line.skill.pk, ())),
            )
            for line in self.sheet.lines
            if line.is_open or str(line.skill.pk) in self.named
        ]

    def _point_at_lines(self) -> None:
        if self.problems and not self.non_field_errors():
            self.add_error(None, _("Some lines are not right yet; each says why."))

    def _complain(self, line: SheetLine, message: str) -> None:
        self.problems.setdefault(line.skill.pk, []).append(message)

    def _text(self, line: SheetLine, name: str) -> str:
        return str(self.sent.get(f"{name}-{line.skill.pk}", ""))

    def _level(self, line: SheetLine) -> RatingLevel | None:
        return next((level for level in line.levels if str(level.pk) == self._text(line, "level")), None)

    def _day(self, line: SheetLine) -> date | None:
        try:
            return date.fromisoformat(self._text(line, "day"))
        except ValueError:
            return None


class DecisionForm(forms.Form):
    """What the list of transcriptions sends: which lines, what to do with them, and why not."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[("verify", ""), ("void", "")],
        error_messages={"required": gettext_lazy("Choose what to do with them.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they are refused or withdrawn"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        named = (token.partition(":") for token in (data.getlist("line") if data is not None else ()))
        self.seen = {row: seen for row, _colon, seen in named}
        """By the id of a transcription the id of the sign-off that stood when it was shown."""

    def clean(self) -> dict[str, Any]:
        if not self.seen:
            self.add_error(None, _("Tick at least one line."))
        return self.cleaned_data

    @property
    def ids(self) -> list[uuid.UUID]:
        """The transcriptions that were ticked; what is no id is left out."""
        return [pk for row in self.seen if (pk := as_uuid(row))]

    @property
    def verifies(self) -> bool:
        return bool(self.cleaned_data["decision"] == "verify")


def as_uuid(text: str) -> uuid.UUID | None:
    """The id that a text is; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
