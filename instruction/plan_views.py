"""The acts on the timetable: planning, changing, copying and cancelling classes, and taking attendance."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_cohort
from apprenticeship.models import Cohort
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, TooManyEntries
from instruction.form_files import FormFiles
from instruction.getters import class_to_copy, get_planned
from instruction.models import ClassFile, PlannedClass
from instruction.plan_forms import CancelForm, PlanForm
from instruction.planning import PlanConflict, PlanInvalid, cancel_class, edit_class, plan_classes
from instruction.roll_checks import RollConflict, RollInvalid
from instruction.roll_forms import RollForm
from instruction.rollcall import Recorded, record_roll
from instruction.taught_forms import KeyedForm
from instruction.views import used_before


@page(Permission.PLAN_CLASSES, on=get_cohort)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Plan a class for a cohort, or several weeks of it; `?copy=` begins with one that is there."""
    viewer = viewer_of(request)
    model = class_to_copy(viewer, cohort, request.GET.get("copy", ""))
    files = _files(request, cohort.sponsor, model)
    form = PlanForm(request.POST or None, cohort=cohort, viewer=viewer, files=files, planned=model)
    status = _sent(form, lambda: _plan(request, cohort, form)) if request.method == "POST" else HTTPStatus.OK
    if status == HTTPStatus.CREATED:
        return redirect("timetable")
    return render(request, "instruction/plan_class.html", {"cohort": cohort, "form": form}, status=status)


@page(Permission.PLAN_CLASSES, on=get_planned)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, planned: PlannedClass) -> HttpResponse:
    """Change one planned class."""
    viewer = viewer_of(request)
    cohort, files = planned.cohort, _files(request, planned.sponsor, planned)
    form = PlanForm(request.POST or None, cohort=cohort, viewer=viewer, files=files, planned=planned, new=False)
    status = _sent(form, lambda: _edit(request, planned, form)) if request.method == "POST" else HTTPStatus.OK
    if status == HTTPStatus.CREATED:
        return redirect("planned_class", pk=planned.pk)
    context = {"cohort": cohort, "form": form, "planned": planned}
    return render(request, "instruction/plan_class.html", context, status=status)


@page(Permission.PLAN_CLASSES, on=get_planned)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, planned: PlannedClass) -> HttpResponse:
    """Call a class off, with a reason."""
    form = CancelForm(request.POST or None, initial={"seen": planned.version})
    status = _sent(form, lambda: _cancel(request, planned, form)) if request.method == "POST" else HTTPStatus.OK
    if status == HTTPStatus.CREATED:
        return redirect("planned_class", pk=planned.pk)
    return render(request, "instruction/cancel_class.html", {"planned": planned, "form": form}, status=status)


@page(Permission.TAKE_ATTENDANCE, on=get_planned)
@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, planned: PlannedClass) -> HttpResponse:
    """Take the attendance of a class on one screen, and correct it there."""
    proving, viewer = Proving(request, [planned.sponsor]), viewer_of(request)
    if request.method != "POST":
        proving.require_readiness()
        form = RollForm(planned=planned, viewer=viewer, all_present="all" in request.GET)
        return _roll_page(request, planned, form)
    form = RollForm(request.POST, planned=planned, viewer=viewer)
    is_proved = proving.succeeds()
    status = _sent(form, lambda: _record_roll(request, planned, form), go_on=is_proved)
    if status == HTTPStatus.CREATED:
        return redirect("planned_class", pk=planned.pk)
    return _roll_page(request, planned, form, status)


def _roll_page(request: HttpRequest, planned: PlannedClass, form: RollForm, status: int = 200) -> HttpResponse:
    is_over = viewer_of(request).at >= planned.ends_at and planned.cancelled_at is None
    context = {"planned": planned, "form": form, "is_over": is_over, "zone": planned.sponsor.time_zone}
    return render(request, "instruction/attendance.html", context, status=status)


def _files(request: HttpRequest, sponsor: Sponsor, planned: PlannedClass | None) -> FormFiles:
    """The files of the form, which begins with those of a class that is there."""
    return FormFiles(request, sponsor, ClassFile, there=list(planned.files.in_order()) if planned else [])


def _plan(request: HttpRequest, cohort: Cohort, form: PlanForm) -> None:
    key = str(form.cleaned_data["key"])
    made = plan_classes(viewer=viewer_of(request), key=key, cohort=cohort, plan=form.plan(), weeks=form.how_often)
    words = ngettext("%(count)s class is on the timetable.", "%(count)s classes are on the timetable.", len(made))
    messages.success(request, words % {"count": len(made)})


def _edit(request: HttpRequest, planned: PlannedClass, form: PlanForm) -> None:
    key, seen = str(form.cleaned_data["key"]), form.cleaned_data["seen"] or 0
    edit_class(viewer=viewer_of(request), key=key, planned=planned, plan=form.plan(), seen=seen)
    messages.success(request, _("The class was changed."))


def _cancel(request: HttpRequest, planned: PlannedClass, form: CancelForm) -> None:
    said = form.cleaned_data
    viewer, key = viewer_of(request), str(said["key"])
    cancel_class(viewer=viewer, key=key, planned=planned, reason=said["reason"], seen=said["seen"])
    messages.success(request, _("The class is cancelled. It stays on the timetable, marked."))


def _record_roll(request: HttpRequest, planned: PlannedClass, form: RollForm) -> None:
    recorded = record_roll(
        viewer=viewer_of(request),
        key=str(form.cleaned_data["key"]),
        planned=planned,
        lines=form.lines(),
        seen=form.seen_standing(),
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, roll_words(recorded))


def roll_words(recorded: Recorded) -> str:
    """What recording a roll did, in numbers."""
    people = len({row.apprenticeship_id for row in recorded.made})
    words = ngettext("Recorded for %(count)s person.", "Recorded for %(count)s people.", people) % {"count": people}
    if recorded.voided:
        taken = {void.attendance.apprenticeship_id for void in recorded.voided}
        words += " " + _("What stood before for %(count)s stays in the record, marked, and counts no more.") % {
            "count": len(taken)
        }
    return words


def _sent(form: KeyedForm, act: Callable[[], None], *, go_on: bool = True) -> HTTPStatus:
    """Do what a valid form says; what is refused is shown in the form, with the status that says it."""
    if not form.is_valid() or not go_on:
        return HTTPStatus.BAD_REQUEST
    try:
        act()
    except (PlanInvalid, RollInvalid) as refused:
        form.refuse(refused.problems)  # type: ignore[attr-defined]  # each form knows the problems of its act
    except PlanConflict as refused:
        form.add_error(None, str(refused))
        return HTTPStatus.CONFLICT
    except RollConflict as refused:
        form.refuse(refused.problems)  # type: ignore[attr-defined]  # only the roll's form meets it
        return HTTPStatus.CONFLICT
    except TooManyEntries:
        said = _("One act writes at most %(most)s entries. Untick some topics above and record topic by topic.")
        form.add_error(None, said % {"most": MOST_ENTRIES_IN_ONE_ACT})
    except KeyReused:
        return used_before(form)
    else:
        return HTTPStatus.CREATED
    return HTTPStatus.BAD_REQUEST
