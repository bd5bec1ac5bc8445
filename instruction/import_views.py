"""Bringing hours in from a file: choosing it, looking at what each row will do, and recording all of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission
from accounts.import_pages import Pages, bring_in, one_file, template_of
from accounts.import_shown import tally_of
from accounts.models import FileImport
from accounts.pages import page
from instruction.getters import get_hours_import
from instruction.hours import meaning_of_class_hours
from instruction.import_kinds import ATTENDANCE, HOURS_KINDS, TIMESHEET

CHOOSE = {ATTENDANCE.code: "bring_in_attendance", TIMESHEET.code: "bring_in_timesheets"}


@page(Permission.BRING_IN_HOURS)
@require_http_methods(["GET", "POST"])
def bring_in_attendance(request: HttpRequest) -> HttpResponse:
    """Bring in the attendance of planned classes: by a coordinator, or by an instructor of their own."""
    return bring_in(request, ATTENDANCE, _pages(ATTENDANCE.code))


@page(Permission.BRING_IN_TIMESHEETS)
@require_http_methods(["GET", "POST"])
def bring_in_timesheets(request: HttpRequest) -> HttpResponse:
    """Bring in timesheets of hours on the job."""
    return bring_in(request, TIMESHEET, _pages(TIMESHEET.code))


@page(Permission.BRING_IN_HOURS)
@require_safe
def import_template(_request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """An empty file with the headings, to be filled in."""
    if kind not in HOURS_KINDS:
        raise Http404
    return template_of(HOURS_KINDS[kind], ending)


@page(Permission.BRING_IN_HOURS, on=get_hours_import)
@never_cache
@require_http_methods(["GET", "POST"])
def hours_import(request: HttpRequest, brought: FileImport) -> HttpResponse:
    """What each row of a file will do, or did; POST records all of them as one act."""
    is_attendance = brought.kind == ATTENDANCE.code
    meaning = meaning_of_class_hours() if is_attendance else ""
    more = {"is_attendance": is_attendance, "meaning": meaning}
    return one_file(request, brought, _pages(brought.kind), recorded=_recorded, more=more)


def _pages(code: str) -> Pages:
    return Pages(
        choose=CHOOSE[code],
        choose_template="instruction/bring_in.html",
        template="import_template",
        one="hours_import",
        one_template="instruction/hours_import.html",
    )


def _recorded(brought: FileImport) -> str:
    new = tally_of(brought).new
    if brought.kind == ATTENDANCE.code:
        return ngettext("%(count)s row is recorded.", "%(count)s rows are recorded.", new) % {"count": new}
    said = ngettext(
        "%(count)s row is logged. It waits for a mentor to approve it.",
        "%(count)s rows are logged. They wait for a mentor to approve them.",
        new,
    )
    return said % {"count": new}
