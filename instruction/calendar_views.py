"""The address of one's own calendar, and the file behind it."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page, public
from accounts.viewer import build_viewer
from instruction.calendars import calendar_of, person_of, renew_address, switch_off
from instruction.models import CalendarAddress, PlannedClass

DAYS_BACK = 90
MOST_EVENTS = 1000


@never_cache
@page(Permission.READ_TIMETABLE)
@require_http_methods(["GET", "POST"])
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Make, renew or switch off the address of one's own calendar. A new one is shown this one time."""
    viewer, address = viewer_of(request), ""
    if request.method == "POST" and "off" in request.POST:
        switch_off(viewer=viewer)
    elif request.method == "POST":
        secret = renew_address(viewer=viewer)
        address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
    known = CalendarAddress.objects.visible_to(viewer).first()
    return render(request, "instruction/calendar_address.html", {"known": known, "address": address})


@public
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The classes of whoever owns the address, from three months ago on; to nobody else than who has it."""
    person = person_of(secret)
    if person is None:
        raise Http404
    now = viewer_of(request).at
    owner = build_viewer(person, at=now)
    classes = PlannedClass.objects.own(owner).filter(starts_at__gte=now - timedelta(days=DAYS_BACK))
    shown = classes.with_topics().order_by("starts_at", "pk")[:MOST_EVENTS]
    with override(person.language):
        text = calendar_of(shown, at=now, host=request.get_host())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="classes.ics"'
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
