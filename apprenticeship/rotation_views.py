"""Pages about rotation: where one apprentice learns the work, and assigning one or many to a place."""

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_apprenticeship
from apprenticeship.mentor_views import ON_A_PAGE
from apprenticeship.mentoring_forms import TickedForm, day_field
from apprenticeship.mentors_shown import apprentices_to_assign, assigned_by
from apprenticeship.models import Apprenticeship, Worksite
from apprenticeship.qualifying import tracks_of
from apprenticeship.querysets import ApprenticeshipQuerySet, WorksiteQuerySet
from apprenticeship.rotation import AssignmentInvalid, Stay, assign_place, standing, stays_of
from apprenticeship.views import forms_methods


class WorksiteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django itself takes none
    """Worksites, each with its employer."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.employer.name}, {obj.name}"


class PlaceForm(TickedForm):
    """Where everybody who is ticked learns the work, in which role, and from when until when."""

    worksite = WorksiteChoice(
        label=gettext_lazy("Worksite"),
        queryset=Worksite.objects.none(),
        empty_label=gettext_lazy("Choose a worksite"),
        error_messages={"required": gettext_lazy("Choose a worksite.")},
    )
    role_track = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    since = day_field(gettext_lazy("From"))
    until = day_field(
        gettext_lazy("Until (if it has an end)"),
        required=False,
        help_text=gettext_lazy("Blank: until the next assignment begins."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, worksites: WorksiteQuerySet, tracks: list[str], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["worksite"].queryset = worksites  # type: ignore[attr-defined]  # the field's own class
        choices = [("", _("No role of its own")), *((track, track) for track in tracks)]
        self.fields["role_track"].choices = choices  # type: ignore[attr-defined]  # the field's own class

    def refuse_assignment(self, refusal: AssignmentInvalid) -> None:
        """Show what the transition refused, beside its field."""
        for name, message in dict.fromkeys(refusal.problems):
            self.add_error(name, message)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_places(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Where one apprentice learns the work now, where before, and where next."""
    rows = stays_of([apprenticeship.pk])[apprenticeship.pk]
    context = {
        "book": apprenticeship,
        "stays": list(reversed(standing(rows))),
        "today": viewer_of(request).today(apprenticeship.sponsor),
        "may_assign": permits(viewer_of(request), Permission.ASSIGN, on=apprenticeship),
    }
    return render(request, "apprenticeship/record_places.html", context)


@page(Permission.ASSIGN)
@forms_methods
def assign_places(request: HttpRequest) -> HttpResponse:
    """Everybody, or the one whom the address names, with ticks; POST assigns those who are ticked to a place."""
    proving = Proving(request, assigned_by(viewer_of(request)))
    proving.require_readiness()
    form = _form(request)
    if request.method != "POST":
        return _list_page(request, form, HTTPStatus.OK)
    everybody = apprentices_to_assign(viewer_of(request), alone=False, query="", order="")
    form.offer(everybody.values_list("pk", flat=True))
    if not (proving.succeeds() & form.is_valid()) or not _assigned(request, form, everybody):
        return _list_page(request, form, HTTPStatus.BAD_REQUEST)
    return redirect(request.get_full_path())


def _form(request: HttpRequest) -> PlaceForm:
    viewer, sponsors = viewer_of(request), assigned_by(viewer_of(request))
    worksites = Worksite.objects.filter(employer__sponsor__in=sponsors, archived_at=None, employer__archived_at=None)
    tracks = sorted({track for sponsor in sponsors for track in tracks_of(sponsor)})
    today = min((viewer.today(sponsor) for sponsor in sponsors), default=viewer.at.date())
    return PlaceForm(
        request.POST if request.method == "POST" else None,
        worksites=worksites.select_related("employer").order_by("employer__name", "name"),
        tracks=tracks,
        initial={"since": today},
    )


def _assigned(request: HttpRequest, form: PlaceForm, everybody: ApprenticeshipQuerySet) -> bool:
    """Whether it is done; what is refused stands in the form."""
    said = form.cleaned_data
    books = list(everybody.filter(pk__in=said["ticked"]))
    stay = Stay(said["worksite"], said["role_track"], said["since"], said["until"])
    try:
        assign_place(viewer=viewer_of(request), key=str(said["key"]), apprenticeships=books, stay=stay)
    except AssignmentInvalid as refusal:
        form.refuse_assignment(refusal)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below how it stands now."))
        return False
    told = {"worksite": said["worksite"].name, "number": len(books)}
    done = ngettext(
        "%(worksite)s: %(number)s apprentice assigned.", "%(worksite)s: %(number)s apprentices assigned.", len(books)
    )
    messages.success(request, done % told)
    return True


def _list_page(request: HttpRequest, form: PlaceForm, status: HTTPStatus) -> HttpResponse:
    query, only = request.GET.get("q", "").strip(), _only(request)
    rows = apprentices_to_assign(viewer_of(request), alone=False, query=query, order="name").select_related("worksite")
    if only:
        rows = rows.filter(pk=only)
    context = {
        "form": form,
        "query": query,
        "only": only,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "apprenticeship/assign_places.html", context, status=status)


def _only(request: HttpRequest) -> uuid.UUID | None:
    """The one apprenticeship that the address names."""
    try:
        return uuid.UUID(request.GET.get("only", ""))
    except ValueError:
        return None
