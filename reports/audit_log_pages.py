"""The audit log of a sponsor, for its administrators and auditors: as a page, and as a file."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.sheet_files import as_csv
from reports.audit_log import Asked, events, lines
from reports.audit_words import GROUPS

ON_A_PAGE = 50
MOST_IN_A_FILE = 20_000
"""Rows of one file; who needs more takes shorter spans of days."""

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogForm(forms.Form):
    """What to look for."""

    q = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=120, strip=True)
    group = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *((code, title) for code, (title, _words) in GROUPS.items())],
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DAY)

    @property
    def asked(self) -> Asked:
        """What was asked for; a field that cannot be read asks for nothing, and says so."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        words = tuple((said.get("q") or "").split())
        return Asked(said.get("group") or "", words, said.get("since"), said.get("until"))


@page(Permission.READ_AUDIT_LOG, on=get_sponsor)
@require_safe
def audit_log(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """What was done lately with people, settings and classes, and who signed in."""
    viewer, form = viewer_of(request), LogForm(request.GET)
    shown = Paginator(events(sponsor, form.asked, viewer=viewer), ON_A_PAGE).get_page(request.GET.get("page"))
    told = lines(list(shown.object_list), sponsor, viewer=viewer)
    context = {"sponsor": sponsor, "form": form, "page": shown, "lines": told}
    return render(request, "reports/audit_log.html", context)


@page(Permission.READ_AUDIT_LOG, on=get_sponsor)
@require_safe
def audit_log_csv(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The same as a file."""
    viewer = viewer_of(request)
    rows = list(events(sponsor, LogForm(request.GET).asked, viewer=viewer)[:MOST_IN_A_FILE])
    heading = [_("When"), _("Who"), _("What"), _("About")]
    zone = sponsor.zone
    told = [
        [line.at.astimezone(zone).isoformat(timespec="seconds"), line.who, line.what, line.about]
        for line in lines(rows, sponsor, viewer=viewer)
    ]
    response = HttpResponse(as_csv([heading, *told]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response
