"""Pages about what mentors are qualified for: entering one, ending one, and all that run out."""

import uuid
from datetime import date, timedelta
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.models import Qualification, Sponsor, User
from accounts.pages import page, visible_or_404
from accounts.qualification_querysets import QualificationQuerySet
from accounts.signing_views import get_sponsor
from accounts.viewer import Viewer
from acts.acting import KeyReused
from apprenticeship.mentor_views import ON_A_PAGE, csv_file
from apprenticeship.mentoring_forms import EndForm, day_field
from apprenticeship.mentors_shown import assigned_by, get_mentor
from apprenticeship.qualifying import (
    LONGEST_CERTIFICATE,
    LONGEST_NAME,
    QualificationEnded,
    QualificationInvalid,
    add_qualification,
    end_qualification,
    tracks_of,
)
from apprenticeship.views import forms_methods

SHOWS = (
    ("over", gettext_lazy("Run out"), None),
    ("30", gettext_lazy("Within 30 days"), 30),
    ("60", gettext_lazy("Within 60 days"), 60),
    ("90", gettext_lazy("Within 90 days"), 90),
    ("all", gettext_lazy("All that count"), None),
)
"""The filters of the list: code, words, and within how many days something runs out."""


class QualificationForm(KeyForm):
    """What stands beside the signature, since when and until when, and for which role tracks."""

    name = forms.CharField(
        label=gettext_lazy("Qualification, as printed beside the signature"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("For example: Certified Pharmacy Technician."),
        error_messages={"required": gettext_lazy("Say what stands beside the signature.")},
    )
    certificate = forms.CharField(
        label=gettext_lazy("Number of the certificate (if there is one)"),
        max_length=LONGEST_CERTIFICATE,
        required=False,
    )
    since = day_field(gettext_lazy("From"))
    valid_until = day_field(
        gettext_lazy("Valid until (if it runs out)"),
        required=False,
        help_text=gettext_lazy("The last day, as the certificate prints it."),
    )
    role_tracks = forms.MultipleChoiceField(
        label=gettext_lazy("For which roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick none if it reaches all of them."),
    )

    def __init__(self, data: QueryDict | None = None, *, tracks: list[str], today: date) -> None:
        super().__init__(data, initial={"since": today})
        self.fields["role_tracks"].choices = [(track, track) for track in tracks]  # type: ignore[attr-defined]  # the field's own class

    @property
    def ticks(self) -> list[str]:
        return self.data.getlist("role_tracks") if isinstance(self.data, QueryDict) else []


def get_qualification(viewer: Viewer, pk: uuid.UUID) -> Qualification:
    """One qualification, with its sponsor and its person."""
    rows = Qualification.objects.visible_to(viewer).select_related("sponsor", "person")
    return visible_or_404(rows, pk)


@page(Permission.ASSIGN, on=get_sponsor)
@forms_methods
def qualify(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Enter what a mentor is qualified for."""
    person = get_mentor(viewer_of(request), sponsor, person_pk)
    tracks, today = tracks_of(sponsor), viewer_of(request).today(sponsor)
    form = QualificationForm(request.POST if request.method == "POST" else None, tracks=tracks, today=today)
    if request.method == "POST" and form.is_valid() and _added(request, sponsor, person, form):
        return redirect("mentor", sponsor.pk, person.pk)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    context = {"sponsor": sponsor, "person": person, "form": form, "tracks": tracks}
    return render(request, "apprenticeship/qualify.html", context, status=status)


def _added(request: HttpRequest, sponsor: Sponsor, person: User, form: QualificationForm) -> bool:
    """Whether it is entered; what is refused stands in the form."""
    said = dict(form.cleaned_data)
    key = str(said.pop("key"))
    try:
        made = add_qualification(viewer=viewer_of(request), key=key, sponsor=sponsor, person=person, **said)
    except QualificationInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See on the mentor's page how it stands now."))
        return False
    messages.success(request, _("Entered: %(qualification)s.") % {"qualification": made.name})
    return True


@page(Permission.ASSIGN, on=get_qualification)
@forms_methods
def end_one(request: HttpRequest, row: Qualification) -> HttpResponse:
    """From when a qualification carries no signature any more."""
    form = EndForm(request.POST if request.method == "POST" else None, today=viewer_of(request).today(row.sponsor))
    if request.method == "POST" and form.is_valid() and _ended(request, form, row):
        return redirect("mentor", row.sponsor_id, row.person_id)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/end_qualification.html", {"row": row, "form": form}, status=status)


def _ended(request: HttpRequest, form: EndForm, row: Qualification) -> bool:
    """Whether it is done; what is refused stands in the form."""
    key, on = str(form.cleaned_data["key"]), form.cleaned_data["on"]
    try:
        end_qualification(viewer=viewer_of(request), key=key, qualification=row, on=on)
    except QualificationInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    except (QualificationEnded, KeyReused):
        form.add_error(None, _("It was ended before. See on the mentor's page how it stands now."))
        return False
    messages.success(request, _("Ended: %(qualification)s.") % {"qualification": row.name})
    return True


@page(Permission.ASSIGN)
@require_safe
def qualifications(request: HttpRequest) -> HttpResponse:
    """The qualifications of all mentors: what has run out, and what does in 30, 60 and 90 days."""
    viewer, chosen = viewer_of(request), _chosen(request)
    shown = Paginator(listed_qualifications(viewer, chosen), ON_A_PAGE).get_page(request.GET.get("page"))
    filters = [(code, words, listed_qualifications(viewer, code).count()) for code, words, _days in SHOWS]
    context = {"page": shown, "filters": filters, "chosen": chosen}
    return render(request, "apprenticeship/qualifications.html", context)


@page(Permission.ASSIGN)
@require_safe
def qualifications_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, all of it."""
    table = [[_("Mentor"), _("Qualification"), _("Certificate"), _("Roles"), _("From"), _("Valid until")]]
    table += [
        [
            row.person.name,
            row.name,
            row.certificate,
            "; ".join(row.role_tracks),
            row.since.isoformat(),
            row.valid_until.isoformat() if row.valid_until else "",
        ]
        for row in listed_qualifications(viewer_of(request), _chosen(request))
    ]
    return csv_file(table, "qualifications")


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get("show", "90")
    return asked if asked in [code for code, _words, _days in SHOWS] else "90"


def listed_qualifications(viewer: Viewer, chosen: str) -> QualificationQuerySet:
    """Those that `viewer` looks after under one filter of SHOWS, what runs out first on top."""
    days = next(days for code, _words, days in SHOWS if code == chosen)
    condition = Q(pk__in=[])
    for sponsor in assigned_by(viewer):
        today = viewer.today(sponsor)
        mine = Q(sponsor=sponsor) & (Q(ended_on=None) | Q(ended_on__gt=today))
        if chosen == "over":
            mine &= Q(valid_until__lt=today)
        elif days is not None:
            mine &= Q(valid_until__gte=today, valid_until__lte=today + timedelta(days=days))
        else:
            mine &= Q(valid_until=None) | Q(valid_until__gte=today)
        condition |= mine
    rows = Qualification.objects.visible_to(viewer).filter(condition).select_related("person", "sponsor")
    if chosen != "all":
        rows = rows.not_renewed()
    return rows.order_by("valid_until", "person__name", "pk")
