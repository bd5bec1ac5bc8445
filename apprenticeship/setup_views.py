"""The page from which a sponsor is set up: one line a setting, with what holds now."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.navigation import sponsor_at_hand
from accounts.pages import page
from accounts.viewer import Viewer
from apprenticeship.models import Employer, Program, Station, Worksite
from apprenticeship.plain_hours import plain_hours


@dataclass(frozen=True)
class Line:
    """One setting: where it is kept, what it is, and what holds now."""

    address: str
    title: str
    now: str


@page(Permission.MANAGE_PROGRAMS)
@require_safe
def sponsor_setup(request: HttpRequest) -> HttpResponse:
    """What is set up for the sponsor one works for, group by group; only what one may open."""
    viewer = viewer_of(request)
    sponsor = sponsor_at_hand(viewer, request.session, Permission.MANAGE_PROGRAMS)
    groups = [
        (_("The sponsor"), _about_sponsor(viewer, sponsor)),
        (_("Programs and places"), _about_programs(sponsor)),
        (_("Where work and classes happen"), _about_work(viewer, sponsor)),
        (_("Yours"), _about_oneself()),
    ]
    context = {"sponsor": sponsor, "groups": [(title, lines) for title, lines in groups if lines]}
    return render(request, "apprenticeship/sponsor_setup.html", context)


def _about_sponsor(viewer: Viewer, sponsor: Sponsor) -> list[Line]:
    lines = []
    if permits(viewer, Permission.MANAGE_SPONSOR, on=sponsor):
        lines.append(Line(reverse("sponsor_profile", args=[sponsor.pk]), _("Sponsor profile"), sponsor.time_zone))
        shown = _("Shown on pages and papers") if sponsor.logo_id else _("None yet")
        lines.append(Line(reverse("change_logo", args=[sponsor.pk]), _("Logo"), shown))
    lines.append(
        Line(
            reverse("signing_policy", args=[sponsor.pk]),
            _("What signing asks for"),
            str(sponsor.get_signing_policy_display()),
        )
    )
    if permits(viewer, Permission.MANAGE_PEOPLE, on=sponsor):
        lines.append(Line(reverse("people"), _("People"), _("Invitations, roles and accounts")))
    if permits(viewer, Permission.READ_AUDIT_LOG, on=sponsor):
        lines.append(
            Line(reverse("audit_log", args=[sponsor.pk]), _("Audit log"), _("Who did what, and who signed in"))
        )
    if permits(viewer, Permission.CONFIRM_IDENTITY, on=sponsor):
        who = _("Whose account is whose, confirmed by whom")
        lines.append(Line(reverse("identities", args=[sponsor.pk]), _("Who people are"), who))
    return lines


def _about_programs(sponsor: Sponsor) -> list[Line]:
    employers = Employer.objects.filter(sponsor=sponsor, archived_at=None).count()
    worksites = Worksite.objects.offered().filter(employer__sponsor=sponsor).count()
    where = ngettext("%(number)s employer", "%(number)s employers", employers) % {"number": employers}
    sites = ngettext("%(number)s worksite", "%(number)s worksites", worksites) % {"number": worksites}
    programs = Program.objects.filter(sponsor=sponsor).count()
    registered = ngettext("%(number)s program", "%(number)s programs", programs) % {"number": programs}
    return [
        Line(reverse("programs", args=[sponsor.pk]), _("Programs and their Terms"), registered),
        Line(reverse("employers", args=[sponsor.pk]), _("Employers and worksites"), f"{where}, {sites}"),
        Line(reverse("standard_list"), _("Standards"), _("What can be adopted")),
    ]


def _about_work(viewer: Viewer, sponsor: Sponsor) -> list[Line]:
    lines = []
    if permits(viewer, Permission.MANAGE_STATIONS, on=sponsor):
        number = Station.objects.filter(sponsor=sponsor, revoked_at=None).count()
        shared = ngettext("%(number)s shared device", "%(number)s shared devices", number) % {"number": number}
        lines.append(Line(reverse("stations"), _("Stations"), shared))
    if permits(viewer, Permission.SET_DAILY_CAP, on=sponsor):
        hours = sponsor.most_work_hours_a_day
        most = _("No limit but the day") if hours is None else _("At most %(hours)s h") % {"hours": plain_hours(hours)}
        lines.append(Line(reverse("daily_cap", args=[sponsor.pk]), _("Hours on the job in a day"), most))
    if permits(viewer, Permission.SET_PHOTOGRAPHS, on=sponsor):
        lines.append(Line(reverse("photographs"), _("Photographs"), _("By program and worksite")))
    if permits(viewer, Permission.CONFIRM_CERTIFICATE, on=sponsor):
        lines.append(Line(reverse("certificate_kinds"), _("Kinds of certificates"), _("What people choose from")))
    return lines


def _about_oneself() -> list[Line]:
    return [Line(reverse("tokens"), _("Access tokens"), _("For programs that read for you"))]
