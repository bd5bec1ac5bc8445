"""Everything that waits for an answer, on one page: for those who sign, and for those who run the program."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from reports.queue import mentioning, queue_of, waiting_in


@page(Permission.SEND_BACK)
@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """What one may answer oneself, then all that waits with others; narrowed by the words of `?q=`."""
    viewer, query = viewer_of(request), request.GET.get("q", "").strip()
    mine = queue_of(viewer)
    named = {waiting.request.pk for waiting in mine}
    others = tuple(waiting for waiting in waiting_in(viewer) if waiting.request.pk not in named)
    context = {
        "mine": mentioning(mine, query),
        "others": mentioning(others, query),
        "query": query,
        "any": bool(mine or others),
    }
    return render(request, "reports/waiting_list.html", context)
