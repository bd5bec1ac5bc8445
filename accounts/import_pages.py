"""What the pages of every kind of file do: taking a file, offering its template, showing its rows, recording them.

A view of the layer that owns the kind declares who may open it, names its templates and addresses, and calls these.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import permits
from accounts.import_columns import hint_of
from accounts.import_forms import ImportForm
from accounts.import_jobs import check_again, dispatch
from accounts.import_kinds import FileKind, file_kinds
from accounts.import_models import FileImport, ImportState, RowVerdict
from accounts.import_shown import rows_with, shown_rows, tally_of
from accounts.importing import ImportMoved, check_of, keep_file, order_import, record_import, too_large
from accounts.middleware import viewer_of
from accounts.proving import Proving
from acts import office, tables
from acts.acting import KeyReused, new_key
from acts.refusing import FileRefused
from acts.sheet_files import as_csv, as_xlsx
from acts.uploads import let_go

ROWS_ON_A_PAGE = 50
LATEST = 10
WRITERS = {"csv": (as_csv, tables.CSV_TYPE), "xlsx": (as_xlsx, office.XLSX)}


@dataclass(frozen=True)
class Pages:
    """The templates and URL names of one kind: choosing a file, its template to download, and one file."""

    choose: str
    choose_template: str
    template: str
    one: str
    one_template: str


def bring_in(request: HttpRequest, kind: FileKind, pages: Pages) -> HttpResponse:
    """The form that takes a file, and after it the page of that file."""
    viewer = viewer_of(request)
    sponsors = [sponsor for sponsor in viewer.sponsors if permits(viewer, kind.permission, on=sponsor)]
    form = ImportForm(request.POST or None, request.FILES or None, sponsors=sponsors)
    if request.method == "POST" and (brought := _kept(request, form, kind)):
        dispatch(brought, at=viewer.at)
        return redirect(pages.one, pk=brought.pk)
    mine = FileImport.objects.visible_to(viewer).filter(kind=kind.code).order_by("-brought_at")
    context = {
        "form": form,
        "kind": kind.code,
        "pages": pages,
        "columns": [(column.label, hint_of(column)) for column in kind.columns],
        "latest": mine[:LATEST],
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, pages.choose_template, context, status=status)


def _kept(request: HttpRequest, form: ImportForm, kind: FileKind) -> FileImport | None:
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


def template_of(kind: FileKind, ending: str) -> HttpResponse:
    """An empty file with the headings, to be filled in."""
    if ending not in WRITERS:
        raise Http404
    write, content_type = WRITERS[ending]
    response = HttpResponse(write([[str(column.label) for column in kind.columns]]), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{kind.code}.{ending}"'
    return response


def one_file(
    request: HttpRequest,
    brought: FileImport,
    pages: Pages,
    *,
    recorded: Callable[[FileImport], str],
    more: Mapping[str, Any],
) -> HttpResponse:
    """What each row of a file will do, or did; POST records all of them as one act and says what `recorded` says."""
    kind = file_kinds()[brought.kind]
    is_signed = kind.is_signed and brought.state == ImportState.CHECKED
    proving = Proving(request, [brought.sponsor]) if is_signed else None
    if request.method != "POST":
        return _shown(request, brought, pages, more)
    if proving and not proving.succeeds():
        return _shown(request, brought, pages, more, HTTPStatus.BAD_REQUEST)
    _record(request, brought, recorded)
    return redirect(pages.one, pk=brought.pk)


def _record(request: HttpRequest, brought: FileImport, recorded: Callable[[FileImport], str]) -> None:
    """Record all rows or none, and leave word of it."""
    viewer, sent = viewer_of(request), request.POST
    seen = sent.get("seen", "")
    try:
        if file_kinds()[brought.kind].by_worker:
            dispatch(order_import(viewer=viewer, brought=brought, seen=seen), at=viewer.at)
            return
        record_import(viewer=viewer, key=sent.get("key", ""), brought=brought, seen=seen)
    except (ImportMoved, KeyReused):
        if check_again(brought, at=viewer.at):
            said = _("Something changed meanwhile. Nothing was recorded; the file is checked again.")
        else:
            said = _("This file was recorded before, or is still being checked. Nothing was done.")
        messages.warning(request, said)
    else:
        messages.success(request, recorded(brought))


def _shown(
    request: HttpRequest,
    brought: FileImport,
    pages: Pages,
    more: Mapping[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    show = request.GET.get("show", "")
    rows = brought.rows.order_by("number")
    if show in RowVerdict.values:
        rows = rows.filter(verdict=show)
    kind = file_kinds()[brought.kind]
    words = request.GET.get("q", "").strip()
    shown = Paginator(rows_with(words, rows) if words else rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "brought": brought,
        "label": kind.label,
        "pages": pages,
        "tally": tally_of(brought),
        "show": show,
        "words": words,
        "page": shown,
        "rows": shown_rows(shown, kind.columns),
        "key": new_key(),
        "seen": check_of(brought),
        **more,
    }
    return render(request, pages.one_template, context, status=status)
