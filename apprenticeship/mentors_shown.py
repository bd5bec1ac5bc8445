"""What the pages about mentors show: all of a sponsor's, one of them, and the apprentices with and without any."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.access import Permission, permits
from accounts.models import Membership, Qualification, Role, Sponsor, User
from accounts.pages import visible_or_404
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, AskKind, AskState, Mentorship, MentorshipRole, RequestedSkill
from apprenticeship.querysets import ApprenticeshipQuerySet

SOON = 90
"""Within how many days a qualification that runs out is marked."""


@dataclass(frozen=True)
class ShownMentorship:
    """One mentorship on a page: how it stands today, and how many skills wait for an answer in its book."""

    row: Mentorship
    book: Apprenticeship
    stands: str
    waiting: int = 0

    @property
    def is_over(self) -> bool:
        return self.stands == "over"

    @property
    def was_held(self) -> bool:
        """Whether it held on any day: one that was ended on its first day never did."""
        return self.row.until != self.row.since


def assigned_by(viewer: Viewer) -> list[Sponsor]:
    """The sponsors whose apprentices `viewer` gives mentors, cohorts and places to."""
    return [sponsor for sponsor in viewer.sponsors if permits(viewer, Permission.ASSIGN, on=sponsor)]


def mentors_to_choose(viewer: Viewer, sponsors: Iterable[Sponsor]) -> "QuerySet[User]":
    """Who holds the mentor's role today with any of `sponsors`, by name."""
    condition = Q(pk__in=[])
    for sponsor in sponsors:
        today = viewer.today(sponsor)
        until_then = Q(memberships__until=None) | Q(memberships__until__gt=today)
        condition |= until_then & Q(
            memberships__sponsor=sponsor, memberships__role=Role.MENTOR, memberships__since__lte=today
        )
    return User.objects.filter(condition, is_active=True).distinct().order_by("name", "pk")


def mentors_listed(viewer: Viewer, *, query: str, by_number: bool) -> "QuerySet[Membership]":
    """The mentor's roles held today with those sponsors, each with `books` and `waiting`; one query."""
    condition = Q(pk__in=[])
    for sponsor in assigned_by(viewer):
        today = viewer.today(sponsor)
        condition |= Q(sponsor=sponsor, since__lte=today) & (Q(until=None) | Q(until__gt=today))
    rows = Membership.objects.filter(condition, role=Role.MENTOR, user__is_active=True).select_related(
        "user", "sponsor"
    )
    for word in query.split():
        rows = rows.filter(user__name__icontains=word)
    today = max((viewer.today(sponsor) for sponsor in viewer.sponsors), default=viewer.at.date())
    mine = Mentorship.objects.in_force(today).filter(
        mentor=OuterRef("user"), apprenticeship__sponsor=OuterRef("sponsor")
    )
    rows = rows.annotate(
        books=_number(mine, "apprenticeship", Count("apprenticeship", distinct=True)),
        waiting=_number(
            mine.that_sign(),
            "asked",
            Count(
                "apprenticeship__requested_skills",
                filter=Q(
                    apprenticeship__requested_skills__state=AskState.OPEN,
                    apprenticeship__requested_skills__kind=AskKind.SIGN_OFF,
                ),
                distinct=True,
            ),
        ),
    )
    return rows.order_by(*(["-books"] if by_number else []), "user__name", "pk")


def _number(rows: "QuerySet[Mentorship]", name: str, count: Count) -> Coalesce:
    """`count` over all `rows` as one number; 0 where there are none."""
    counted = rows.order_by().values("mentor").annotate(**{f"number_of_{name}": count})
    return Coalesce(Subquery(counted.values(f"number_of_{name}")[:1], output_field=IntegerField()), 0)


def get_mentor(viewer: Viewer, sponsor: Sponsor, pk: uuid.UUID) -> User:
    """Somebody who is or was a mentor with `sponsor`; for all others 404."""
    held = Q(memberships__sponsor=sponsor, memberships__role=Role.MENTOR)
    books = Apprenticeship.objects.visible_to(viewer).filter(sponsor=sponsor)
    return visible_or_404(User.objects.filter(held | Q(mentorships__apprenticeship__in=books)).distinct(), pk)


def mentorships_of(viewer: Viewer, sponsor: Sponsor, mentor: User) -> list[ShownMentorship]:
    """All mentorships of `mentor` with `sponsor`, by the apprentice's name; two queries."""
    rows = Mentorship.objects.visible_to(viewer).filter(mentor=mentor, apprenticeship__sponsor=sponsor)
    found = rows.select_related(
        "mentor", "apprenticeship__apprentice", "apprenticeship__cohort", "apprenticeship__sponsor"
    )
    return _shown(found.order_by("apprenticeship__apprentice__name", "since", "pk"), viewer.today(sponsor))


@dataclass(frozen=True)
class ShownQualification:
    """One qualification on a page, and how it stands today: "now", "soon" (within 90 days), "coming" or "over"."""

    row: Qualification
    stands: str


def qualifications_of(viewer: Viewer, sponsor: Sponsor, mentor: User) -> list[ShownQualification]:
    """All that is entered of `mentor` with `sponsor`, what counts first; one query."""
    rows = Qualification.objects.filter(person=mentor, sponsor=sponsor).order_by("since", "pk")
    today = viewer.today(sponsor)
    shown = [ShownQualification(row, _stands(row, today)) for row in rows]
    return sorted(shown, key=lambda one: one.stands == "over")


def _stands(row: Qualification, today: date) -> str:
    if not row.facts.in_force(today):
        return "coming" if row.since > today and row.facts.was_held else "over"
    soon = row.valid_until is not None and (row.valid_until - today).days <= SOON
    return "soon" if soon else "now"


def mentors_of(viewer: Viewer, book: Apprenticeship) -> list[ShownMentorship]:
    """All mentorships of one apprentice: those that hold, primary first, then the others, the newest first."""
    rows = Mentorship.objects.filter(apprenticeship=book).select_related("mentor", "apprenticeship")
    shown = _shown(rows.order_by("-since", "mentor__name", "pk"), viewer.today(book.sponsor))
    order = [role.value for role in (MentorshipRole.PRIMARY, MentorshipRole.DEPUTY, MentorshipRole.VIEWER)]
    return sorted(shown, key=lambda one: (one.is_over, not one.is_over and order.index(one.row.role)))


def _shown(rows: Iterable[Mentorship], today: date) -> list[ShownMentorship]:
    found = list(rows)
    waiting = waiting_in({row.apprenticeship_id for row in found})
    return [
        ShownMentorship(row, row.apprenticeship, stands(row, today), waiting.get(row.apprenticeship_id, 0))
        for row in found
    ]


def stands(row: Mentorship, today: date) -> str:
    """How a mentorship stands on a day: "now", "coming" or "over"."""
    if row.until is not None and row.until <= max(today, row.since):
        return "over"
    return "now" if row.in_force(today) else "coming"


def waiting_in(books: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """How many skills wait for a signature in each of these books; one query."""
    asked = RequestedSkill.objects.filter(apprenticeship__in=list(books), state=AskState.OPEN, kind=AskKind.SIGN_OFF)
    counted = asked.order_by().values("apprenticeship").annotate(number=Count("pk"))
    return dict(counted.values_list("apprenticeship", "number"))


def apprentices_to_assign(viewer: Viewer, *, alone: bool, query: str, order: str) -> ApprenticeshipQuerySet:
    """The apprentices of those sponsors, all or those who have nobody to sign for them today."""
    everybody = Apprenticeship.objects.visible_to(viewer).filter(sponsor__in=assigned_by(viewer))
    if alone:
        everybody = everybody.filter(pk__in=without_mentor(viewer).values("pk"))
    for word in query.split():
        everybody = everybody.filter(Q(apprentice__name__icontains=word) | Q(registration_number__icontains=word))
    first = {"start": ["starts_on"], "cohort": ["cohort__name"]}.get(order, [])
    ordered = everybody.order_by(*first, "apprentice__name", "pk")
    return ordered.select_related("apprentice", "cohort", "employer", "sponsor").prefetch_related("mentorships__mentor")


def without_mentor(viewer: Viewer) -> ApprenticeshipQuerySet:
    """The running apprenticeships that `viewer` gives mentors to and in which nobody may sign today."""
    rows = Apprenticeship.objects.visible_to(viewer)
    found = rows.none()
    for sponsor in assigned_by(viewer):
        found = found | rows.filter(sponsor=sponsor).without_mentor(viewer.today(sponsor))
    return found


def now_in_words(book: Apprenticeship, today: date) -> list[str]:
    """The mentors of a book today, primary first, each with their role unless it is the primary one."""
    held = sorted(
        (m for m in book.mentorships.all() if m.in_force(today)), key=lambda m: (m.role != "primary", m.mentor.name)
    )
    return [
        m.mentor.name
        if m.role == MentorshipRole.PRIMARY
        else _("%(name)s (%(role)s)") % {"name": m.mentor.name, "role": m.get_role_display()}
        for m in held
    ]
