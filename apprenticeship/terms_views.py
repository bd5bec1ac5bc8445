"""The pages of one set of Terms: all that it says, the forms of a draft, and what it changes of the one before."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.pages import page
from acts.acting import KeyReused
from apprenticeship.demands import AdditionsInvalid, demands_of_standard
from apprenticeship.drafting import (
    Basics,
    TermsInvalid,
    TermsSettled,
    adoptable,
    change_basics,
    draft_terms,
    is_in_use,
    put_in_force,
    set_additions,
    set_limits,
    set_wage_steps,
)
from apprenticeship.getters import get_program, get_terms
from apprenticeship.models import Program, Terms
from apprenticeship.terms_forms import AdditionForm, BasicsForm, LimitsForm, WageStepsForm
from apprenticeship.terms_shown import (
    basics_shown,
    differences,
    limits_shown,
    probation_is_too_long,
    sets_shown,
    wages_shown,
)
from apprenticeship.wages import WageStepsInvalid
from competencies.models import SkillSet

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@require_safe
def terms(request: HttpRequest, terms: Terms) -> HttpResponse:
    """All that Terms say, the standard's lines beside what is added; what may be changed leads to its form."""
    context = {
        **_about(terms),
        "basics": basics_shown(terms),
        "sets": sets_shown(terms),
        "limits": limits_shown(terms),
        "wages": wages_shown(terms),
        "probation_is_too_long": probation_is_too_long(terms),
        "before": _before(terms),
    }
    return render(request, "apprenticeship/terms.html", context)


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@require_safe
def terms_differences(request: HttpRequest, terms: Terms) -> HttpResponse:
    """What Terms change of those before them."""
    before = _before(terms)
    if before is None:
        raise Http404
    context = {**_about(terms), "before": before, "differences": differences(before, terms)}
    return render(request, "apprenticeship/terms_differences.html", context)


@page(Permission.MANAGE_PROGRAMS, on=get_program)
@forms_methods
def draft_terms_page(request: HttpRequest, program: Program) -> HttpResponse:
    """The numbers of the next Terms, as the last ones have them; POST makes the draft."""
    last = program.terms.select_related("standard_version").order_by("-number").first()
    today = viewer_of(request).today(program.sponsor)
    now = _initial(Basics.of(last)) if last else {}
    form = BasicsForm(_sent(request), versions=adoptable(program, besides=last), initial={**now, "adopted_on": today})
    made = _done(request, form, lambda **act: draft_terms(program=program, basics=form.basics, **act))
    if isinstance(made, Terms):
        messages.success(request, _("Drafted. Nobody is held to a draft: check it, then put it in force."))
        return redirect("terms", made.pk)
    context = {"program": program, "form": form, "title": _("Draft the next Terms") if last else _("Draft the Terms")}
    return render(request, "apprenticeship/terms_basics.html", context, status=_status(request, made))


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@forms_methods
def change_terms(request: HttpRequest, terms: Terms) -> HttpResponse:
    """The adopted standard and the numbers of a draft."""
    versions = adoptable(terms.program, besides=terms)
    form = BasicsForm(_sent(request), versions=versions, initial=_initial(Basics.of(terms)))
    made = _done(request, form, lambda **act: change_basics(terms=terms, basics=form.basics, **act))
    if isinstance(made, Terms):
        return _kept(request, terms)
    context = {**_about(terms), "form": form, "title": _("Change the numbers")}
    return render(request, "apprenticeship/terms_basics.html", context, status=_status(request, made))


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@forms_methods
def terms_additions(request: HttpRequest, terms: Terms, set_pk: uuid.UUID) -> HttpResponse:
    """What a draft adds to the skills of one set, each beside its line as published."""
    skill_set = _set_of(terms, set_pk)
    key, lines = KeyForm(_sent(request)), _addition_forms(request, terms, skill_set)
    made = _added(request, key, terms, skill_set, lines)
    if isinstance(made, Terms):
        return _kept(request, terms, anchor=f"set-{skill_set.order}")
    context = {**_about(terms), "form": key, "skill_set": skill_set, "lines": lines}
    return render(request, "apprenticeship/terms_additions.html", context, status=_status(request, made))


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@forms_methods
def terms_limits(request: HttpRequest, terms: Terms) -> HttpResponse:
    """The days that a draft sets for signing."""
    form = LimitsForm(_sent(request), initial=terms.signing_limits)
    made = _done(request, form, lambda **act: set_limits(terms=terms, limits=form.limits, **act))
    if isinstance(made, Terms):
        return _kept(request, terms, anchor="signing")
    return render(
        request, "apprenticeship/terms_limits.html", {**_about(terms), "form": form}, status=_status(request, made)
    )


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@forms_methods
def terms_wages(request: HttpRequest, terms: Terms) -> HttpResponse:
    """The wage steps of a draft."""
    form = WageStepsForm(_sent(request), terms=terms)
    made = _done(request, form, lambda **act: set_wage_steps(terms=terms, steps=form.wage_steps, **act))
    if isinstance(made, Terms):
        return _kept(request, terms, anchor="wages")
    return render(
        request, "apprenticeship/terms_wages.html", {**_about(terms), "form": form}, status=_status(request, made)
    )


@page(Permission.MANAGE_PROGRAMS, on=get_terms)
@forms_methods
def put_terms_in_force(request: HttpRequest, terms: Terms) -> HttpResponse:
    """Say what putting in force does; POST does it, or takes unused Terms back to a draft."""
    form, in_force = KeyForm(_sent(request)), request.POST.get("in_force") != "no"
    made = _done(request, form, lambda **act: put_in_force(terms=terms, in_force=in_force, **act))
    if isinstance(made, Terms):
        said = _("In force: apprentices can be registered under these Terms.") if in_force else _("A draft again.")
        messages.success(request, said)
        return redirect("terms", terms.pk)
    context = {**_about(terms), "form": form, "probation_is_too_long": probation_is_too_long(terms)}
    return render(request, "apprenticeship/put_terms_in_force.html", context, status=_status(request, made))


def _about(terms: Terms) -> dict[str, Any]:
    return {"terms": terms, "program": terms.program, "in_use": is_in_use(terms)}


def _before(terms: Terms) -> Terms | None:
    rows = terms.program.terms.filter(number__lt=terms.number).select_related("standard_version", "program")
    return rows.order_by("-number").first()


def _set_of(terms: Terms, set_pk: uuid.UUID) -> SkillSet:
    """A skill set of the adopted version, with its skills, or 404."""
    rows = SkillSet.objects.filter(version=terms.standard_version_id).prefetch_related("skills")
    found = rows.filter(pk=set_pk).first()
    if found is None:
        raise Http404
    return found


def _added(
    request: HttpRequest, key: KeyForm, terms: Terms, skill_set: SkillSet, lines: list[AdditionForm]
) -> "Terms | Refusal":
    """What came of the additions; None where nothing was sent or a line says what is wrong with it."""
    if request.method != "POST" or not all([line.is_valid() for line in lines]):  # noqa: C419  # each says what is wrong
        return None
    additions = {line.skill.code: line.addition for line in lines}
    return _done(
        request, key, lambda **act: set_additions(terms=terms, skill_set=skill_set, additions=additions, **act)
    )


def _addition_forms(request: HttpRequest, terms: Terms, skill_set: SkillSet) -> list[AdditionForm]:
    skills = sorted(skill_set.skills.all(), key=lambda skill: skill.order)
    return [
        AdditionForm(
            _sent(request),
            skill=skill,
            added=terms.additions.get(skill.code, {}),
            demanded=demands_of_standard(skill),
        )
        for skill in skills
    ]


def _initial(basics: Basics) -> dict[str, Any]:
    said = {name: getattr(basics, name) for name in Basics.__dataclass_fields__}
    hours = said["instruction_hours_per_year"]
    return {**said, "instruction_hours_per_year": None if hours is None else hours.normalize().__format__("f")}


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


Refusal = TermsSettled | None


def _done(request: HttpRequest, form: Form, act: Callable[..., Terms]) -> Terms | Refusal:
    """The Terms as they are now; the refusal of a wrong state; None where nothing was sent or the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(viewer=viewer_of(request), key=str(form.cleaned_data["key"]))
    except TermsInvalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
    except WageStepsInvalid as wrong:
        form.refuse(wrong)  # type: ignore[attr-defined]  # only the form of wage steps leads here
    except AdditionsInvalid as wrong_addition:
        form.add_error(None, f"{wrong_addition.code}: {wrong_addition.message}")
    except TermsSettled as settled:
        form.add_error(None, str(settled.message))
        return settled
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
    return None


def _status(request: HttpRequest, refusal: Refusal) -> HTTPStatus:
    if refusal is not None:
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK


def _kept(request: HttpRequest, terms: Terms, *, anchor: str = "numbers") -> HttpResponse:
    messages.success(request, _("Kept in the draft."))
    return redirect(reverse("terms", args=[terms.pk]) + f"#{anchor}")
