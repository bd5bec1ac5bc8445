"""The acts of this layer: recording class hours and taking them back.

What is refused comes back as the same page with what was typed; what is done leads to a page that
shows it.
"""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_cohort
from apprenticeship.models import Cohort
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, TooManyEntries
from instruction.forms import ClassHoursForm, VoidForm
from instruction.getters import get_class
from instruction.hours import ClassHoursConflict, ClassHoursInvalid, record_class_hours
from instruction.models import Attendance, ClassSession
from instruction.rolls import roll_of
from instruction.sums import plain_hours
from instruction.taught_forms import KeyedForm
from instruction.voiding import AlreadyVoided, VoidInvalid, void_class_hours

MOST_NAMES_IN_A_MESSAGE = 8


@page(Permission.RECORD_HOURS, on=get_cohort)
@require_POST
def record(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Record one class for the ticked apprentices of a cohort."""
    proving = Proving(request, [cohort.sponsor])
    form = ClassHoursForm(request.POST, cohort=cohort, viewer=viewer_of(request))
    status = _record(request, form) if proving.succeeds() & form.is_valid() else HTTPStatus.BAD_REQUEST
    if status == HTTPStatus.CREATED:
        return redirect("class_hours", pk=cohort.pk)
    return render(request, "instruction/class_hours.html", {"cohort": cohort, "form": form}, status=status)


@page(Permission.RECORD_HOURS, on=get_class)
@require_POST
def void(request: HttpRequest, session: ClassSession) -> HttpResponse:
    """Take the ticked hours of one class back."""
    proving = Proving(request, [session.sponsor])
    roll = roll_of(session, viewer=viewer_of(request))
    form = VoidForm(request.POST, choices=[attendee.attendance_id for attendee in roll.attendees])
    status = _void(request, form) if proving.succeeds() & form.is_valid() else HTTPStatus.BAD_REQUEST
    if status == HTTPStatus.CREATED:
        return redirect("class_session", pk=session.pk)
    return render(request, "instruction/class_session.html", {"roll": roll, "form": form}, status=status)


def _record(request: HttpRequest, form: ClassHoursForm) -> HTTPStatus:
    """Record what a valid form says; what is refused is shown in the form."""
    try:
        made = record_class_hours(
            viewer=viewer_of(request),
            key=str(form.cleaned_data["key"]),
            apprenticeships=form.cleaned_data["apprenticeships"],
            held=form.held(),
        )
    except (ClassHoursInvalid, ClassHoursConflict, TooManyEntries, KeyReused) as refused:
        return _hours_refused(form, refused)
    messages.success(request, recorded_words(made))
    return HTTPStatus.CREATED


def _hours_refused(form: ClassHoursForm, refused: Exception) -> HTTPStatus:
    """Show in the form why nothing was recorded; the status that says it."""
    match refused:
        case ClassHoursInvalid() | ClassHoursConflict():
            form.refuse(refused.problems)
        case TooManyEntries():
            form.add_error("apprenticeships", _("Tick at most %(most)s at once.") % {"most": MOST_ENTRIES_IN_ONE_ACT})
        case _:
            return used_before(form)
    return HTTPStatus.CONFLICT if isinstance(refused, ClassHoursConflict) else HTTPStatus.BAD_REQUEST


def _void(request: HttpRequest, form: VoidForm) -> HTTPStatus:
    """Take back what a valid form says; what is refused is shown in the form."""
    viewer, key, reason = viewer_of(request), str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    chosen = Attendance.objects.visible_to(viewer).filter(pk__in=form.cleaned_data["attendances"])
    try:
        void_class_hours(viewer=viewer, key=key, attendances=list(chosen.for_voiding().order_by("pk")), reason=reason)
    except (VoidInvalid, AlreadyVoided, KeyReused) as refused:
        return _void_refused(form, refused)
    messages.success(request, _("Taken back. The hours stay in the record, marked, and count no more."))
    return HTTPStatus.CREATED


def _void_refused(form: VoidForm, refused: Exception) -> HTTPStatus:
    """Show in the form why nothing was taken back; the status that says it."""
    match refused:
        case VoidInvalid():
            form.add_error(refused.field, refused.message)
            return HTTPStatus.BAD_REQUEST
        case AlreadyVoided():
            form.add_error("attendances", already_voided_words(refused))
            return HTTPStatus.CONFLICT
        case _:
            return used_before(form)


def used_before(form: KeyedForm) -> HTTPStatus:
    """The page was sent before with other content, for example after going back in the browser."""
    form.with_new_key()
    form.add_error(
        None,
        _(
            "This page was sent before with other content, and that was recorded. "
            "What you typed now is kept below. If it shall be recorded as well, send it again."
        ),
    )
    return HTTPStatus.UNPROCESSABLE_ENTITY


def recorded_words(made: list[Attendance]) -> SafeString:
    """What was recorded for whom, with the way to the class, where it can be taken back."""
    held = made[0].class_topic
    names = [attendance.apprenticeship.apprentice.name for attendance in made]
    shown, more = names[:MOST_NAMES_IN_A_MESSAGE], len(names) - MOST_NAMES_IN_A_MESSAGE
    if more > 0:
        shown.append(ngettext("%(count)s other", "%(count)s others", more) % {"count": more})
    words = _("Recorded %(hours)s h of “%(topic)s” on %(day)s for %(names)s.") % {
        "hours": plain_hours(made[0].hours),
        "topic": held.topic.title,
        "day": date_format(held.session.held_on),
        "names": ", ".join(shown),
    }
    return format_html(
        '{} <a href="{}">{}</a>', words, reverse("class_session", args=[held.session_id]), _("See it or take it back")
    )


def already_voided_words(refused: AlreadyVoided) -> str:
    """Whose hours were taken back before, and by whom."""
    return " ".join(
        _("The hours of %(name)s were taken back before, by %(who)s.")
        % {"name": void.attendance.apprenticeship.apprentice.name, "who": void.by.name}
        for void in refused.voids
    )
