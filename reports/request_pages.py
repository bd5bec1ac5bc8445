"""The page of one request: its skills, what was said about each, and the way to answer."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.notices import Told, told_about
from accounts.pages import Reach, at_station, page
from accounts.states import State
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.answering import may_answer, signers_of
from apprenticeship.evidence_shown import ShownFile, files_ever_beside
from apprenticeship.getters import get_request
from apprenticeship.models import AskState, RequestedSkill, RequestEvent, RequestEventKind, SignOffRequest
from apprenticeship.nudging import nudge_times
from apprenticeship.reminding import has_waited
from apprenticeship.signoff import may_sign
from reports.progress import attained_by
from reports.queue import Waiting, queue_of
from reports.records import just_signed

TOLD_OF_IT = ("asked", "credit_asked", "nobody_may_answer", "nudged", "escalated")
"""The kinds of notices by which people get to know of a request."""


@dataclass(frozen=True)
class AskedRow:
    """One skill of the request: how it stands, who may sign it, what was said, and what the viewer may do."""

    asked: RequestedSkill
    signers: tuple[str, ...]
    may_sign: bool
    may_answer: bool
    may_withdraw: bool
    key: str
    files: tuple[ShownFile, ...] = ()

    @property
    def waits(self) -> bool:
        return self.asked.state == AskState.OPEN

    @property
    def shape(self) -> State | None:
        """The shape of an answer; None where the conversation ended, or goes on, without one."""
        if made := self.asked.sign_off:
            return attained_by(made.method) if made.level.attained else State.IN_TRAINING
        return State.WAITING if self.waits else None

    @property
    def turns(self) -> list[RequestEvent]:
        """What was said after the first asking, whose words stand above all skills."""
        events = sorted(self.asked.events.all(), key=lambda event: event.pk)
        return [event for event in events if event.kind != RequestEventKind.ASKED]


@dataclass(frozen=True)
class RequestPage:
    """One request as one viewer sees it."""

    viewer: Viewer
    asking: SignOffRequest

    @property
    def is_own(self) -> bool:
        return self.viewer.user_id == self.asking.apprenticeship.apprentice_id

    @cached_property
    def rows(self) -> list[AskedRow]:
        """In the order of the standard; five queries, and one more where a file was removed."""
        book, viewer = self.asking.apprenticeship, self.viewer
        asked = list(
            self.asking.skills.select_related("skill__skill_set", "level", "done_with", "sign_off__level")
            .prefetch_related("events__by")
            .order_by("skill__skill_set__order", "skill__order")
        )
        for row in asked:
            row.apprenticeship = book  # loaded once, with its mentors
        signers = signers_of(((book, row.skill.skill_set.role_track) for row in asked), viewer=viewer)
        files = files_ever_beside([row.pk for row in asked], book=book, viewer=viewer)
        may_change = permits(viewer, Permission.ASK, on=book) and viewer.station is None
        return [
            AskedRow(
                asked=row,
                signers=signers[book.pk, row.skill.skill_set.role_track],
                may_sign=not row.is_for_credit and may_sign(viewer, book, row.skill.skill_set.role_track),
                may_answer=may_answer(viewer, row),
                may_withdraw=may_change and row.is_under_way,
                key=new_key(),
                files=tuple(files.get(row.pk, ())),
            )
            for row in asked
        ]

    @cached_property
    def told(self) -> list[Told]:
        """Who was told of it and when, the first first; one query."""
        return told_about(self.asking.pk, TOLD_OF_IT)

    @property
    def handed_on(self) -> bool:
        """Whether something of it waits so long that the coordinator has it too."""
        return any(row.waits and has_waited(row.asked, at=self.viewer.at) for row in self.rows)

    @property
    def waited_days(self) -> int:
        """For how many whole days the longest of what waits has waited."""
        return max((self.viewer.at - row.asked.asked_at).days for row in self.rows if row.waits)

    @cached_property
    def nudge_from(self) -> datetime | None:
        """From when its apprentice may remind those who have it; one query.

        None for others, on a shared device, and when nothing waits.
        """
        waiting = [row.asked for row in self.rows if row.waits]
        if not self.is_own or not waiting or self.viewer.station:
            return None
        return min(nudge_times(waiting, terms=self.asking.apprenticeship.terms).values())

    @property
    def may_nudge(self) -> bool:
        return self.nudge_from is not None and self.nudge_from <= self.viewer.at

    @cached_property
    def nudge_key(self) -> str:
        return new_key()

    @property
    def waiting(self) -> int:
        """How many of its skills still wait."""
        return sum(row.waits for row in self.rows)

    @property
    def to_sign(self) -> int:
        """How many of them the viewer may sign."""
        return sum(row.waits and row.may_sign for row in self.rows)

    @property
    def may_grant(self) -> bool:
        """Whether credit that was asked for here waits for the viewer."""
        return any(row.waits and row.asked.is_for_credit and row.may_answer for row in self.rows)

    @property
    def is_for_credit(self) -> bool:
        return any(row.asked.is_for_credit for row in self.rows)

    @property
    def may_send_back(self) -> bool:
        return any(row.waits and row.may_answer for row in self.rows)

    @cached_property
    def next(self) -> Waiting | None:
        """What waits longest among the other requests, once nothing here is left for the viewer to sign."""
        if self.to_sign:
            return None
        return next((waiting for waiting in queue_of(self.viewer) if waiting.request.pk != self.asking.pk), None)


@page(Permission.READ_REQUESTS, on=get_request)
@at_station(Reach.TURN)
@require_safe
def sign_off_request(request: HttpRequest, asking: SignOffRequest) -> HttpResponse:
    """One request; after a signature it says what was signed and what is next."""
    context = {
        "page": RequestPage(viewer_of(request), asking),
        "book": asking.apprenticeship,
        "may_purge": permits(viewer_of(request), Permission.PURGE, on=asking),
        "signed": just_signed(request, asking.apprenticeship),
    }
    return render(request, "reports/request.html", context)
