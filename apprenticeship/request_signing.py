"""Signing what was asked for: all that waits of one request on one sheet, with the days the apprentice named."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page
from accounts.viewer import Viewer
from apprenticeship.bulk_sheet import ManySheet, SheetLine, standing_of
from apprenticeship.bulk_views import ManySigning
from apprenticeship.getters import get_request
from apprenticeship.models import AskKind, RequestedSkill, SignOffRequest
from apprenticeship.signoff import may_sign
from apprenticeship.views import forms_methods


def sheet_of_request(viewer: Viewer, asking: SignOffRequest, *, sent: bool = False) -> ManySheet:
    """What waits of this request and `viewer` may sign, in the order of the standard; all of it ticked.

    A sheet that was `sent` may lead to what was answered since: the same press sent twice is told the same.
    """
    book = asking.apprenticeship
    asked = RequestedSkill.objects.filter(request=asking, kind=AskKind.SIGN_OFF)
    rows = (
        (asked if sent else asked.waiting())
        .select_related("skill__skill_set", "skill__parent", "skill__scale", "done_with", "level")
        .order_by("skill__skill_set__order", "skill__order")
    )
    mine = [row for row in rows if may_sign(viewer, book, row.skill.skill_set.role_track)]
    live = {row.skill_id: row.sign_off for row in standing_of([book], [row.skill for row in mine])}
    lines = (
        SheetLine(row.skill.pk, book, row.skill, live.get(row.skill_id), ticked=True, may_sign=True, asked=row)
        for row in mine
    )
    return ManySheet(viewer, (book,), tuple(lines))


@page(Permission.SIGN_OFF, on=get_request)
@at_station(Reach.TURN)
@forms_methods
def sign_request(request: HttpRequest, asking: SignOffRequest) -> HttpResponse:
    """The sheet of one request; POST signs what is ticked. Of what nothing waits, the request says how it stands."""
    viewer = viewer_of(request)
    back = reverse("sign_off_request", args=[asking.pk])
    sent = request.method == "POST"
    if not sent and not sheet_of_request(viewer, asking).lines:
        return redirect(back)
    context = {"book": asking.apprenticeship, "back": back, "asking": asking}
    return ManySigning(request, lambda: sheet_of_request(viewer, asking, sent=sent), context).answer()
