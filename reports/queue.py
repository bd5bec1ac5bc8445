"""What waits for an answer, across all apprentices: the mentor's queue, and the coordinator's overview."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.urls import reverse

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.answering import signers_of
from apprenticeship.models import Apprenticeship, RequestedSkill, SignOffRequest
from apprenticeship.reminding import has_waited
from apprenticeship.signoff import may_sign


@dataclass(frozen=True)
class Waiting:
    """What waits of one request, as far as one viewer has to do with it; `asked_at` is its oldest.

    `handed_on` says that it waits so long that the coordinator has it too.
    """

    request: SignOffRequest
    skills: tuple[RequestedSkill, ...]
    signers: tuple[str, ...]
    handed_on: bool

    @property
    def apprenticeship(self) -> Apprenticeship:
        return self.skills[0].apprenticeship

    @property
    def sign_address(self) -> str:
        """The sheet on which all of it is signed: at once, or the one skill it is about."""
        if len(self.skills) > 1:
            return reverse("sign_request", args=[self.request.pk])
        only = self.skills[0]
        return f"{reverse('sign_off', args=[only.apprenticeship_id, only.skill_id])}?from=request"

    @property
    def asked_at(self) -> datetime:
        return min(asked.asked_at for asked in self.skills)

    @property
    def words(self) -> str:
        """What a search looks through."""
        asked = (f"{a.skill.code} {a.skill.text} {a.skill.skill_set.title}" for a in self.skills)
        return " ".join([self.apprenticeship.apprentice.name, *self.signers, *asked])

    @property
    def is_for_credit(self) -> bool:
        return all(asked.is_for_credit for asked in self.skills)

    @property
    def sets(self) -> str:
        """The titles of the skill sets, each once."""
        return " · ".join(dict.fromkeys(asked.skill.skill_set.title for asked in self.skills))


def queue_of(viewer: Viewer) -> tuple[Waiting, ...]:
    """What waits of all apprentices for a signature that `viewer` may give, the oldest first.

    Primary and deputy mentors alike, within their role tracks. The number of queries is the same at
    any size.
    """
    return _waiting(
        viewer,
        lambda asked: (
            not asked.is_for_credit and may_sign(viewer, asked.apprenticeship, asked.skill.skill_set.role_track)
        ),
    )


def mentioning(waiting: Iterable[Waiting], query: str) -> tuple[Waiting, ...]:
    """Those in which every word of `query` occurs: a name, or the code, words or set of a skill."""
    words = query.casefold().split()
    return tuple(one for one in waiting if all(word in one.words.casefold() for word in words))


def waiting_in(viewer: Viewer) -> tuple[Waiting, ...]:
    """Everything that waits with the sponsors whose apprentices `viewer` oversees, the oldest first."""
    overseen = viewer.overseen_sponsor_ids
    return _waiting(
        viewer,
        lambda asked: (
            asked.sponsor_id in overseen
            and permits(viewer, Permission.READ_REQUESTS, on=asked.apprenticeship)
            and asked.apprenticeship.apprentice_id != viewer.user_id
        ),
    )


def _waiting(viewer: Viewer, concerns: Callable[[RequestedSkill], bool]) -> tuple[Waiting, ...]:
    rows = (
        RequestedSkill.objects.waiting()
        .visible_to(viewer)
        .select_related(
            "request",
            "skill__skill_set",
            "apprenticeship__sponsor",
            "apprenticeship__apprentice",
            "apprenticeship__terms",
            "done_with",
        )
        .prefetch_related("apprenticeship__mentorships__mentor")
    )
    mine = [asked for asked in rows if concerns(asked)]
    named = signers_of(((a.apprenticeship, a.skill.skill_set.role_track) for a in mine), viewer=viewer)
    made = (
        Waiting(
            group[0].request,
            tuple(group),
            _names(group, named),
            handed_on=any(has_waited(asked, at=viewer.at) for asked in group),
        )
        for group in _by_request(mine)
    )
    return tuple(sorted(made, key=lambda waiting: (waiting.asked_at, str(waiting.request.pk))))


def _by_request(asked: Iterable[RequestedSkill]) -> list[list[RequestedSkill]]:
    """Together what was asked at once, each group in the order of the standard."""
    ordered = sorted(asked, key=lambda a: (str(a.request_id), a.skill.skill_set.order, a.skill.order))
    return [list(group) for _request, group in groupby(ordered, key=lambda a: a.request_id)]


def _names(group: list[RequestedSkill], named: Mapping[tuple[uuid.UUID, str], tuple[str, ...]]) -> tuple[str, ...]:
    """Who may sign any of the group; empty where nobody may sign one of them, so that it stands out."""
    each = [named[asked.apprenticeship_id, asked.skill.skill_set.role_track] for asked in group]
    return tuple(dict.fromkeys(name for names in each for name in names)) if all(each) else ()
