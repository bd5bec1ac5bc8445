"""The pages of programs: the list, one program with its Terms, and the forms that add and correct one."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.acting import KeyReused
from acts.sheet_files import as_csv
from apprenticeship.getters import get_program
from apprenticeship.models import Program
from apprenticeship.programs import ProgramInvalid, add_program, change_program
from apprenticeship.statuses import RUNNING
from apprenticeship.terms_forms import ProgramForm

ON_A_PAGE = 50
ORDERS = {"title": ("title", "pk"), "apprentices": ("-running", "title", "pk")}
"""By what the list can be ordered, the first one without being asked."""

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.MANAGE_PROGRAMS, on=get_sponsor)
@require_safe
def programs(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The programs of a sponsor, each with its Terms and its apprentices in training; `?q=` searches."""
    shown = Paginator(_listed(request, sponsor), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sponsor": sponsor,
        "page": shown,
        "programs": [(row, *_numbers(row)) for row in shown],
        "query": _query(request),
        "sort": _sort(request),
    }
    return render(request, "apprenticeship/programs.html", context)


@page(Permission.MANAGE_PROGRAMS, on=get_sponsor)
@require_safe
def programs_csv(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The same list as a CSV file, all of it."""
    heading = [
        _("Program"),
        _("Registration agency"),
        _("Registration number of the program"),
        _("Terms in force"),
        _("Terms in draft"),
        _("Apprentices in training"),
    ]
    lines = [
        [row.title, row.registration_agency, row.registration_number, *_as_texts(_numbers(row)), str(row.running)]
        for row in _listed(request, sponsor)
    ]
    response = HttpResponse(as_csv([heading, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="programs.csv"'
    return response


def _listed(request: HttpRequest, sponsor: Sponsor) -> "QuerySet[Any]":
    """What the address asks for: each word of `?q=` in title, agency or number."""
    rows = Program.objects.visible_to(viewer_of(request)).filter(sponsor=sponsor)
    for word in _query(request).split():
        of_registration = Q(registration_agency__icontains=word) | Q(registration_number__icontains=word)
        rows = rows.filter(Q(title__icontains=word) | of_registration)
    running = Count("terms__apprenticeships", filter=Q(terms__apprenticeships__status__in=RUNNING), distinct=True)
    return rows.annotate(running=running).prefetch_related("terms").order_by(*ORDERS[_sort(request)])


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()


def _sort(request: HttpRequest) -> str:
    wanted = request.GET.get("sort", "")
    return wanted if wanted in ORDERS else next(iter(ORDERS))


def _as_texts(numbers: tuple[int | None, ...]) -> list[str]:
    return ["" if number is None else str(number) for number in numbers]


def _numbers(program: Program) -> tuple[int | None, int | None]:
    """The number of the newest Terms in force, and of the draft, where there is one."""
    terms = program.terms.all()
    in_force = [one.number for one in terms if not one.is_draft]
    return max(in_force, default=None), next((one.number for one in terms if one.is_draft), None)


@page(Permission.MANAGE_PROGRAMS, on=get_program)
@require_safe
def program(request: HttpRequest, program: Program) -> HttpResponse:
    """One program: how it is registered, and its Terms, the newest first."""
    rows = program.terms.select_related("standard_version", "put_in_force_by").order_by("-number")
    pinned = Count("apprenticeships", distinct=True)
    running = Count("apprenticeships", filter=Q(apprenticeships__status__in=RUNNING), distinct=True)
    rows = rows.annotate(pinned=pinned, running=running)
    context = {"program": program, "rows": rows, "has_draft": any(row.is_draft for row in rows)}
    return render(request, "apprenticeship/program.html", context)


@page(Permission.MANAGE_PROGRAMS, on=get_sponsor)
@forms_methods
def add_program_page(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The form of a new program; POST adds it and leads to its page."""
    form = ProgramForm(request.POST if request.method == "POST" else None)
    made = _done(request, form, lambda **said: add_program(sponsor=sponsor, **said))
    if made:
        messages.success(request, _("Added. Now draft its Terms: what its apprentices are held to."))
        return redirect("program", made.pk)
    return _form_page(request, form, {"sponsor": sponsor, "title": _("Add a program")})


@page(Permission.MANAGE_PROGRAMS, on=get_program)
@forms_methods
def change_program_page(request: HttpRequest, program: Program) -> HttpResponse:
    """Correct how a program is registered."""
    now = {name: getattr(program, name) for name in ("title", "registration_agency", "registration_number")}
    form = ProgramForm(request.POST if request.method == "POST" else None, initial=now)
    if _done(request, form, lambda **said: change_program(program=program, **said)):
        messages.success(request, _("Kept. What was printed before stays as it is."))
        return redirect("program", program.pk)
    return _form_page(request, form, {"sponsor": program.sponsor, "program": program, "title": _("Change the program")})


def _done(request: HttpRequest, form: ProgramForm, act: Callable[..., Program]) -> Program | None:
    """What the act gives; None where nothing was sent, or where the form now says what was refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), said=form.said)
    except ProgramInvalid as refusal:
        form.add_error(refusal.field, str(refusal.message))
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
    return None


def _form_page(request: HttpRequest, form: ProgramForm, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/program_form.html", {**context, "form": form}, status=status)
