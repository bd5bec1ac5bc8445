"""Bringing hours in from a file: choosing it, looking at what each row will do, and recording all of them."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts import office, tables
from acts.acting import KeyReused, new_key
from acts.refusing import FileRefused
from acts.sheet_files import as_csv, as_xlsx
from acts.uploads import let_go
from instruction.getters import get_import
from instruction.hours import meaning_of_class_hours
from instruction.import_columns import COLUMNS
from instruction.import_forms import ImportForm
from instruction.import_jobs import check_again, dispatch
from instruction.import_shown import shown_rows, tally_of
from instruction.importing import ImportMoved, check_of, keep_file, record_import, too_large
from instruction.models import HoursImport, ImportKind, ImportState, RowVerdict

ROWS_ON_A_PAGE = 50
LATEST = 10
WRITERS = {"csv": (as_csv, tables.CSV_TYPE), "xlsx": (as_xlsx, office.XLSX)}


@page(Permission.BRING_IN_HOURS)
@require_http_methods(["GET", "POST"])
def bring_in_attendance(request: HttpRequest) -> HttpResponse:
    """Bring in the attendance of planned classes: by a coordinator, or by an instructor of their own."""
    return _bring_in(request, ImportKind.ATTENDANCE, Permission.BRING_IN_HOURS)


@page(Permission.BRING_IN_TIMESHEETS)
@require_http_methods(["GET", "POST"])
def bring_in_timesheets(request: HttpRequest) -> HttpResponse:
    """Bring in timesheets of hours on the job."""
    return _bring_in(request, ImportKind.TIMESHEET, Permission.BRING_IN_TIMESHEETS)


def _bring_in(request: HttpRequest, kind: ImportKind, permission: Permission) -> HttpResponse:
    viewer = viewer_of(request)
    sponsors = [sponsor for sponsor in viewer.sponsors if permits(viewer, permission, on=sponsor)]
    form = ImportForm(request.POST or None, request.FILES or None, sponsors=sponsors)
    if request.method == "POST" and (brought := _kept(request, form, kind)):
        dispatch(brought, at=viewer.at)
        return redirect("hours_import", pk=brought.pk)
    context = {
        "form": form,
        "kind": kind,
        "columns": COLUMNS[kind],
        "latest": HoursImport.objects.visible_to(viewer).filter(kind=kind).order_by("-brought_at")[:LATEST],
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "instruction/bring_in.html", context, status=status)


def _kept(request: HttpRequest, form: ImportForm, kind: ImportKind) -> HoursImport | None:
    """The file that a form brings, kept; None where it is refused, and the form says why."""
    if let_go(request).too_large and "file" in form.fields:
        form.add_error("file", too_large().message)
        return None
    if not form.is_valid():
        return None
    sent = form.cleaned_data["file"]
    viewer, key = viewer_of(request), str(form.cleaned_data["key"])
    try:
        return keep_file(viewer=viewer, key=key, kind=kind, sponsor=form.chosen, file=sent.file, name=sent.name or "")
    except FileRefused as refused:
        form.add_error("file", refused.message)
        return None


@page(Permission.BRING_IN_HOURS)
@require_safe
def import_template(_request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """An empty file with the headings, to be filled in."""
    if kind not in COLUMNS or ending not in WRITERS:
        raise Http404
    write, content_type = WRITERS[ending]
    response = HttpResponse(write([[str(column.label) for column in COLUMNS[kind]]]), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{kind}.{ending}"'
    return response


@page(Permission.BRING_IN_HOURS, on=get_import)
@never_cache
@require_http_methods(["GET", "POST"])
def hours_import(request: HttpRequest, brought: HoursImport) -> HttpResponse:
    """What each row of a file will do, or did; POST records all of them as one act."""
    proving = Proving(request, [brought.sponsor]) if _is_signed(brought) else None
    if request.method != "POST":
        return _import_page(request, brought)
    if proving and not proving.succeeds():
        return _import_page(request, brought, HTTPStatus.BAD_REQUEST)
    _record(request, brought)
    return redirect("hours_import", pk=brought.pk)


def _record(request: HttpRequest, brought: HoursImport) -> None:
    """Record all rows or none, and leave word of it."""
    viewer, sent = viewer_of(request), request.POST
    try:
        record_import(viewer=viewer, key=sent.get("key", ""), brought=brought, seen=sent.get("seen", ""))
    except (ImportMoved, KeyReused):
        if check_again(brought, at=viewer.at):
            said = _("Something changed meanwhile. Nothing was recorded; the file is checked again.")
        else:
            said = _("This file was recorded before, or is still being checked. Nothing was done.")
        messages.warning(request, said)
    else:
        messages.success(request, _recorded(brought))


def _is_signed(brought: HoursImport) -> bool:
    """Whether recording it is a signature: of attendance, yes; hours on the job only wait for a mentor."""
    return brought.kind == ImportKind.ATTENDANCE and brought.state == ImportState.CHECKED


def _recorded(brought: HoursImport) -> str:
    new = tally_of(brought).new
    if brought.kind == ImportKind.ATTENDANCE:
        return ngettext("%(count)s row is recorded.", "%(count)s rows are recorded.", new) % {"count": new}
    said = ngettext(
        "%(count)s row is logged. It waits for a mentor to approve it.",
        "%(count)s rows are logged. They wait for a mentor to approve them.",
        new,
    )
    return said % {"count": new}


def _import_page(request: HttpRequest, brought: HoursImport, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    show = request.GET.get("show", "")
    rows = brought.rows.order_by("number")
    if show in RowVerdict.values:
        rows = rows.filter(verdict=show)
    shown = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    is_attendance = brought.kind == ImportKind.ATTENDANCE
    context = {
        "brought": brought,
        "is_attendance": is_attendance,
        "tally": tally_of(brought),
        "show": show,
        "page": shown,
        "rows": shown_rows(shown, brought.kind),
        "key": new_key(),
        "seen": check_of(brought),
        "meaning": meaning_of_class_hours() if is_attendance else "",
    }
    return render(request, "instruction/hours_import.html", context, status=status)
