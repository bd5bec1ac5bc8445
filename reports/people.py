"""The people of one sponsor, as it may see them: who came, who is still to come, who left. As many queries at any size.

Before somebody has accepted, only what the sponsor typed shows: their account may be one of another sponsor's.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Closure, IdentityConfirmation, Invitation, Membership, Role, Sponsor, User
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Mentorship


class PersonState(models.TextChoices):
    """How somebody stands with a sponsor."""

    ACTIVE = "active", _("Active")
    INVITED = "invited", _("Invited")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    ENDED = "ended", _("Ended")
    CLOSED = "closed", _("Closed")


SORTS = {"name": ("shown_name", "pk"), "newest": ("-first_day", "shown_name", "pk")}


@dataclass(frozen=True)
class Wanted:
    """What a list of people shows: words of a search, a role, a state, an order. Blank: everything."""

    words: tuple[str, ...] = ()
    role: str = ""
    state: str = ""
    sort: str = "name"


@dataclass(frozen=True)
class PersonLine:
    """One person in the list."""

    id: uuid.UUID
    name: str
    email: str
    sign_in_name: str
    state: PersonState
    roles: tuple[str, ...]
    since: date | None
    invited_until: datetime | None
    registration_numbers: tuple[str, ...]
    is_identified: bool


def people(sponsor: Sponsor, *, viewer: Viewer) -> "QuerySet[Any]":
    """Everybody who holds or held a role with `sponsor`, with `state`, `shown_name` and their like."""
    here = Membership.objects.visible_to(viewer).filter(sponsor=sponsor, user=OuterRef("pk"))
    today = viewer.today(sponsor)
    lasting = here.filter(Q(until=None) | Q(until__gt=today))
    made = Invitation.objects.filter(sponsor=sponsor, person=OuterRef("pk")).newest_first()
    good = made.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=viewer.at)
    closed = Closure.objects.filter(sponsor=sponsor, person=OuterRef("pk"), reopened_at=None)
    typed = {"name": Subquery(made.values("name")[:1]), "email": Subquery(made.values("email")[:1])}
    return (
        User.objects.filter(Exists(here))
        .annotate(
            has_come=Exists(here.filter(pending=False)),
            shown_name=Case(When(has_come=True, then=F("name")), default=typed["name"]),
            shown_email=Case(When(has_come=True, then=F("email")), default=typed["email"]),
            shown_username=Case(When(has_come=True, then=F("username")), default=Value("")),
            first_day=Subquery(here.order_by("since").values("since")[:1]),
            invited_until=Subquery(good.values("expires_at")[:1]),
            is_identified=Exists(IdentityConfirmation.objects.filter(sponsor=sponsor, person=OuterRef("pk"))),
        )
        .annotate(
            state=Case(
                When(Exists(closed), then=Value(PersonState.CLOSED.value)),
                When(Exists(lasting.filter(pending=False)), then=Value(PersonState.ACTIVE.value)),
                When(Q(Exists(lasting), invited_until__isnull=False), then=Value(PersonState.INVITED.value)),
                When(Exists(lasting), then=Value(PersonState.NOT_ACCEPTED.value)),
                default=Value(PersonState.ENDED.value),
                output_field=models.CharField(),
            )
        )
    )


def listed(sponsor: Sponsor, wanted: Wanted, *, viewer: Viewer) -> "QuerySet[Any]":
    """Those of `people` whom a list shows, in its order."""
    rows = found(sponsor, wanted, viewer=viewer)
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    return rows.order_by(*SORTS.get(wanted.sort, SORTS["name"]))


def found(sponsor: Sponsor, wanted: Wanted, *, viewer: Viewer) -> "QuerySet[Any]":
    """Those of `people` who answer to the words and the role, in any state."""
    rows = people(sponsor, viewer=viewer)
    for word in wanted.words:
        books = Apprenticeship.objects.filter(
            sponsor=sponsor, apprentice=OuterRef("pk"), registration_number__icontains=word
        )
        rows = rows.filter(
            Q(shown_name__icontains=word)
            | Q(shown_email__icontains=word)
            | Q(shown_username__icontains=word)
            | Exists(books)
        )
    if wanted.role:
        held = Membership.objects.filter(sponsor=sponsor, user=OuterRef("pk"), role=wanted.role)
        rows = rows.filter(Exists(held.filter(Q(until=None) | Q(until__gt=viewer.today(sponsor)))))
    return rows


def counts(sponsor: Sponsor, wanted: Wanted, *, viewer: Viewer) -> dict[str, int]:
    """How many of those found are in each state, and in all (""). One query."""
    rows = found(sponsor, wanted, viewer=viewer).values_list("state").annotate(number=Count("pk")).order_by()
    by_state = dict(rows)
    return {"": sum(by_state.values()), **{state: by_state.get(state, 0) for state in PersonState.values}}


def lines(rows: Sequence[User], sponsor: Sponsor, *, viewer: Viewer) -> list[PersonLine]:
    """Rows of `people` as a list shows them: two queries more."""
    ids = [row.pk for row in rows]
    today = viewer.today(sponsor)
    roles: dict[uuid.UUID, list[Membership]] = {}
    for one in Membership.objects.filter(sponsor=sponsor, user__in=ids).order_by("since", "pk"):
        roles.setdefault(one.user_id, []).append(one)
    numbers: dict[uuid.UUID, list[str]] = {}
    books = Apprenticeship.objects.filter(sponsor=sponsor, apprentice__in=ids).exclude(registration_number="")
    for person, number in books.order_by("starts_on").values_list("apprentice", "registration_number"):
        numbers.setdefault(person, []).append(number)
    return [_line(row, roles.get(row.pk, []), numbers.get(row.pk, []), today) for row in rows]


def _line(row: "models.Model", held: Sequence[Membership], numbers: Sequence[str], today: date) -> PersonLine:
    lasting = [one for one in held if one.until is None or one.until > today]
    told = vars(row)
    return PersonLine(
        id=row.pk,
        name=told["shown_name"] or "",
        email=told["shown_email"] or "",
        sign_in_name=told["shown_username"],
        state=PersonState(told["state"]),
        roles=tuple(dict.fromkeys(str(Role(one.role).label) for one in lasting or held)),
        since=told["first_day"],
        invited_until=told["invited_until"],
        registration_numbers=tuple(numbers),
        is_identified=told["is_identified"],
    )


# ------------------------------------------------------------------ one person


@dataclass(frozen=True)
class PersonPage:
    """One person with all that a sponsor knows of them."""

    line: PersonLine
    has_come: bool
    roles: tuple[Membership, ...]
    invitations: tuple[Invitation, ...]
    books: tuple[Apprenticeship, ...]
    mentorships: tuple[Mentorship, ...]
    confirmations: tuple[IdentityConfirmation, ...]
    closure: Closure | None

    @property
    def invitation(self) -> Invitation | None:
        """The newest."""
        return self.invitations[0] if self.invitations else None

    @property
    def waits(self) -> bool:
        """Whether a role waits for them to come."""
        return not self.closure and any(one.pending for one in self.roles)


def person_page(row: User, sponsor: Sponsor, *, viewer: Viewer) -> PersonPage:
    """The page of one row of `people`."""
    (line,) = lines([row], sponsor, viewer=viewer)
    of_them = {"sponsor": sponsor, "person": row}
    books = Apprenticeship.objects.visible_to(viewer).filter(sponsor=sponsor, apprentice=row)
    mentored = Mentorship.objects.visible_to(viewer).filter(apprenticeship__sponsor=sponsor, mentor=row)
    confirmations = IdentityConfirmation.objects.filter(**of_them).select_related("confirmed_by")
    return PersonPage(
        line=line,
        has_come=bool(vars(row)["has_come"]),
        roles=tuple(Membership.objects.filter(sponsor=sponsor, user=row).order_by("-since", "pk")),
        invitations=tuple(Invitation.objects.filter(**of_them).select_related("made_by").newest_first()),
        books=tuple(books.select_related("terms__program", "employer", "cohort").order_by("starts_on")),
        mentorships=tuple(mentored.select_related("apprenticeship__apprentice").order_by("-since", "pk")),
        confirmations=tuple(confirmations.order_by("-confirmed_at")),
        closure=Closure.objects.filter(**of_them, reopened_at=None).select_related("closed_by").first(),
    )
