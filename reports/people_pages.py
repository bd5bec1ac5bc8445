"""Pages about the people of a sponsor: the list, the same as a file, and one person."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.models import Role, Sponsor
from accounts.navigation import sponsor_at_hand
from accounts.pages import page, visible_or_404
from accounts.signing_views import get_sponsor
from accounts.viewer import Viewer
from acts.acting import new_key
from acts.sheet_files import as_csv
from reports.people import PersonLine, PersonState, Wanted, counts, lines, listed, person_page
from reports.people import people as people_of

ON_A_PAGE = 50


@page(Permission.MANAGE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the sponsor at hand, by name, mail, sign-in or registration number, role and state."""
    viewer, sponsor, wanted = _asked(request)
    shown = Paginator(listed(sponsor, wanted, viewer=viewer), ON_A_PAGE).get_page(request.GET.get("page"))
    numbers = counts(sponsor, wanted, viewer=viewer)
    context = {
        "sponsor": sponsor,
        "page": shown,
        "people": lines(list(shown.object_list), sponsor, viewer=viewer),
        "wanted": wanted,
        "query": " ".join(wanted.words),
        "states": [("", _("All"), numbers[""]), *((s.value, s.label, numbers[s]) for s in PersonState)],
        "roles": Role.choices,
    }
    return render(request, "reports/people.html", context)


@page(Permission.MANAGE_PEOPLE)
@require_safe
def people_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, all of it."""
    viewer, sponsor, wanted = _asked(request)
    rows = lines(list(listed(sponsor, wanted, viewer=viewer)), sponsor, viewer=viewer)
    heading = [
        _("Name"),
        _("Mail address"),
        _("Sign-in name"),
        _("Roles"),
        _("State"),
        _("Since"),
        _("Registration number"),
        _("Identity confirmed"),
    ]
    response = HttpResponse(as_csv([heading, *map(_cells, rows)]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


def _asked(request: HttpRequest) -> tuple[Viewer, Sponsor, Wanted]:
    viewer = viewer_of(request)
    sponsor = sponsor_at_hand(viewer, request.session, Permission.MANAGE_PEOPLE)
    role, state, sort = (request.GET.get(name, "") for name in ("role", "state", "sort"))
    wanted = Wanted(
        words=tuple(request.GET.get("q", "").replace("\x00", "").split()[:6]),
        role=role if role in Role.values else "",
        state=state if state in PersonState.values else "",
        sort=sort if sort == "newest" else "name",
    )
    return viewer, sponsor, wanted


def _cells(line: PersonLine) -> list[str]:
    return [
        line.name,
        line.email,
        line.sign_in_name,
        ", ".join(line.roles),
        str(line.state.label),
        line.since.isoformat() if line.since else "",
        ", ".join(line.registration_numbers),
        _("yes") if line.is_identified else _("no"),
    ]


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@require_safe
def person(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """One person: their roles with history, how their invitation stands, their books, and what one may do."""
    viewer = viewer_of(request)
    row = visible_or_404(people_of(sponsor, viewer=viewer), person_pk)
    shown = person_page(row, sponsor, viewer=viewer)
    today = viewer.today(sponsor)
    context = {
        "sponsor": sponsor,
        "shown": shown,
        "today": today,
        "key": new_key(),
        "lasting": [one.pk for one in shown.roles if one.until is None or one.until > today],
        "may_give_office": permits(viewer, Permission.GIVE_OFFICE, on=sponsor),
        "is_open": bool(shown.invitation and shown.invitation.is_open(viewer.at)),
    }
    return render(request, "reports/person.html", context)
