"""What Terms say, ready for a page: line by line beside the standard, and what one number changes of the one before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apprenticeship.demands import Demands, demands_of_standard
from apprenticeship.limits import DAYS, days_of
from apprenticeship.models import Terms
from apprenticeship.plain_hours import plain_hours
from apprenticeship.wages import due_of, wage_of
from competencies.models import Skill, SkillSet, StandardVersion

LIMITS: Mapping[str, "str | Promise"] = {
    "late_after_days": gettext_lazy("A signature is late after"),
    "take_back_days": gettext_lazy("Signers say themselves that it no longer stands, for"),
    "answer_disagreement_days": gettext_lazy("A disagreement is answered within"),
    "nudge_after_days": gettext_lazy("Apprentices may remind mentors after"),
    "hand_on_after_days": gettext_lazy("The coordinator has a request too after"),
    "due_notice_first_days": gettext_lazy("Due again: told first, before it is due"),
    "due_notice_second_days": gettext_lazy("Due again: told a second time"),
    "due_notice_last_days": gettext_lazy("Due again: told a last time"),
    "month_due_day": gettext_lazy("A month of hours is to be signed by this day of the next"),
    "month_notice_days": gettext_lazy("Supervisors are reminded of it, before"),
}
"""What each limit is called; `limits.DAYS` says what there is, and one that is missing here is called by its name."""


@dataclass(frozen=True)
class LineShown:
    """One skill: as published with what the standard demands, and beside it what the Terms add."""

    code: str
    text: str
    is_step: bool
    demanded: list[str]
    added: list[str]


@dataclass(frozen=True)
class SetShown:
    """One skill set with its lines, and how many of them have additions."""

    skill_set: SkillSet
    lines: list[LineShown]

    @property
    def added_to(self) -> int:
        return sum(bool(line.added) for line in self.lines)


@dataclass(frozen=True)
class Difference:
    """One thing that two Terms say differently; blank where one says nothing."""

    what: str
    before: str
    now: str


def sets_shown(terms: Terms) -> list[SetShown]:
    """Every skill set of the adopted version, line by line; two queries."""
    sets = SkillSet.objects.filter(version=terms.standard_version_id).order_by("order").prefetch_related("skills")
    return [SetShown(part, [_line(skill, terms.additions) for skill in _in_order(part)]) for part in sets]


def basics_shown(terms: Terms) -> list[tuple[str, str]]:
    """The numbers of `terms` with what they are, as people say them; blank where nothing is set."""
    ratio = ""
    if terms.ratio_apprentices:
        ratio = _("%(apprentices)s apprentice to %(journeyworkers)s journeyworker") % {
            "apprentices": terms.ratio_apprentices,
            "journeyworkers": terms.ratio_journeyworkers,
        }
    hours = terms.instruction_hours_per_year
    return [
        (_("Standard"), str(terms.standard_version)),
        (_("Adopted on"), date_format(terms.adopted_on)),
        (_("Expected length"), _months(terms.term_months)),
        (_("Probation"), _months(terms.probation_months)),
        (_("Ratio"), ratio),
        (_("Related instruction a year"), "" if hours is None else f"{plain_hours(Decimal(hours))} h"),
    ]


def limits_shown(terms: Terms) -> list[tuple[str, str, bool]]:
    """Every signing limit: what it is, its days, and whether these Terms set it."""
    return [
        (str(LIMITS.get(name, name)), _days(name, days_of(terms, name)), name in terms.signing_limits) for name in DAYS
    ]


def wages_shown(terms: Terms) -> list[tuple[str, str, str]]:
    """Every wage step: its name, its wage, and when it is due."""
    return [(step["label"], wage_in_words(step), due_in_words(step)) for step in terms.wage_steps]


def wage_in_words(step: Mapping[str, Any]) -> str:
    """ "60%" or "$21.50 an hour"."""
    kind, number = wage_of(step)
    return f"{number}%" if kind == "percent" else _("$%(amount)s an hour") % {"amount": number}


def due_in_words(step: Mapping[str, Any]) -> str:
    """When a step is due: from the start, or after so much of its measure."""
    measure, needed = due_of(step)
    if not needed:
        return _("from the start")
    if measure == "months":
        return ngettext("after %(number)s month", "after %(number)s months", needed) % {"number": needed}
    if measure == "hours":
        said = ngettext("after %(number)s hour on the job", "after %(number)s hours on the job", needed)
        return said % {"number": needed}
    return ngettext("after %(number)s skill", "after %(number)s skills", needed) % {"number": needed}


def probation_is_too_long(terms: Terms) -> bool:
    """Whether it is longer than a quarter of the term or a year, the shorter (29 CFR 29.5(b)(8))."""
    if not terms.probation_months:
        return False
    most = min([12, *([terms.term_months / 4] if terms.term_months else [])])
    return terms.probation_months > most


def differences(before: Terms, now: Terms) -> list[Difference]:
    """What `now` says differently from `before`: numbers, lines of the standard, additions, limits, wages."""
    found = [*_pairs(basics_shown(before), basics_shown(now))]
    if before.standard_version_id != now.standard_version_id:
        found += _lines_changed(before.standard_version, now.standard_version)
    found += _pairs(_added(before), _added(now))
    limits = [[(what, days) for what, days, _own in limits_shown(terms)] for terms in (before, now)]
    wages = [
        [(f"{_('Wage')}: {label}", f"{wage}, {due}") for label, wage, due in wages_shown(t)] for t in (before, now)
    ]
    return [*found, *_pairs(*limits), *_pairs(*wages)]


def added_words(added: Mapping[str, Any]) -> list[str]:
    """What one addition asks for, in words."""
    procedure = added.get("procedure", {})
    flags = {
        name: bool(added.get(name)) for name in ("evidence", "counter_signature", "practical_test", "written_test")
    }
    demands = Demands(
        **flags,
        procedure_number=procedure.get("number", ""),
        procedure_version=procedure.get("version", ""),
        due_again_months=added.get("due_again_months"),
    )
    return demands.words


def _line(skill: Skill, additions: Mapping[str, Any]) -> LineShown:
    demanded = demands_of_standard(skill)
    added = added_words(additions.get(skill.code, {}))
    return LineShown(skill.code, skill.text, skill.parent_id is not None, demanded.words, added)


def _in_order(part: SkillSet) -> list[Skill]:
    return sorted(part.skills.all(), key=lambda skill: skill.order)


def _added(terms: Terms) -> list[tuple[str, str]]:
    return [(_("Skill %(code)s") % {"code": c}, ", ".join(added_words(a))) for c, a in sorted(terms.additions.items())]


def _lines_changed(before: StandardVersion, now: StandardVersion) -> list[Difference]:
    """Lines of the standard that are new, dropped or worded otherwise, by their code."""
    then, today = [
        {s.code: s.text for s in Skill.objects.filter(skill_set__version=version).order_by("skill_set__order", "order")}
        for version in (before, now)
    ]
    codes = [*then, *(code for code in today if code not in then)]
    changed = [code for code in codes if then.get(code) != today.get(code)]
    return [Difference(_("Line %(code)s") % {"code": c}, then.get(c, ""), today.get(c, "")) for c in changed]


def _pairs(before: Iterable[tuple[str, str]], now: Iterable[tuple[str, str]]) -> list[Difference]:
    then, today = dict(before), dict(now)
    names = [*then, *(name for name in today if name not in then)]
    return [Difference(n, then.get(n, ""), today.get(n, "")) for n in names if then.get(n, "") != today.get(n, "")]


def _months(months: int | None) -> str:
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": months} if months else ""


def _days(name: str, days: int) -> str:
    if name == "month_due_day":
        return str(days)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
