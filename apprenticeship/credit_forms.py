"""The sheet on which a coordinator grants credit for earlier learning, and its form.

It lists what was asked for as credit, or all that is not attained where nobody asked and the transcript lies on
the desk. No level is chosen in advance, and each skill may have a date of its own.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.bulk_sheet import standing_of
from apprenticeship.lines import SignOffLine
from apprenticeship.meaning import meaning_of_sign_off
from apprenticeship.models import Apprenticeship, AskKind, Method, RequestedSkill, SignOff, SignOffRequest
from apprenticeship.signoff import SignOffInvalid
from competencies.models import RatingLevel, Skill


@dataclass(frozen=True)
class CreditLine:
    """One skill that credit can be granted for; `live` is what stands as the sheet is shown."""

    skill: Skill
    levels: tuple[RatingLevel, ...]
    live: SignOff | None
    asked: RequestedSkill | None

    @property
    def evidence(self) -> tuple[uuid.UUID, ...]:
        """What the apprentice laid beside it and is still there."""
        uses = self.asked.evidence_uses.all() if self.asked else ()
        lying = (use for use in uses if not hasattr(use, "taken_out"))
        return tuple(use.evidence_id for use in lying if use.evidence.file.removed_at is None)

    @property
    def token(self) -> str:
        """What a tick sends: the skill and the sign-off that the coordinator saw."""
        return f"{self.skill.pk}:{self.live.pk if self.live else ''}"


@dataclass(frozen=True)
class CreditSheet:
    """One apprentice's skills, laid out for `viewer` to grant credit; with `asking`, those of that request alone."""

    viewer: Viewer
    apprenticeship: Apprenticeship
    asking: SignOffRequest | None = None

    @property
    def today(self) -> date:
        return self.viewer.today(self.apprenticeship.sponsor)

    @property
    def signer(self) -> str:
        """The coordinator as the entry will print them."""
        return f"{self.viewer.person.name}, {Role.COORDINATOR.label}"

    @property
    def meaning(self) -> str:
        """What the signature will say at a level that is attained."""
        return meaning_of_sign_off(Method.CREDIT, attained=True)

    @cached_property
    def lines(self) -> tuple[CreditLine, ...]:
        """In the order of the standard; four queries."""
        asked = {row.skill_id: row for row in self._asked()}
        version = self.apprenticeship.terms.standard_version_id
        skills = Skill.objects.filter(skill_set__version=version).select_related("skill_set", "parent", "scale")
        if self.asking:
            skills = skills.filter(pk__in=asked)
        rows = {row.skill_id: row for row in standing_of([self.apprenticeship], skills)}
        levels: dict[uuid.UUID, list[RatingLevel]] = {}
        for level in RatingLevel.objects.filter(scale__version=version).select_related("scale").order_by("order"):
            levels.setdefault(level.scale_id, []).append(level)
        return tuple(
            CreditLine(
                skill=skill,
                levels=tuple(levels.get(skill.scale_id, ())),
                live=rows[skill.pk].sign_off if skill.pk in rows else None,
                asked=asked.get(skill.pk),
            )
            for skill in skills.order_by("skill_set__order", "order")
        )

    def _asked(self) -> list[RequestedSkill]:
        """What was asked for as credit; of one request all of it, so that a press sent twice is told the same."""
        rows = RequestedSkill.objects.filter(apprenticeship=self.apprenticeship, kind=AskKind.CREDIT)
        rows = rows.filter(request=self.asking) if self.asking else rows.filter(state="open")
        return list(
            rows.select_related("level").prefetch_related("evidence_uses__evidence__file", "evidence_uses__taken_out")
        )


@dataclass(frozen=True)
class ShownCreditLine:
    """One line as it is shown: ticked or not, its level and date so far, and what is wrong with it."""

    line: CreditLine
    ticked: bool
    level: str
    day: str
    problems: tuple[str, ...]


class CreditForm(forms.Form):
    """Which skills, at which level each, by documents of which date, and what the documents were."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    dated = forms.DateField(
        label=gettext_lazy("Date of the documents"),
        error_messages={"required": gettext_lazy("Enter the date of the documents.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What you examined"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say which documents you examined.")},
    )

    def __init__(self, data: QueryDict | None = None, *, sheet: CreditSheet) -> None:
        days = {line.asked.done_on for line in sheet.lines if line.asked}
        super().__init__(data, initial={"dated": days.pop() if len(days) == 1 else None})
        self.sheet = sheet
        self.sent = data if data is not None else QueryDict()
        self.fields["dated"].widget = forms.DateInput(attrs={"type": "date", "max": sheet.today.isoformat()})
        named = (token.partition(":") for token in self.sent.getlist("line"))
        self.seen = {skill: seen for skill, _colon, seen in named}
        self.problems: dict[uuid.UUID, list[str]] = {}

    @property
    def ticked(self) -> list[CreditLine]:
        return [line for line in self.sheet.lines if str(line.skill.pk) in self.seen]

    def clean(self) -> dict[str, object]:
        """Find what is missing in the ticked lines."""
        if len(self.ticked) < len(self.seen):
            self.add_error(None, _("A skill that was sent is not on this sheet and was left out."))
        elif not self.ticked:
            self.add_error(None, _("Tick at least one skill."))
        for line in self.ticked:
            if self._level(line) is None:
                self._complain(line, _("Choose the level that the documents show."))
            if self._text(line, "day") and self._day(line) is None:
                self._complain(line, _("Enter the date of the documents."))
        if self.problems:
            self.add_error(None, _("Some lines are not right yet; each says why."))
        return self.cleaned_data

    def lines(self) -> list[SignOffLine]:
        """The lines to be signed that a valid form describes."""
        return [
            SignOffLine(
                apprenticeship=self.sheet.apprenticeship,
                skill=line.skill,
                level=level,
                method=Method.CREDIT,
                observed_on=self._day(line) or self.cleaned_data["dated"],
                replaces=_uuid(self.seen[str(line.skill.pk)]),
                note=self.cleaned_data["note"],
                evidence=line.evidence,
            )
            for line in self.ticked
            if (level := self._level(line))
        ]

    def refuse(self, refusal: SignOffInvalid) -> None:
        """Show what the transition refused: a note once, all else at its line."""
        for problem in refusal.problems:
            if problem.field != "note":
                self._complain(self.ticked[problem.line], problem.message)
            elif problem.message not in self.errors.get("note", []):
                self.add_error("note", problem.message)

    def over(self, said: str) -> "CreditForm":
        """The same form on the sheet as it is now, everything typed kept, with what happened; a fresh key."""
        data = self.sent.copy()
        data["key"] = new_key()
        sheet = CreditSheet(self.sheet.viewer, self.sheet.apprenticeship, self.sheet.asking)
        data.setlist("line", [line.token for line in sheet.lines if str(line.skill.pk) in self.seen])
        form = CreditForm(data, sheet=sheet)
        form.add_error(None, said)
        return form

    @property
    def shown_lines(self) -> list[ShownCreditLine]:
        """Every line of the sheet; what was asked for comes ticked."""
        return [
            ShownCreditLine(
                line=line,
                ticked=str(line.skill.pk) in self.seen if self.is_bound else self.sheet.asking is not None,
                level=self._text(line, "level"),
                day=self._text(line, "day") if self.is_bound else self._day_in_advance(line),
                problems=tuple(self.problems.get(line.skill.pk, ())),
            )
            for line in self.sheet.lines
        ]

    def _day_in_advance(self, line: CreditLine) -> str:
        return line.asked.done_on.isoformat() if line.asked and not self.initial["dated"] else ""

    def _complain(self, line: CreditLine, message: str) -> None:
        self.problems.setdefault(line.skill.pk, []).append(message)

    def _text(self, line: CreditLine, name: str) -> str:
        return str(self.sent.get(f"{name}-{line.skill.pk}", ""))

    def _level(self, line: CreditLine) -> RatingLevel | None:
        return next((level for level in line.levels if str(level.pk) == self._text(line, "level")), None)

    def _day(self, line: CreditLine) -> date | None:
        try:
            return date.fromisoformat(self._text(line, "day"))
        except ValueError:
            return None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
