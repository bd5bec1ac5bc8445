"""Pages about mentors: all of them, one of them with their apprentices, and handing apprentices over."""

import uuid
from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Sponsor, User
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.acting import KeyReused
from acts.sheet_files import as_csv
from apprenticeship.mentoring import MentoringConflict, MentoringInvalid, end, hand_over, left_alone
from apprenticeship.mentoring_forms import HandOverForm
from apprenticeship.mentors_shown import (
    ShownMentorship,
    get_mentor,
    mentors_listed,
    mentors_to_choose,
    mentorships_of,
    qualifications_of,
    without_mentor,
)
from apprenticeship.models import Mentorship

ON_A_PAGE = 50


@page(Permission.ASSIGN)
@require_safe
def mentors(request: HttpRequest) -> HttpResponse:
    """Everybody who holds the mentor's role, with how many apprentices they have and what waits for them."""
    query, by_number = request.GET.get("q", "").strip(), request.GET.get("order") == "number"
    rows = mentors_listed(viewer_of(request), query=query, by_number=by_number)
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    alone = without_mentor(viewer_of(request)).count()
    context = {"page": shown, "query": query, "by_number": by_number, "alone": alone}
    return render(request, "apprenticeship/mentors.html", context)


@page(Permission.ASSIGN)
@require_safe
def mentors_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, all of it."""
    rows = mentors_listed(viewer_of(request), query="", by_number=request.GET.get("order") == "number")
    table = [[_("Mentor"), _("Sponsor"), _("Apprentices"), _("Waiting for a signature"), _("Since")]]
    table += [[r.user.name, r.sponsor.name, str(r.books), str(r.waiting), r.since.isoformat()] for r in rows]  # type: ignore[attr-defined]  # annotated
    return csv_file(table, "mentors")


def csv_file(table: Sequence[Sequence[str]], name: str) -> HttpResponse:
    """The rows as the file `name`.csv; every cell is made safe."""
    response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@page(Permission.ASSIGN, on=get_sponsor)
@require_safe
def mentor(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """One mentor: the apprentices they have and had, with ticks to hand them over."""
    person = get_mentor(viewer_of(request), sponsor, person_pk)
    return _mentor_page(request, sponsor, person, _form(request, sponsor, person))


@page(Permission.ASSIGN, on=get_sponsor)
@require_POST
def hand_over_mentor(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Say in numbers what handing over, or ending, those who are ticked will do; once confirmed, do it."""
    person = get_mentor(viewer_of(request), sponsor, person_pk)
    form = _form(request, sponsor, person)
    form.offer(one.row.pk for one in mentorships_of(viewer_of(request), sponsor, person) if not one.is_over)
    if not form.is_valid():
        return _mentor_page(request, sponsor, person, form, HTTPStatus.BAD_REQUEST)
    ticked = [o for o in mentorships_of(viewer_of(request), sponsor, person) if str(o.row.pk) in form.ticks]
    if not form.cleaned_data["confirmed"]:
        return _confirm_page(request, sponsor, person, form, ticked)
    return _handed_over(request, sponsor, person, form, [one.row for one in ticked])


def _form(request: HttpRequest, sponsor: Sponsor, person: User) -> HandOverForm:
    viewer = viewer_of(request)
    others = mentors_to_choose(viewer, [sponsor]).exclude(pk=person.pk)
    return HandOverForm(request.POST if request.method == "POST" else None, mentors=others, today=viewer.today(sponsor))


def _handed_over(
    request: HttpRequest, sponsor: Sponsor, person: User, form: HandOverForm, rows: Sequence[Mentorship]
) -> HttpResponse:
    """Do what a valid form says and answer, whatever comes of it."""
    wanted, viewer = form.cleaned_data, viewer_of(request)
    key, on = str(wanted["key"]), wanted["on"]
    try:
        if form.only_ends:
            end(viewer=viewer, key=key, mentorships=rows, on=on)
        else:
            hand_over(viewer=viewer, key=key, mentorships=rows, to=wanted["to"], on=on)
    except MentoringInvalid as refusal:
        form.refuse(refusal)
        conflict = isinstance(refusal, MentoringConflict)
        status = HTTPStatus.CONFLICT if conflict else HTTPStatus.BAD_REQUEST
        return _mentor_page(request, sponsor, person, form, status)
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below how it stands now."))
        return _mentor_page(request, sponsor, person, form, HTTPStatus.CONFLICT)
    words = ngettext("%(number)s apprentice: done.", "%(number)s apprentices: done.", len(rows))
    messages.success(request, words % {"number": len(rows)})
    return redirect("mentor", sponsor.pk, person.pk)


def _confirm_page(
    request: HttpRequest, sponsor: Sponsor, person: User, form: HandOverForm, ticked: Sequence[ShownMentorship]
) -> HttpResponse:
    """What the act will do, in numbers."""
    signing = [one for one in ticked if one.row.signs]
    context = {
        "sponsor": sponsor,
        "person": person,
        "form": form,
        "ticked": ticked,
        "waiting": sum({one.book.pk: one.waiting for one in signing}.values()),
        "alone": _left_by(sponsor, form, signing) if form.only_ends else [],
    }
    return render(request, "apprenticeship/hand_over.html", context)


def _left_by(sponsor: Sponsor, form: HandOverForm, signing: Sequence[ShownMentorship]) -> list[str]:
    """Who would be without anybody to sign for them, once these mentorships have ended."""
    on, ending = form.cleaned_data["on"], [one.row.pk for one in signing]
    return [b.apprentice.name for b in left_alone([o.book.pk for o in signing], sponsor, on=on, without=ending)]


def _mentor_page(
    request: HttpRequest, sponsor: Sponsor, person: User, form: HandOverForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    everything = mentorships_of(viewer_of(request), sponsor, person)
    context = {
        "sponsor": sponsor,
        "person": person,
        "form": form,
        "current": [one for one in everything if not one.is_over],
        "earlier": [one for one in everything if one.is_over],
        "qualifications": qualifications_of(viewer_of(request), sponsor, person),
        "words": next((one.row.qualification for one in everything if one.row.qualification and not one.is_over), ""),
        "is_self": person.pk == request.user.pk,
        "may_end": person.pk != request.user.pk,
        "others": form.fields["to"].queryset.exists(),  # type: ignore[attr-defined]  # the field's own class
    }
    return render(request, "apprenticeship/mentor.html", context, status=status)
