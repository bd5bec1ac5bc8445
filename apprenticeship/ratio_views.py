"""Pages about the ratio: all worksites with those that lack journeyworkers first, and counting at one."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.pages import page
from acts.acting import KeyReused
from apprenticeship.getters import get_worksite
from apprenticeship.mentor_views import csv_file
from apprenticeship.mentoring_forms import day_field
from apprenticeship.models import Worksite
from apprenticeship.ratio import MOST, HeadcountInvalid, count_journeyworkers, overseen, ratios
from apprenticeship.views import forms_methods


class HeadcountForm(KeyForm):
    """How many journeyworkers there were, and on which day."""

    number = forms.IntegerField(
        label=gettext_lazy("Journeyworkers"),
        min_value=0,
        max_value=MOST,
        help_text=gettext_lazy("All who are fully qualified and work there, with an account here or without."),
        error_messages={"required": gettext_lazy("Enter how many there are.")},
    )
    on = day_field(gettext_lazy("As of"))


@page(Permission.ASSIGN)
@require_safe
def ratio_list(request: HttpRequest) -> HttpResponse:
    """Every worksite with apprentices under a ratio."""
    return render(request, "apprenticeship/ratios.html", {"sites": ratios(overseen(viewer_of(request)))})


@page(Permission.ASSIGN)
@require_safe
def ratio_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    table = [
        [_("Employer"), _("Worksite"), _("Apprentices"), _("Journeyworkers needed"), _("Journeyworkers"), _("As of")]
    ]
    for one in ratios(overseen(viewer_of(request))):
        counted = "" if one.counted is None else str(one.counted)
        day = one.counted_on.isoformat() if one.counted_on else ""
        site = one.worksite
        table.append([site.employer.name, site.name, str(one.apprentices), str(one.needed), counted, day])
    return csv_file(table, "ratio")


@page(Permission.ASSIGN, on=get_worksite)
@forms_methods
def headcount(request: HttpRequest, worksite: Worksite) -> HttpResponse:
    """Count the journeyworkers of one worksite, beneath all counts before."""
    today = viewer_of(request).today(worksite.employer.sponsor)
    form = HeadcountForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid() and _counted(request, form, worksite):
        return redirect("ratio_list")
    counts = worksite.headcounts.select_related("by").order_by("-on", "-at")
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    context = {"worksite": worksite, "form": form, "counts": counts}
    return render(request, "apprenticeship/headcount.html", context, status=status)


def _counted(request: HttpRequest, form: HeadcountForm, worksite: Worksite) -> bool:
    """Whether it is kept; what is refused stands in the form."""
    said = form.cleaned_data
    known = {"key": str(said["key"]), "on": said["on"], "number": said["number"]}
    try:
        count_journeyworkers(viewer=viewer_of(request), worksite=worksite, **known)
    except HeadcountInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below how it stands now."))
        return False
    messages.success(request, _("Kept: %(worksite)s.") % {"worksite": worksite.name})
    return True
