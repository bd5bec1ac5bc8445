"""The list of changes of which the registration agency is told: what is due, what is late, and when it was told."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import NotPermitted, Permission, permits
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.viewer import Viewer
from acts.acting import KeyReused
from acts.sheet_files import safe
from apprenticeship.agency_notices import NoticeInvalid, tell_agency
from apprenticeship.models import StatusChange
from apprenticeship.querysets import StatusChangeQuerySet

ON_A_PAGE = 50
DUE, LATE, TOLD, ALL = "due", "late", "told", "all"
FILTERS: "dict[str, str | Promise]" = {
    DUE: gettext_lazy("To tell"),
    LATE: gettext_lazy("Late"),
    TOLD: gettext_lazy("Told"),
    ALL: gettext_lazy("All"),
}
ORDERS: "dict[str, tuple[str | Promise, tuple[str, ...]]]" = {
    "due": (gettext_lazy("Due first"), ("agency_due", "apprenticeship__apprentice__name", "pk")),
    "name": (gettext_lazy("By name"), ("apprenticeship__apprentice__name", "agency_due", "pk")),
    "newest": (gettext_lazy("Newest change first"), ("-on", "apprenticeship__apprentice__name", "pk")),
}


class NoticeForm(KeyForm):
    """On which day the agency was told of the ticked changes."""

    changes = forms.TypedMultipleChoiceField(
        coerce=lambda given: forms.UUIDField().clean(given), widget=forms.CheckboxSelectMultiple, required=False
    )
    told_on = forms.DateField(
        label=gettext_lazy("The agency was told on"),
        error_messages={"required": gettext_lazy("Enter the day on which the agency was told.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the list."""

    show: str
    order: str
    query: str


@dataclass(frozen=True)
class NoticeLine:
    """One change with what the list says of it; `days` are those until it is due, fewer than 0 where it is late."""

    change: StatusChange
    told_on: date | None
    days: int
    may_tell: bool
    is_ticked: bool


@page(Permission.READ_COHORT)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_notices(request: HttpRequest) -> HttpResponse:
    """The list of those whose records one oversees; POST notes on which day the agency was told of the ticked ones."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return _list(request, NoticeForm(initial={"told_on": viewer.at.date()}))
    if not _may_tell(viewer):
        raise NotPermitted(Permission.CHANGE_STATUS)
    form = NoticeForm(request.POST)
    form.fields["changes"].choices = [(pk, pk) for pk in request.POST.getlist("changes")]  # type: ignore[attr-defined]  # the field's own class, lost in the mapping
    if form.is_valid() and _told(request, form):
        return redirect(f"{reverse('agency_notices')}?{request.GET.urlencode()}")
    return _list(request, form, HTTPStatus.BAD_REQUEST)


@page(Permission.READ_COHORT)
@require_safe
def agency_notices_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a CSV file, all of it."""
    wanted = _wanted(request)
    response = HttpResponse(
        "\ufeff" + _as_csv(_rows(viewer_of(request), wanted)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="agency-notices-{wanted.show}.csv"'
    return response


def notices_to_tell(viewer: Viewer) -> StatusChangeQuerySet:
    """The changes of which `viewer`'s sponsors have not told the agency yet."""
    return _overseen(viewer, told=False)


def _overseen(viewer: Viewer, *, told: bool | None = None) -> StatusChangeQuerySet:
    changes = StatusChange.objects.for_agency(told=told)
    return changes.filter(apprenticeship__sponsor__in=viewer.overseen_sponsor_ids).exclude(
        apprenticeship__apprentice=viewer.user_id
    )


def _may_tell(viewer: Viewer) -> bool:
    return any(permits(viewer, Permission.CHANGE_STATUS, on=sponsor) for sponsor in viewer.sponsors)


def _told(request: HttpRequest, form: NoticeForm) -> bool:
    """Whether it is noted now; what is refused stands in the form."""
    said = form.cleaned_data
    try:
        made = tell_agency(
            viewer=viewer_of(request), key=str(said["key"]), changes=said["changes"], told_on=said["told_on"]
        )
    except NoticeInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
        return False
    done = ngettext("Noted for %(number)s change.", "Noted for %(number)s changes.", len(made))
    messages.success(request, done % {"number": len(made)})
    return True


def _wanted(request: HttpRequest) -> Wanted:
    show, order = request.GET.get("show", DUE), request.GET.get("order", "due")
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    return Wanted(show if show in FILTERS else DUE, order if order in ORDERS else "due", query)


def _shown(viewer: Viewer, show: str, query: str) -> StatusChangeQuerySet:
    rows = _overseen(viewer, told=None if show == ALL else show == TOLD)
    if query:
        rows = rows.filter(apprenticeship__apprentice__name__icontains=query)
    today = min((viewer.today(sponsor) for sponsor in viewer.sponsors), default=viewer.at.date())
    return rows.filter(agency_due__lt=today) if show == LATE else rows


def _rows(viewer: Viewer, wanted: Wanted) -> StatusChangeQuerySet:
    rows = _shown(viewer, wanted.show, wanted.query).order_by(*ORDERS[wanted.order][1])
    return rows.select_related(
        "apprenticeship__apprentice", "apprenticeship__sponsor", "apprenticeship__terms__program"
    ).prefetch_related("apprenticeship__mentorships")


def _list(request: HttpRequest, form: NoticeForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    viewer, wanted = viewer_of(request), _wanted(request)
    shown = Paginator(_rows(viewer, wanted), ON_A_PAGE).get_page(request.GET.get("page"))
    ticked = set(request.POST.getlist("changes"))
    context = {
        "page": shown,
        "lines": [_line(viewer, change, str(change.pk) in ticked) for change in shown.object_list],
        "filters": [(code, words, _shown(viewer, code, wanted.query).count()) for code, words in FILTERS.items()],
        "orders": [(code, words) for code, (words, _order) in ORDERS.items()],
        "wanted": wanted,
        "form": form,
        "may_tell": _may_tell(viewer),
    }
    return render(request, "apprenticeship/agency_notices.html", context, status=status)


def _line(viewer: Viewer, change: StatusChange, is_ticked: bool) -> NoticeLine:
    book = change.apprenticeship
    return NoticeLine(
        change=change,
        told_on=change.told_on,  # type: ignore[attr-defined]  # annotated by the queryset
        days=(change.agency_due - viewer.today(book.sponsor)).days if change.agency_due else 0,
        may_tell=permits(viewer, Permission.CHANGE_STATUS, on=book),
        is_ticked=is_ticked,
    )


def _as_csv(rows: Iterable[StatusChange]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    heading = [
        _("Name"),
        _("Program"),
        _("Registration number"),
        _("Step"),
        _("Status"),
        _("From which day"),
        _("Tell the agency by"),
        _("Told on"),
    ]
    writer.writerow([safe(cell) for cell in heading])
    for change in rows:
        writer.writerow([safe(cell) for cell in _cells(change)])
    return file.getvalue()


def _cells(change: StatusChange) -> list[str]:
    book, told_on = change.apprenticeship, change.told_on  # type: ignore[attr-defined]  # annotated by the queryset
    return [
        book.apprentice.name,
        book.terms.program.title,
        book.registration_number,
        change.get_step_display(),
        change.get_status_display(),
        change.on.isoformat(),
        change.agency_due.isoformat() if change.agency_due else "",
        told_on.isoformat() if told_on else "",
    ]
