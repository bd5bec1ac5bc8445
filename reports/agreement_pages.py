"""The page of what apprentices disagree with, for those who answer it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from reports.agreements import cases_of


@page(Permission.ANSWER_DISAGREEMENT)
@require_safe
def disagreements(request: HttpRequest) -> HttpResponse:
    """Every disagreement that waits for an answer, the one due first on top."""
    return render(request, "reports/disagreements.html", {"cases": cases_of(viewer_of(request))})
