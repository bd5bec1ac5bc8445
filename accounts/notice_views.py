"""The pages of one's own notices: the list, and which mail one wants."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import NoticeChoicesForm
from accounts.middleware import viewer_of
from accounts.models import Notice
from accounts.navigation import current_membership
from accounts.notices import choose, kind_of, mark_read, ways_of
from accounts.pages import signed_in, visible_or_404

ON_A_PAGE = 30


@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What one was told, the newest first; what is not read stands out."""
    rows = Notice.objects.visible_to(viewer_of(request)).newest_first().select_related("sponsor")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(notice, kind_of(notice.kind)) for notice in page]
    lines = [(n, kind.title(n.data), kind.detail(n.data), kind.shape, kind.over) for n, kind in shown]
    return render(request, "accounts/notices.html", {"lines": lines, "page": page})


@signed_in
@require_POST
def open_notice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that it was read and lead to what it is about."""
    viewer = viewer_of(request)
    notice = visible_or_404(Notice.objects.visible_to(viewer), pk)
    mark_read(viewer, [notice.pk])
    return redirect(kind_of(notice.kind).address(notice))


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that everything was read."""
    mark_read(viewer_of(request))
    return redirect("notices")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which mail one wants: at once, once a day, or never; POST keeps it."""
    viewer = viewer_of(request)
    current = current_membership(viewer, request.session)
    now = ways_of([viewer.person.pk], sponsor=current.sponsor if current else None)[viewer.person.pk]
    form = NoticeChoicesForm(request.POST or None, initial=dict(now))
    if request.method == "POST" and form.is_valid():
        choose(viewer, form.ways())
        messages.success(request, _("Kept. Mail comes to you as you chose."))
        return redirect("notice_choices")
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "accounts/notice_choices.html", {"form": form}, status=status)
