"""Pages that give apprentices their mentors: one apprentice, or everybody who is ticked."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from acts.acting import KeyReused
from apprenticeship.getters import get_apprenticeship, get_mentorship
from apprenticeship.mentor_views import ON_A_PAGE, csv_file
from apprenticeship.mentoring import MentoringInvalid, MentorLine, assign, end, left_alone
from apprenticeship.mentoring_forms import AssignForm, EndForm
from apprenticeship.mentors_shown import (
    apprentices_to_assign,
    assigned_by,
    mentors_of,
    mentors_to_choose,
    now_in_words,
    without_mentor,
)
from apprenticeship.models import Apprenticeship, CohortMove, Mentorship, MentorshipRole
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.views import forms_methods

MOVE = ("came_from", "came_to", "by")
ORDERS = ("name", "start", "cohort")


@page(Permission.ASSIGN)
@forms_methods
def assign_mentors(request: HttpRequest) -> HttpResponse:
    """Everybody without a mentor, or everybody at all, with ticks; POST gives those who are ticked a mentor."""
    form, rows = _form(request), _listed(request)
    if request.method != "POST":
        return _list_page(request, form, rows)
    everybody = apprentices_to_assign(viewer_of(request), alone=False, query="", order="")
    form.offer(everybody.values_list("pk", flat=True))
    if not form.is_valid() or not _assigned(request, form, list(everybody.filter(pk__in=form.cleaned_data["ticked"]))):
        return _list_page(request, form, rows, HTTPStatus.BAD_REQUEST)
    return redirect(request.get_full_path())


@page(Permission.ASSIGN)
@require_safe
def assign_mentors_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, all of it."""
    table = [[_("Apprentice"), _("Registration number"), _("Cohort"), _("Employer"), _("Began"), _("Mentors")]]
    for book in _listed(request):
        names = now_in_words(book, viewer_of(request).today(book.sponsor))
        cohort = book.cohort.name if book.cohort else ""
        table.append(
            [
                book.apprentice.name,
                book.registration_number,
                cohort,
                book.employer.name,
                book.starts_on.isoformat(),
                "; ".join(names),
            ]
        )
    return csv_file(table, "apprentices-and-mentors")


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_mentors(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The mentors of one apprentice, now and before."""
    return _record_page(request, apprenticeship, _form(request, apprenticeship))


@page(Permission.ASSIGN, on=get_apprenticeship)
@require_POST
def assign_mentor(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Give one apprentice a mentor."""
    form = _form(request, apprenticeship)
    form.offer([apprenticeship.pk])
    if form.is_valid() and _assigned(request, form, [apprenticeship]):
        return redirect("record_mentors", apprenticeship.pk)
    return _record_page(request, apprenticeship, form, HTTPStatus.BAD_REQUEST)


@page(Permission.ASSIGN, on=get_mentorship)
@forms_methods
def end_mentorship(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """From when one mentorship holds no more; POST ends it."""
    book = mentorship.apprenticeship
    today = viewer_of(request).today(book.sponsor)
    form = EndForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid() and _ended(request, form, mentorship):
        return redirect("record_mentors", book.pk)
    alone = left_alone([book.pk], book.sponsor, on=max(today, mentorship.since), without=[mentorship.pk])
    context = {"book": book, "mentorship": mentorship, "form": form, "alone": bool(alone)}
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/end_mentorship.html", context, status=status)


def _form(request: HttpRequest, book: Apprenticeship | None = None) -> AssignForm:
    viewer = viewer_of(request)
    sponsors = [book.sponsor] if book else assigned_by(viewer)
    today = min((viewer.today(sponsor) for sponsor in sponsors), default=viewer.at.date())
    people = mentors_to_choose(viewer, sponsors)
    if book:
        people = people.exclude(pk=book.apprentice_id)
    return AssignForm(request.POST if request.method == "POST" else None, mentors=people, today=today)


def _assigned(request: HttpRequest, form: AssignForm, books: list[Apprenticeship]) -> bool:
    """Whether it is done; what is refused stands in the form."""
    said = form.cleaned_data
    role, until = MentorshipRole(said["role"]), said["until"]
    lines = [MentorLine(book, said["mentor"], said["since"], role, until) for book in books]
    try:
        assign(viewer=viewer_of(request), key=str(said["key"]), lines=lines)
    except MentoringInvalid as refusal:
        form.refuse(refusal)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below how it stands now."))
        return False
    told = {"mentor": said["mentor"].name, "number": len(books)}
    done = ngettext("%(mentor)s: %(number)s apprentice more.", "%(mentor)s: %(number)s apprentices more.", len(books))
    messages.success(request, done % told)
    return True


def _ended(request: HttpRequest, form: EndForm, mentorship: Mentorship) -> bool:
    """Whether it is done; what is refused stands in the form."""
    key, on = str(form.cleaned_data["key"]), form.cleaned_data["on"]
    try:
        end(viewer=viewer_of(request), key=key, mentorships=[mentorship], on=on)
    except MentoringInvalid as refusal:
        form.refuse(refusal)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below how it stands now."))
        return False
    messages.success(request, _("%(mentor)s: ended.") % {"mentor": mentorship.mentor.name})
    return True


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks of the list."""
    order = request.GET.get("order", "")
    return {
        "alone": request.GET.get("show") != "all",
        "query": request.GET.get("q", "").strip(),
        "order": order if order in ORDERS else "name",
    }


def _listed(request: HttpRequest) -> ApprenticeshipQuerySet:
    return apprentices_to_assign(viewer_of(request), **_asked(request))


def _list_page(
    request: HttpRequest, form: AssignForm, rows: ApprenticeshipQuerySet, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    viewer = viewer_of(request)
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": shown,
        "lines": [(book, now_in_words(book, viewer.today(book.sponsor))) for book in shown],
        "numbers": {"alone": without_mentor(viewer).count(), "all": _number_of_all(request)},
        **_asked(request),
    }
    return render(request, "apprenticeship/assign_mentors.html", context, status=status)


def _number_of_all(request: HttpRequest) -> int:
    return apprentices_to_assign(viewer_of(request), alone=False, query="", order="").count()


def _record_page(
    request: HttpRequest, book: Apprenticeship, form: AssignForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    everything = mentors_of(viewer_of(request), book)
    context = {
        "book": book,
        "form": form,
        "may_assign": permits(viewer_of(request), Permission.ASSIGN, on=book),
        "current": [one for one in everything if not one.is_over],
        "earlier": [one for one in everything if one.is_over],
        "moves": CohortMove.objects.filter(apprenticeship=book).select_related(*MOVE).newest_first(),
    }
    return render(request, "apprenticeship/record_mentors.html", context, status=status)
