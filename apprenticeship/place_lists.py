"""The pages that show employers: the list, the same as CSV, and one employer with its worksites."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.sheet_files import as_csv
from apprenticeship.getters import get_employer
from apprenticeship.models import Employer, Worksite
from apprenticeship.statuses import RUNNING

ON_A_PAGE = 50
ORDERS = {"name": ("name", "pk"), "apprentices": ("-running", "name", "pk")}
"""By what the list can be ordered, the first one without being asked."""

IN_TRAINING = Count("apprenticeships", filter=Q(apprenticeships__status__in=RUNNING), distinct=True)


@page(Permission.MANAGE_PROGRAMS, on=get_sponsor)
@require_safe
def employers(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The employers of a sponsor with how many apprentices each has; `?q=` searches, `?show=archived` shows those."""
    rows, query = _listed(request, sponsor), _query(request)
    everybody = Employer.objects.visible_to(viewer_of(request)).filter(sponsor=sponsor)
    archived = everybody.exclude(archived_at=None).count()
    context = {
        "sponsor": sponsor,
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "query": query,
        "show": _show(request),
        "sort": _sort(request),
        "numbers": {"current": everybody.count() - archived, "archived": archived},
    }
    return render(request, "apprenticeship/employers.html", context)


@page(Permission.MANAGE_PROGRAMS, on=get_sponsor)
@require_safe
def employers_csv(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The same list as a CSV file, all of it, one line a worksite."""
    response = HttpResponse(as_csv(_table(_listed(request, sponsor))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="employers-{_show(request)}.csv"'
    return response


@page(Permission.MANAGE_PROGRAMS, on=get_employer)
@require_safe
def employer(request: HttpRequest, employer: Employer) -> HttpResponse:
    """One employer: its worksites with how many apprentices work there; archived ones last."""
    worksites = employer.worksites.annotate(running=IN_TRAINING).order_by("name", "pk")
    context = {
        "employer": employer,
        "running": Employer.objects.filter(pk=employer.pk).aggregate(running=IN_TRAINING)["running"],
        "current": [site for site in worksites if site.archived_at is None],
        "archived": [site for site in worksites if site.archived_at is not None],
    }
    return render(request, "apprenticeship/employer.html", context)


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()


def _show(request: HttpRequest) -> str:
    return "archived" if request.GET.get("show") == "archived" else "current"


def _sort(request: HttpRequest) -> str:
    wanted = request.GET.get("sort", "")
    return wanted if wanted in ORDERS else next(iter(ORDERS))


def _listed(request: HttpRequest, sponsor: Sponsor) -> QuerySet[Employer]:
    """What the address asks for: a part of a name or an address, of the employer or of one of its worksites."""
    rows = Employer.objects.visible_to(viewer_of(request)).filter(sponsor=sponsor)
    rows = rows.filter(archived_at__isnull=_show(request) == "current")
    for word in _query(request).split():
        of_site = Worksite.objects.filter(Q(name__icontains=word) | Q(address__icontains=word)).values("employer")
        rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(pk__in=of_site))
    sites = Prefetch("worksites", Worksite.objects.annotate(running=IN_TRAINING).order_by("name", "pk"))
    return rows.annotate(running=IN_TRAINING).prefetch_related(sites).order_by(*ORDERS[_sort(request)])


def _table(rows: Iterable[Employer]) -> Iterable[list[str]]:
    yield [
        _("Employer"),
        _("Address"),
        _("Worksite"),
        _("Address of the worksite"),
        _("Photographs"),
        _("Archived"),
        _("Apprentices in training"),
    ]
    for row in rows:
        for site in row.worksites.all() or [None]:
            yield _line(row, site)


def _line(row: Employer, site: Worksite | None) -> list[str]:
    archived = row.archived_at or (site and site.archived_at)
    return [
        row.name,
        row.address,
        site.name if site else "",
        site.address if site else "",
        (_("yes") if site.photos_allowed else _("no")) if site else "",
        _("yes") if archived else _("no"),
        str((site or row).running),  # type: ignore[union-attr]  # annotated by _listed
    ]
