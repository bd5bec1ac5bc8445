"""What every view declares: who may open it. A view without a declaration fails a system check.

A page names its permission and the getter of its row; the decorator finds the row among those
visible to the viewer (404 when it is not), asks `require` (403), and hands the row over. So no
view can forget either question.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, TypeVar, runtime_checkable

from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from accounts.access import NotPermitted, Permission, Scope, permits, require
from accounts.addresses import by_htmx as by_htmx
from accounts.addresses import is_a_page, page_before
from accounts.middleware import viewer_of
from accounts.viewer import Viewer

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
SIGNED_IN = "signed in"

M = TypeVar("M", bound=models.Model)


@runtime_checkable
class Declared(Protocol):
    """A view that says who may open it: a Permission, PUBLIC or SIGNED_IN."""

    declared: str


def public(view: View) -> View:
    """A page that everybody may open."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.declared = PUBLIC  # type: ignore[attr-defined]  # read by the system check and the matrix
    return wrapped


def login_first(request: HttpRequest) -> HttpResponse:
    """The way to the login and from there back to the page that was being looked at.

    A form's own address may know no GET, and what htmx asks for is a part of a page: both lead back to
    the page they were on. htmx follows a redirect by itself and would put the login into a row.
    """
    to_login = redirect_to_login(request.get_full_path() if is_a_page(request) else page_before(request))
    return HttpResponse(headers={"HX-Redirect": to_login.url}) if by_htmx(request) else to_login


class Reach(StrEnum):
    """When a shared device reaches a page: always, while nobody's turn is, or in somebody's turn."""

    ALWAYS = "always"
    LOCKED = "locked"
    TURN = "turn"


@dataclass(frozen=True)
class Reached:
    """In which states of a shared device a page opens there, and which page it leads to `instead` in a turn."""

    when: frozenset[Reach] = frozenset()
    instead: str = ""


def at_station(*when: Reach, instead: str = "") -> Callable[[View], View]:
    """A page that a shared device reaches. It narrows nothing and widens nothing: the view says who may open it.

    `instead` names the address to which a page out of reach leads, with the same parts.
    """

    def decorate(view: View) -> View:
        view.at_station = Reached(frozenset(when), instead)  # type: ignore[attr-defined]  # read by reach_of
        return view

    return decorate


def reach_of(view: Callable[..., Any]) -> Reached:
    """What a view says of shared devices; one that says nothing is out of their reach."""
    reached: Reached = getattr(view, "at_station", Reached())
    return reached


def signed_in(view: View) -> View:
    """A page for whoever is logged in; what it shows is their own."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if viewer_of(request).is_anonymous:
            return login_first(request)
        return view(request, *args, **kwargs)

    wrapped.declared = SIGNED_IN  # type: ignore[attr-defined]  # read by the system check and the matrix
    return wrapped


def page(permission: Permission, *, on: Callable[[Viewer, uuid.UUID], Scope] | None = None) -> Callable[[View], View]:
    """A page that needs `permission` on the row that `on` finds by the address's `pk`.

    The view is called as view(request, row, **other parts of the address). Without `on` the
    permission must be held with at least one sponsor and the view gets no row.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            viewer = viewer_of(request)
            if viewer.is_anonymous:
                return login_first(request)
            if on is None:
                if not any(permits(viewer, permission, on=sponsor) for sponsor in viewer.sponsors):
                    raise NotPermitted(permission)
                return view(request, **kwargs)
            row = on(viewer, kwargs.pop("pk"))
            require(viewer, permission, on=row)
            return view(request, row, **kwargs)

        wrapped.declared = permission  # type: ignore[attr-defined]  # read by the system check and the matrix
        return wrapped

    return decorate


def visible_or_404(rows: "models.QuerySet[M]", pk: uuid.UUID) -> M:
    """The row `pk` among visible `rows`; what is not visible answers like what does not exist."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
