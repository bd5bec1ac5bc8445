"""Who is looking or acting, and when: built once per request, task or command.

A Viewer carries the time, so that no domain code has a clock of its own.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from accounts.access import AT_STATION, OVERSIGHT_ROLES, Permission
from accounts.models import Membership, Role, Sponsor, User
from accounts.proofs import Proof, authentication_by
from accounts.qualification_models import Qualified, qualified_by
from acts.acting import AtStation
from acts.models import Authentication


@dataclass(frozen=True)
class Viewer:
    """A person at one instant, with the roles they hold then.

    `allowed` narrows what may be done (an access token's scopes), `bound_to` with which sponsor: rows
    of others stay hidden even if they are one's own. None means no narrowing. `station` is the shared
    device at which they stand: only the books of its worksite are visible there. `proof` is how they last
    proved who they are; `accepted_with` and `identified_by` are the sponsors with whom their electronic
    signature may stand (see `accounts/proofs.py`). `invited_by` are those whose invitation they have not
    accepted: of what these prepared for them nothing shows.
    """

    user: User | None
    at: datetime
    memberships: tuple[Membership, ...] = ()
    authentication: Authentication = Authentication.SESSION
    allowed: frozenset[Permission] | None = None
    bound_to: uuid.UUID | None = None
    proof: Proof | None = None
    station: AtStation | None = None
    accepted_with: frozenset[uuid.UUID] = frozenset()
    identified_by: frozenset[uuid.UUID] = frozenset()
    invited_by: frozenset[uuid.UUID] = frozenset()

    @property
    def user_id(self) -> uuid.UUID | None:
        return self.user.pk if self.user else None

    @property
    def person(self) -> User:
        """The person who acts. Only for code behind a permission: an anonymous visitor has none."""
        if self.user is None:
            raise TypeError("An anonymous visitor cannot act.")
        return self.user

    @property
    def is_anonymous(self) -> bool:
        return self.user is None

    @cached_property
    def sponsor_ids(self) -> frozenset[uuid.UUID]:
        """The sponsors with whom any role is held now."""
        return frozenset(m.sponsor_id for m in self.memberships)

    @cached_property
    def overseen_sponsor_ids(self) -> frozenset[uuid.UUID]:
        """The sponsors all of whose apprentices this viewer may read."""
        return frozenset(m.sponsor_id for m in self.memberships if m.role in OVERSIGHT_ROLES)

    @cached_property
    def sponsors(self) -> tuple[Sponsor, ...]:
        """The sponsors with whom any role is held now, each once."""
        return tuple({m.sponsor_id: m.sponsor for m in self.memberships}.values())

    def roles_with(self, sponsor_id: uuid.UUID) -> frozenset[Role]:
        """The roles held by membership with one sponsor."""
        return self._roles.get(sponsor_id, frozenset())

    @cached_property
    def _roles(self) -> dict[uuid.UUID, frozenset[Role]]:
        """The roles held now by sponsor: asked about every row that is shown."""
        held: dict[uuid.UUID, set[Role]] = {}
        for membership in self.memberships:
            held.setdefault(membership.sponsor_id, set()).add(Role(membership.role))
        return {sponsor_id: frozenset(roles) for sponsor_id, roles in held.items()}

    def qualifications_with(self, sponsor_id: uuid.UUID) -> tuple[Qualified, ...]:
        """All that is entered of this person's qualifications with one sponsor, also what has run out; no query."""
        held = next((m for m in self.memberships if m.sponsor_id == sponsor_id), None)
        return qualified_by(getattr(held, "qualifications", None))

    def proved_by(self, proof: Proof) -> "Viewer":
        """The same viewer after they have just proved who they are; acts say so from now on."""
        authentication = authentication_by(proof, at=self.at, otherwise=self.authentication)
        return replace(self, proof=proof, authentication=authentication)

    def next_time(self) -> "Viewer":
        """The same viewer as their next request finds them: what they enter now is then no longer fresh."""
        return replace(self, proof=replace(self.proof, fresh=False)) if self.proof else self

    def today(self, sponsor: Sponsor) -> date:
        """The sponsor's local date at this viewer's instant."""
        return sponsor.local_date(self.at)


def build_viewer(
    user: User | AnonymousUser | None,
    *,
    at: datetime,
    authentication: Authentication = Authentication.SESSION,
    allowed: Iterable[Permission] | None = None,
    bound_to: uuid.UUID | None = None,
    proof: Proof | None = None,
) -> Viewer:
    """The viewer for `user` at the instant `at`: one query for the memberships in force then,
    or none where they came with the account (see `accounts/backends.py`).

    A closed account and an anonymous visitor hold no role at all; with `bound_to`, only those held
    with that sponsor count. A `proof` that still lasts at that instant is what their acts will name.
    """
    narrowed = None if allowed is None else frozenset(allowed)
    if not isinstance(user, User) or not user.is_active:
        return Viewer(user=None, at=at, authentication=authentication, allowed=narrowed)
    held = user.held if user.held is not None else tuple(_held_by(user))
    memberships = tuple(m for m in held if _in_force(m, m.sponsor.local_date(at)) and bound_to in (None, m.sponsor_id))
    viewer = Viewer(
        user=user,
        at=at,
        memberships=memberships,
        authentication=authentication,
        allowed=narrowed,
        bound_to=bound_to,
        accepted_with=frozenset(m.sponsor_id for m in memberships if getattr(m, "has_accepted", False)),
        identified_by=frozenset(m.sponsor_id for m in memberships if getattr(m, "is_identified", False)),
        invited_by=frozenset(m.sponsor_id for m in held if m.pending)
        - frozenset(m.sponsor_id for m in held if not m.pending),
    )
    return viewer.proved_by(proof) if proof else viewer


def build_viewer_at(station: AtStation, user: User | AnonymousUser | None, *, at: datetime) -> Viewer:
    """The viewer for `user` in their turn at a shared device: with what may be done there, and no more.

    The PIN that began the turn is the proof of its one act, however the session came about otherwise.
    """
    viewer = build_viewer(
        user, at=at, authentication=Authentication.PIN, allowed=AT_STATION, bound_to=station.sponsor_id
    )
    return replace(viewer, station=station)


def _held_by(user: User) -> Iterable[Membership]:
    return Membership.objects.filter(user=user).with_readiness().select_related("sponsor").order_by("since", "id")


def _in_force(membership: Membership, today: date) -> bool:
    return (
        not membership.pending and membership.since <= today and (membership.until is None or today < membership.until)
    )
