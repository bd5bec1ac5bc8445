"""The acts on cohorts: made, renamed, archived, and apprentices moved to another one."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.access import Permission
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from acts.acting import KeyReused
from apprenticeship.cohorts import CohortInvalid, add_cohort, change_cohort, move, set_archived
from apprenticeship.getters import get_cohort
from apprenticeship.mentor_views import ON_A_PAGE
from apprenticeship.mentoring_forms import TickedForm, day_field
from apprenticeship.mentors_shown import apprentices_to_assign, assigned_by
from apprenticeship.models import Apprenticeship, Cohort
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.statuses import RUNNING
from apprenticeship.views import forms_methods

NONE = "none"
"""In the address and in the form: no cohort at all."""


class CohortForm(KeyForm):
    """What it is called, and when it begins."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("For example: Fall 2027."),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    starts_on = day_field(gettext_lazy("Begins (if it has a day)"), required=False)


class MoveForm(TickedForm):
    """To which cohort those who are ticked move."""

    to = forms.ChoiceField(
        label=gettext_lazy("Move to"), error_messages={"required": gettext_lazy("Choose where they move to.")}
    )

    def __init__(self, data: QueryDict | None = None, *, cohorts: list[Cohort]) -> None:
        super().__init__(data)
        choices = [("", _("Choose a cohort")), *((str(one.pk), one.name) for one in cohorts), (NONE, _("No cohort"))]
        self.fields["to"] = forms.ChoiceField(
            label=_("Move to"), choices=choices, error_messages={"required": _("Choose where they move to.")}
        )


@page(Permission.ASSIGN)
@forms_methods
def cohort_list(request: HttpRequest) -> HttpResponse:
    """All cohorts with how many are in training in each; POST makes a new one."""
    form = CohortForm(request.POST if request.method == "POST" else None)
    sponsor = _sponsor(request)
    if request.method == "POST" and _done(request, form, lambda **said: add_cohort(sponsor=sponsor, **said)):
        messages.success(request, _("Added: %(name)s.") % {"name": form.cleaned_data["name"]})
        return redirect("cohort_list")
    archived = request.GET.get("show") == "archived"
    rows = Cohort.objects.visible_to(viewer_of(request)).filter(sponsor__in=assigned_by(viewer_of(request)))
    counted = rows.annotate(people=Count("apprenticeships", filter=Q(apprenticeships__status__in=RUNNING)))
    shown = counted.filter(archived_at__isnull=not archived).order_by("-starts_on", "name")
    context = {"form": form, "cohorts": shown, "archived": archived, "many": len(assigned_by(viewer_of(request))) > 1}
    return render(request, "apprenticeship/cohort_list.html", context, status=_status(request))


@page(Permission.ASSIGN, on=get_cohort)
@forms_methods
def edit_cohort(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Call a cohort otherwise, or begin it on another day."""
    before = {"name": cohort.name, "starts_on": cohort.starts_on}
    form = CohortForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and _done(request, form, lambda **said: change_cohort(cohort=cohort, **said)):
        messages.success(request, _("Saved."))
        return redirect("cohort_list")
    return _edit_page(request, cohort, form, _status(request))


@page(Permission.ASSIGN, on=get_cohort)
@require_POST
def archive_cohort(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Put a cohort away, or bring it back."""
    form, archived = KeyForm(request.POST), request.POST.get("archived") == "yes"
    if _done(request, form, lambda key, **_said: set_archived(key=key, cohort=cohort, archived=archived, **_said)):
        messages.success(request, _("Archived.") if archived else _("Brought back."))
        return redirect("cohort_list")
    again = CohortForm(initial={"name": cohort.name, "starts_on": cohort.starts_on})
    refused = [str(text) for texts in form.errors.values() for text in texts]
    return _edit_page(request, cohort, again, HTTPStatus.CONFLICT, refused=refused)


@page(Permission.ASSIGN)
@forms_methods
def move_apprentices(request: HttpRequest) -> HttpResponse:
    """The apprentices of one cohort, of none, or all, with ticks; POST moves those who are ticked."""
    cohorts = _open_cohorts(request)
    form = MoveForm(request.POST if request.method == "POST" else None, cohorts=cohorts)
    everybody = apprentices_to_assign(viewer_of(request), alone=False, query="", order="")
    if request.method == "POST":
        form.offer(everybody.values_list("pk", flat=True))
        if form.is_valid() and _moved(request, form, everybody, cohorts):
            return redirect(request.get_full_path())
    return _move_page(request, form, cohorts)


def _moved(request: HttpRequest, form: MoveForm, everybody: ApprenticeshipQuerySet, cohorts: list[Cohort]) -> bool:
    to = next((one for one in cohorts if str(one.pk) == form.cleaned_data["to"]), None)
    books = list(everybody.filter(pk__in=form.cleaned_data["ticked"]))
    made: list[Any] = []

    def act(**said: Any) -> bool:
        made.extend(move(viewer=said["viewer"], key=said["key"], apprenticeships=books, to=to))
        return True

    if not _done(request, form, act):
        return False
    told = {"number": len(made), "cohort": to.name if to else _("No cohort")}
    words = ngettext("%(number)s apprentice moved: %(cohort)s.", "%(number)s apprentices moved: %(cohort)s.", len(made))
    messages.success(request, words % told)
    return True


def _move_page(request: HttpRequest, form: MoveForm, cohorts: list[Cohort]) -> HttpResponse:
    asked, query = request.GET.get("cohort", ""), request.GET.get("q", "").strip()
    rows = apprentices_to_assign(viewer_of(request), alone=False, query=query, order="cohort")
    if asked == NONE:
        rows = rows.filter(cohort=None)
    elif asked in {str(one.pk) for one in cohorts}:
        rows = rows.filter(cohort=uuid.UUID(asked))
    context = {
        "form": form,
        "cohorts": cohorts,
        "asked": asked,
        "query": query,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "apprenticeship/move_apprentices.html", context, status=_status(request))


def _edit_page(
    request: HttpRequest, cohort: Cohort, form: CohortForm, status: HTTPStatus, *, refused: list[str] | None = None
) -> HttpResponse:
    people = Apprenticeship.objects.filter(cohort=cohort, status__in=RUNNING).count()
    context = {"cohort": cohort, "form": form, "people": people, "refused": refused, "archiving": KeyForm()}
    return render(request, "apprenticeship/edit_cohort.html", context, status=status)


def _done(request: HttpRequest, form: forms.Form, act: Callable[..., Any]) -> bool:
    """Whether what a valid form says is done; what is refused stands in the form."""
    if not form.is_valid():
        return False
    said = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    try:
        act(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), **said)
    except CohortInvalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below how it stands now."))
        return False
    return True


def _sponsor(request: HttpRequest) -> Sponsor:
    """The sponsor of a new cohort: the one that is chosen where there are several."""
    sponsors = assigned_by(viewer_of(request))
    return next((one for one in sponsors if str(one.pk) == request.POST.get("sponsor")), sponsors[0])


def _open_cohorts(request: HttpRequest) -> list[Cohort]:
    rows = Cohort.objects.visible_to(viewer_of(request)).filter(sponsor__in=assigned_by(viewer_of(request)))
    return list(rows.filter(archived_at=None).order_by("-starts_on", "name"))


def _status(request: HttpRequest) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
