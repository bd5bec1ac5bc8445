"""Pages about classes: those one taught or oversees, one class with its names, the form for a new one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from apprenticeship.getters import get_apprenticeship, get_cohort
from apprenticeship.models import Apprenticeship, Cohort
from instruction.earned_shown import earned_otherwise
from instruction.forms import ClassHoursForm, VoidForm
from instruction.getters import get_class
from instruction.models import ClassSession
from instruction.rolls import attended_by, roll_of, rolls_of
from instruction.sums import hours_of
from instruction.timetables import shown_many, timetable_of, without_attendance
from instruction.years import program_hours

CLASSES_ON_A_PAGE = 25
MOST_AHEAD = 5
"""How many classes without attendance, and how many upcoming ones, stand above the recorded ones."""


@page(Permission.READ_CLASSES)
@require_safe
def instructor_home(request: HttpRequest) -> HttpResponse:
    """The classes one taught, with the names in them; for those who oversee a sponsor, all of its classes."""
    viewer = viewer_of(request)
    sessions = ClassSession.objects.visible_to(viewer).select_related("sponsor").newest_first()
    shown = Paginator(sessions, CLASSES_ON_A_PAGE).get_page(request.GET.get("page"))
    open_ones = without_attendance(viewer).with_topics()[:MOST_AHEAD]
    ahead = timetable_of(viewer, show="upcoming", mine=False).with_topics()[:MOST_AHEAD]
    context = {
        "page": shown,
        "rolls": rolls_of(shown, viewer=viewer),
        "all": bool(viewer.overseen_sponsor_ids),
        "planned": shown_many([*open_ones, *ahead], viewer=viewer),
    }
    return render(request, "instruction/classes.html", context)


@page(Permission.READ_CLASSES, on=get_class)
@require_safe
def class_session(request: HttpRequest, session: ClassSession) -> HttpResponse:
    """One class: its facts, who attended, and what was taken back."""
    Proving(request, [session.sponsor])
    roll = roll_of(session, viewer=viewer_of(request))
    return render(request, "instruction/class_session.html", {"roll": roll, "form": VoidForm()})


@page(Permission.RECORD_HOURS, on=get_cohort)
@require_safe
def class_hours(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The form that records one class for apprentices of a cohort."""
    Proving(request, [cohort.sponsor]).require_readiness()
    form = ClassHoursForm(cohort=cohort, viewer=viewer_of(request))
    return render(request, "instruction/class_hours.html", {"cohort": cohort, "form": form})


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_hours(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The class hours of one record: each topic against its number, and every class behind the sums."""
    context = {
        "apprenticeship": apprenticeship,
        "courses": hours_of(apprenticeship),
        "program": program_hours(apprenticeship, today=viewer_of(request).today(apprenticeship.sponsor)),
        "otherwise": earned_otherwise(apprenticeship, viewer=viewer_of(request)),
        "may_record": permits(viewer_of(request), Permission.RECORD_HOURS, on=apprenticeship),
        "attended": attended_by(apprenticeship, viewer=viewer_of(request)),
        "zone": apprenticeship.sponsor.time_zone,
    }
    return render(request, "instruction/record_hours.html", context)
