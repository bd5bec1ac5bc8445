"""Drafting the Terms of a program: transcribed as a draft, then put in force.

A draft may be changed, and nobody is registered under it. Terms in force are changed no more: a change is the next
draft, which begins with what the last ones say. While nobody was registered under them they may go back to a draft;
once an apprenticeship pins them they are frozen, and the database refuses it too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.auditing import note_event
from apprenticeship.demands import AdditionsInvalid, fits
from apprenticeship.models import Apprenticeship, Program, Terms
from competencies.models import Skill, SkillSet, StandardVersion, VersionStatus

MOST = {
    "term_months": 240,
    "probation_months": 120,
    "ratio_apprentices": 100,
    "ratio_journeyworkers": 100,
    "instruction_hours_per_year": 2000,
}
"""The most that each number can be; all of them may be blank."""


@dataclass(frozen=True)
class Basics:
    """What Terms say in numbers; None where the registered standards say nothing."""

    standard_version: StandardVersion
    adopted_on: date
    term_months: int | None = None
    probation_months: int | None = None
    ratio_apprentices: int | None = None
    ratio_journeyworkers: int | None = None
    instruction_hours_per_year: Decimal | None = None

    @classmethod
    def of(cls, terms: Terms) -> "Basics":
        """What `terms` say."""
        return cls(**{name: getattr(terms, name) for name in cls.__dataclass_fields__})

    def as_request(self) -> dict[str, str]:
        """The same as texts."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: "" if value is None else str(getattr(value, "pk", value)) for name, value in said.items()}


class TermsInvalid(Exception):
    """Wrong input: `field` names what is wrong. The edge answers 400."""

    def __init__(self, field: str, message: "str | Promise") -> None:
        super().__init__(field)
        self.field = field
        self.message = message


class TermsSettled(Exception):
    """Wrong state: no draft, or in use already. The edge answers 409; nothing was done."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(str(message))
        self.message = message


def draft_terms(*, viewer: Viewer, key: str, program: Program, basics: Basics) -> Terms:
    """The next Terms of `program` as a draft, with what the last ones add, limit and pay.

    Additions to skills that the adopted version does not have, or that it demands itself now, are left out. Raises
    NotPermitted, KeyReused, TermsInvalid, and TermsSettled where a draft is there already.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=program)
        begun = _begin(viewer, key, "draft_terms", {"program": str(program.pk), **basics.as_request()})
        if begun.is_replay:
            return Terms.objects.select_related("program").get(pk=begun.act.result_ids[0])
        Program.objects.select_for_update().get(pk=program.pk)
        last = program.terms.order_by("-number").first()
        if last and last.is_draft:
            raise TermsSettled(
                gettext_lazy("There is a draft already. Put it in force before you draft the next Terms.")
            )
        _refuse_wrong(basics, program, last)
        terms = Terms(program=program, number=last.number + 1 if last else 1, is_draft=True)
        _write(terms, basics)
        if last:
            terms.signing_limits, terms.wage_steps = last.signing_limits, last.wage_steps
            terms.additions = additions_that_fit(last.additions, basics.standard_version)
        terms.save(force_insert=True)
        _tell("terms_drafted", viewer, terms)
        finish_act(begun.act, [terms.pk])
        return terms


def change_basics(*, viewer: Viewer, key: str, terms: Terms, basics: Basics) -> Terms:
    """Let a draft say `basics`; additions that the adopted version cannot take are left out.

    Raises NotPermitted, KeyReused, TermsInvalid, TermsSettled.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=terms)
        begun = _begin(viewer, key, "change_terms", {"terms": str(terms.pk), **basics.as_request()})
        locked = _locked(terms)
        if begun.is_replay:
            return locked
        _refuse_what_is_no_draft(locked)
        _refuse_wrong(basics, locked.program, locked)
        if locked.standard_version_id != basics.standard_version.pk:
            locked.additions = additions_that_fit(locked.additions, basics.standard_version)
        _write(locked, basics)
        return _keep(locked, viewer, begun, "basics")


def set_additions(
    *, viewer: Viewer, key: str, terms: Terms, skill_set: SkillSet, additions: Mapping[str, Mapping[str, Any]]
) -> Terms:
    """Let a draft add `additions`, by skill code, to the skills of `skill_set`, and nothing else there.

    Raises NotPermitted, KeyReused, AdditionsInvalid for what is no addition, TermsSettled.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=terms)
        wanted = {code: dict(added) for code, added in additions.items() if added}
        request = {"terms": str(terms.pk), "set": str(skill_set.pk), "additions": wanted}
        begun = _begin(viewer, key, "set_additions", request)
        locked = _locked(terms)
        if begun.is_replay:
            return locked
        _refuse_what_is_no_draft(locked)
        here = set(Skill.objects.filter(skill_set=skill_set).values_list("code", flat=True))
        for code in wanted.keys() - here:
            raise AdditionsInvalid(code, "another skill set")
        others = {code: added for code, added in locked.additions.items() if code not in here}
        locked.additions = {**others, **wanted}
        return _keep(locked, viewer, begun, "additions")


def set_limits(*, viewer: Viewer, key: str, terms: Terms, limits: Mapping[str, int]) -> Terms:
    """Let a draft set these days for signing; those not named have their default. Raises LimitsInvalid and as above."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=terms)
        begun = _begin(viewer, key, "set_limits", {"terms": str(terms.pk), "limits": dict(limits)})
        locked = _locked(terms)
        if begun.is_replay:
            return locked
        _refuse_what_is_no_draft(locked)
        locked.signing_limits = dict(limits)
        return _keep(locked, viewer, begun, "signing_limits")


def set_wage_steps(*, viewer: Viewer, key: str, terms: Terms, steps: list[dict[str, Any]]) -> Terms:
    """Let a draft pay by these steps. Raises WageStepsInvalid and as above."""
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=terms)
        begun = _begin(viewer, key, "set_wage_steps", {"terms": str(terms.pk), "steps": steps})
        locked = _locked(terms)
        if begun.is_replay:
            return locked
        _refuse_what_is_no_draft(locked)
        locked.wage_steps = steps
        return _keep(locked, viewer, begun, "wage_steps")


def put_in_force(*, viewer: Viewer, key: str, terms: Terms, in_force: bool = True) -> Terms:
    """Let apprentices be registered under these Terms from now on; or, where nobody was, take them back to a draft.

    Raises NotPermitted, KeyReused, and TermsSettled where somebody is registered under them or another draft is open.
    """
    with transaction.atomic():
        require(viewer, Permission.MANAGE_PROGRAMS, on=terms)
        begun = _begin(viewer, key, "put_terms_in_force", {"terms": str(terms.pk), "in_force": in_force})
        locked = _locked(terms)
        if begun.is_replay:
            return locked
        if locked.is_draft == in_force:
            _refuse_to_go_back(locked, in_force)
            locked.is_draft = not in_force
            locked.put_in_force_at = viewer.at if in_force else None
            locked.put_in_force_by = viewer.person if in_force else None
            locked.save(update_fields=["is_draft", "put_in_force_at", "put_in_force_by"])
            _tell("terms_put_in_force" if in_force else "terms_back_to_draft", viewer, locked)
        finish_act(begun.act, [terms.pk])
        return locked


def additions_that_fit(additions: Mapping[str, Any], version: StandardVersion) -> dict[str, Any]:
    """Those of `additions` that add something to a skill of `version`; one query."""
    skills = {skill.code: skill for skill in Skill.objects.filter(skill_set__version=version, code__in=additions)}
    kept = {
        code: {name: value for name, value in added.items() if fits(skills[code], name, value)}
        for code, added in additions.items()
        if code in skills
    }
    return {code: added for code, added in kept.items() if added}


def adoptable(program: Program, *, besides: Terms | None = None) -> QuerySet[StandardVersion]:
    """The versions that a program can adopt: published, of the library or of its sponsor; and the one it has."""
    ours = Q(standard__owner=None) | Q(standard__owner=program.sponsor_id)
    offered = ours & Q(status=VersionStatus.PUBLISHED)
    if besides:
        offered |= Q(pk=besides.standard_version_id)
    return StandardVersion.objects.filter(offered).select_related("standard").order_by("standard__title", "-number")


def is_in_use(terms: Terms) -> bool:
    """Whether an apprenticeship pins these Terms."""
    return Apprenticeship.objects.filter(terms=terms).exists()


def _begin(viewer: Viewer, key: str, kind: str, request: dict[str, Any]) -> Begun:
    return begin_act(
        actor_id=viewer.user_id, key=key, kind=kind, request=request, at=viewer.at, authentication=viewer.authentication
    )


def _locked(terms: Terms) -> Terms:
    rows = Terms.objects.select_for_update(of=("self",)).select_related("program__sponsor", "standard_version")
    return rows.get(pk=terms.pk)


def _keep(terms: Terms, viewer: Viewer, begun: Begun, part: str) -> Terms:
    """Store a changed draft and tell which part of it changed."""
    terms.save()
    _tell("terms_changed", viewer, terms, part=part)
    finish_act(begun.act, [terms.pk])
    return terms


def _write(terms: Terms, basics: Basics) -> None:
    for name in Basics.__dataclass_fields__:
        setattr(terms, name, getattr(basics, name))


def _refuse_what_is_no_draft(terms: Terms) -> None:
    if not terms.is_draft:
        raise TermsSettled(gettext_lazy("These Terms are in force and change no more. Draft the next ones instead."))


def _refuse_to_go_back(terms: Terms, in_force: bool) -> None:
    if in_force:
        return
    if is_in_use(terms):
        raise TermsSettled(gettext_lazy("Somebody is registered under these Terms. Draft the next ones instead."))
    if terms.program.terms.filter(number__gt=terms.number).exists():
        raise TermsSettled(gettext_lazy("There are later Terms already. These stay in force as they are."))


def _refuse_wrong(basics: Basics, program: Program, last: Terms | None) -> None:
    if not adoptable(program, besides=last).filter(pk=basics.standard_version.pk).exists():
        raise TermsInvalid("standard_version", gettext_lazy("Choose a published version of a standard."))
    for name, most in MOST.items():
        value = getattr(basics, name)
        if value is not None and not 0 < value <= most:
            raise TermsInvalid(
                name, gettext_lazy("Enter a number above 0, or leave it blank; not more than makes sense.")
            )
    if (basics.ratio_apprentices is None) != (basics.ratio_journeyworkers is None):
        raise TermsInvalid("ratio_journeyworkers", gettext_lazy("Enter both numbers of the ratio, or neither."))


def _tell(kind: str, viewer: Viewer, terms: Terms, **data: Any) -> None:
    subject = f"terms:{terms.pk}"
    sponsor_id = terms.program.sponsor_id
    note_event(kind, at=viewer.at, actor_id=viewer.user_id, sponsor_id=sponsor_id, subject=subject, data=data)
