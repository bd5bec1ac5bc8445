"""Pages about certificates: those of one record, one's own, one by itself, and all that a coordinator looks after."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from accounts.viewer import Viewer
from acts.sheet_files import safe
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from instruction.certificate_querysets import CertificateQuerySet, sponsors_looked_after
from instruction.certificate_views import certificate_page, sponsor_of_own
from instruction.certificates_shown import ShownCertificate, shown_certificates
from instruction.getters import get_certificate, get_staff_file
from instruction.models import Certificate, StaffFile
from reports.evidence_files import answer_with

ON_A_PAGE = 50


@dataclass(frozen=True)
class Filter:
    """One filter of the list: its code in the address, its words, and within how many days something is due."""

    code: str
    words: "str | Promise"
    days: int | None = None


WAITING, OVER, ALL = "waiting", "over", "all"
FILTERS = (
    Filter(WAITING, gettext_lazy("To confirm")),
    Filter(OVER, gettext_lazy("Run out")),
    Filter("30", gettext_lazy("Within 30 days"), 30),
    Filter("60", gettext_lazy("Within 60 days"), 60),
    Filter("90", gettext_lazy("Within 90 days"), 90),
    Filter(ALL, gettext_lazy("All that count")),
)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_certificates(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The certificates of one record: what counts and when it is next due, what waits, and what ended."""
    rows = Certificate.objects.filter(apprenticeship=apprenticeship).with_all()
    everything = shown_certificates(rows.order_by("kind__title", "-issued_on"), viewer=viewer_of(request))
    context = {
        "book": apprenticeship,
        "own": apprenticeship.apprentice_id == request.user.pk,
        "may_add": permits(viewer_of(request), Permission.ADD_CERTIFICATE, on=apprenticeship),
        **_by_how_they_stand(everything),
    }
    return render(request, "instruction/record_certificates.html", context)


@page(Permission.KEEP_OWN_CERTIFICATES)
@require_safe
def my_certificates(request: HttpRequest) -> HttpResponse:
    """One's own certificates as a mentor or other staff."""
    sponsor = sponsor_of_own(request)
    rows = Certificate.objects.filter(apprenticeship=None, holder=request.user.pk, sponsor=sponsor).with_all()
    everything = shown_certificates(rows.order_by("kind__title", "-issued_on"), viewer=viewer_of(request))
    return render(request, "instruction/my_certificates.html", {"own": True, **_by_how_they_stand(everything)})


@page(Permission.READ_CERTIFICATE, on=get_certificate)
@require_safe
def certificate(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """One certificate with its files; whoever may decide about it does so here."""
    Proving(request, [certificate.sponsor])
    return certificate_page(request, certificate)


@page(Permission.READ_CERTIFICATE, on=get_staff_file)
@require_safe
def certificate_file(_request: HttpRequest, file: StaffFile) -> FileResponse:
    """A file of somebody who has no book."""
    return answer_with(file.file, name=file.name)


@page(Permission.LOOK_AFTER_CERTIFICATES)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates of everybody one looks after: what waits, and what runs out in 30, 60 and 90 days."""
    viewer, chosen = viewer_of(request), _chosen(request)
    shown = Paginator(_listed(viewer, chosen), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "certificates": shown_certificates(shown.object_list, viewer=viewer),
        "filters": [(one, _listed(viewer, one).count()) for one in FILTERS],
        "chosen": chosen,
        "may_add_kinds": any(permits(viewer, Permission.CONFIRM_CERTIFICATE, on=s) for s in viewer.sponsors),
    }
    return render(request, "instruction/certificates.html", context)


@page(Permission.LOOK_AFTER_CERTIFICATES)
@require_safe
def certificates_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a CSV file, all of it."""
    viewer, chosen = viewer_of(request), _chosen(request)
    everything = shown_certificates(_listed(viewer, chosen), viewer=viewer)
    response = HttpResponse("\ufeff" + _as_csv(everything), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="certificates-{chosen.code}.csv"'
    return response


def _by_how_they_stand(everything: Iterable[ShownCertificate]) -> dict[str, list[ShownCertificate]]:
    everything = list(everything)
    return {
        "counting": [one for one in everything if one.counts],
        "waiting": [one for one in everything if one.is_waiting],
        "ended": [one for one in everything if not one.counts and not one.is_waiting],
    }


def _chosen(request: HttpRequest) -> Filter:
    """The filter that the address names; without one, what is due within 90 days."""
    return next((one for one in FILTERS if one.code == request.GET.get("show")), FILTERS[4])


def _listed(viewer: Viewer, chosen: Filter) -> CertificateQuerySet:
    rows = Certificate.objects.visible_to(viewer).filter(sponsor__in=sponsors_looked_after(viewer)).with_all()
    rows = rows.prefetch_related("apprenticeship__mentorships")
    if chosen.code == WAITING:
        return rows.waiting().order_by("added_at", "pk")
    rows = rows.current().order_by("due_on", "holder__name", "pk")
    if chosen.code == ALL:
        return rows
    today = max((viewer.today(sponsor) for sponsor in viewer.sponsors), default=viewer.at.date())
    if chosen.days is None:
        return rows.filter(due_on__lt=today)
    return rows.filter(due_on__gte=today).due_until(today + timedelta(days=chosen.days))


def _as_csv(everything: Iterable[ShownCertificate]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    heading = [
        _("Name"),
        _("Cohort"),
        _("Kind"),
        _("Issued by"),
        _("Number"),
        _("Issued on"),
        _("Expires on"),
        _("Next due"),
        _("State"),
    ]
    writer.writerow([safe(cell) for cell in heading])
    for one in everything:
        writer.writerow([safe(cell) for cell in _cells(one)])
    return file.getvalue()


def _cells(one: ShownCertificate) -> list[str]:
    row = one.row
    cohort = row.apprenticeship.cohort if row.apprenticeship else None
    return [
        row.holder.name,
        cohort.name if cohort else "",
        row.called,
        row.issuer,
        row.number,
        row.issued_on.isoformat(),
        row.expires_on.isoformat() if row.expires_on else "",
        row.due_on.isoformat() if row.due_on else "",
        one.words,
    ]
