"""The pages across many apprentices: all cohorts, one cohort's grid, and that grid as a file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.acceptance import unconfirmed
from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.navigation import current_membership
from accounts.pages import page
from accounts.states import State
from accounts.viewer import Viewer
from apprenticeship.getters import get_cohort
from apprenticeship.mentors_shown import assigned_by
from apprenticeship.models import Apprenticeship, Cohort
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.ratio import ratios
from reports.agreements import cases_of
from reports.cohorts import CohortGrid, GridPanel, GridRow, Order, cohort_cards, cohort_grid
from reports.desk import registers_with, ways_of
from reports.greeting import greeting
from reports.needs_you import needs_of
from reports.overview import ApprenticeLine, apprentice_lines, named_like
from reports.queue import waiting_in
from reports.spreadsheets import grid_as_csv

PEOPLE_ON_A_PAGE = 50
MOST_STALLED_NAMED = 5
MOST_WAITING_NAMED = 5
LEGEND = (
    State.SIGNED_OFF,
    State.CREDIT,
    State.TRANSCRIBED,
    State.IN_TRAINING,
    State.NOT_STARTED,
    State.WAITING,
    State.DUE_AGAIN,
    State.NO_LONGER_STANDS,
)


@page(Permission.READ_COHORT)
@require_safe
def coordinator_home(request: HttpRequest) -> HttpResponse:
    """Every cohort at a glance, and first of all what waits and who is stuck."""
    viewer = viewer_of(request)
    cohorts = [cohort for cohort in _cohorts(viewer) if cohort.archived_at is None]
    cards = cohort_cards(cohorts, _overseen(viewer), at=viewer.at)
    quiet = sorted((line for card in cards for line in card.lines if line.stalled), key=lambda line: -line.quiet_days)
    member = current_membership(viewer, request.session)
    context = {
        "greeting": greeting(viewer, member.sponsor) if member else "",
        "cards": cards,
        "registers_with": registers_with(viewer, member.sponsor if member else None),
        **_needs_somebody(viewer),
        "stalled": quiet[:MOST_STALLED_NAMED],
        "more_stalled": len(quiet[MOST_STALLED_NAMED:]),
        "ways": ways_of(viewer),
    }
    return render(request, "reports/coordinator_home.html", context)


def _needs_somebody(viewer: Viewer) -> dict[str, Any]:
    """What an answer is waited for: disagreements of apprentices, and what they ask for."""
    waiting = waiting_in(viewer)
    return {
        "needs": needs_of(viewer),
        "cases": cases_of(viewer),
        "unconfirmed": unconfirmed(viewer),
        "waiting": waiting[:MOST_WAITING_NAMED],
        "waiting_skills": sum(len(asked.skills) for asked in waiting),
        "more_waiting": len(waiting[MOST_WAITING_NAMED:]),
        "may_answer": any(permits(viewer, Permission.SEND_BACK, on=sponsor) for sponsor in viewer.sponsors),
        "may_assign": bool(assigned_by(viewer)),
    }


@page(Permission.READ_COHORT)
@require_safe
def auditor_home(request: HttpRequest) -> HttpResponse:
    """Every record that one may read, to be found by name; nothing to press that changes anything."""
    viewer = viewer_of(request)
    query = request.GET.get("q", "").strip()
    found = named_like(_overseen(viewer), query).order_by("apprentice__name", "pk")
    shown = Paginator(found, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "cohorts": _cohorts(viewer),
        "query": query,
        "page": shown,
        "lines": _lines(shown, viewer),
        "found": shown.paginator.count,
        "logs_of": [sponsor for sponsor in viewer.sponsors if permits(viewer, Permission.READ_AUDIT_LOG, on=sponsor)],
    }
    return render(request, "reports/auditor_home.html", context)


@page(Permission.READ_COHORT, on=get_cohort)
@require_safe
def cohort(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """One cohort as a grid: people as rows, skill sets as columns, the hours beside them."""
    viewer = viewer_of(request)
    context = {
        "cohort": cohort,
        "legend": LEGEND,
        "may_record_hours": permits(viewer, Permission.RECORD_HOURS, on=cohort),
        "breaches": [one for one in ratios(_of_cohort(cohort, viewer)) if one.is_breach],
        **_grid_shown(request, _of_cohort(cohort, viewer), viewer),
    }
    return render(request, "reports/cohort.html", context)


@page(Permission.READ_COHORT, on=get_cohort)
@require_safe
def cohort_csv(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The cohort's grid as a CSV file, everybody in it."""
    viewer = viewer_of(request)
    grid = cohort_grid(_of_cohort(cohort, viewer), at=viewer.at, order=_order(request))
    response = HttpResponse("\ufeff" + grid_as_csv(grid), content_type="text/csv; charset=utf-8")
    name = slugify(cohort.name) or "cohort"
    response["Content-Disposition"] = f'attachment; filename="{name}-{viewer.today(cohort.sponsor)}.csv"'
    return response


def _cohorts(viewer: Viewer) -> Sequence[Cohort]:
    """The newest first."""
    return list(Cohort.objects.visible_to(viewer).select_related("sponsor").order_by("-starts_on", "name"))


def _overseen(viewer: Viewer) -> ApprenticeshipQuerySet:
    """Everybody of the sponsors that one oversees; mentees elsewhere are on the mentor's page."""
    visible = Apprenticeship.objects.visible_to(viewer)
    return visible.filter(sponsor__in=viewer.overseen_sponsor_ids).order_by("apprentice__name", "pk")


def _of_cohort(cohort: Cohort, viewer: Viewer) -> ApprenticeshipQuerySet:
    return Apprenticeship.objects.visible_to(viewer).filter(cohort=cohort)


def _order(request: HttpRequest) -> Order:
    asked = request.GET.get("order", "")
    return Order(asked) if asked in list(Order) else Order.NAME


def _lines(shown: "Page[Apprenticeship]", viewer: Viewer) -> tuple[ApprenticeLine, ...]:
    """The lines of the rows on this page, in its order."""
    ids = [row.pk for row in shown.object_list]
    by_id = {
        line.apprenticeship.pk: line
        for line in apprentice_lines(Apprenticeship.objects.visible_to(viewer).filter(pk__in=ids), at=viewer.at)
    }
    return tuple(by_id[pk] for pk in ids)


def _grid_shown(request: HttpRequest, everybody: ApprenticeshipQuerySet, viewer: Viewer) -> dict[str, Any]:
    """What of the grid `?q=`, `?order=` and `?page=` ask for, and of how many people it is."""
    query, order = request.GET.get("q", "").strip(), _order(request)
    grid = cohort_grid(named_like(everybody, query), at=viewer.at, order=order)
    shown, panels = _one_page(grid, request.GET.get("page"))
    whole = everybody.count() if query else shown.paginator.count
    return {"query": query, "order": order, "page": shown, "panels": panels, "whole": whole}


def _one_page(grid: CohortGrid, number: str | None) -> "tuple[Page[tuple[int, GridRow]], list[GridPanel]]":
    """The page `number` of all people, and the panels with only those rows of it."""
    rows = [(place, row) for place, panel in enumerate(grid.panels) for row in panel.rows]
    shown = Paginator(rows, PEOPLE_ON_A_PAGE).get_page(number)
    on_page = [
        replace(panel, rows=tuple(row for at, row in shown.object_list if at == place))
        for place, panel in enumerate(grid.panels)
    ]
    return shown, [panel for panel in on_page if panel.rows]
