"""The completion of one record: every requirement with what is missing, and the next act towards it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.completing import FROM, has_another, preparation_of
from apprenticeship.completion import requirements_of
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, Status


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_completion(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Every requirement of one record; who may prepare or sign the completion finds the act here."""
    context = _told(viewer_of(request), apprenticeship)
    return render(request, "reports/record_completion.html", context)


def _told(viewer: Viewer, book: Apprenticeship) -> dict[str, object]:
    """What the page says of one book, and what `viewer` may do there."""
    asked, prepared = requirements_of(book, at=viewer.at), preparation_of(book)
    return {
        "book": book,
        "asked": asked,
        "met": sum(requirement.met for requirement in asked),
        "prepared": prepared,
        "is_completed": book.status == Status.COMPLETED,
        "is_possible": book.status in FROM,
        "may_prepare": permits(viewer, Permission.CHANGE_STATUS, on=book),
        "may_sign": permits(viewer, Permission.COMPLETE, on=book),
        "prepared_oneself": prepared is not None and prepared.by_id == viewer.user_id and has_another(viewer, book),
        "key": new_key(),
    }
