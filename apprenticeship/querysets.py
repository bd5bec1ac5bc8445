"""Reading programs, apprenticeships, mentorships and books: scope is written here once."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import Role
from accounts.viewer import Viewer
from apprenticeship.statuses import RUNNING

if TYPE_CHECKING:
    from apprenticeship.models import (  # noqa: F401  # names of the generic parameters
        AgencyNotice,
        AgreementRegistration,
        Apprenticeship,
        Assignment,
        CohortMove,
        CompletionPreparation,
        CounterSignature,
        DisagreementAnswer,
        Headcount,
        Mentorship,
        PracticeNote,
        RecordEntry,
        RecordHead,
        RequestedSkill,
        RequestEvent,
        RequirementDecision,
        Revocation,
        SignOff,
        SignOffRequest,
        SkillStanding,
        Station,
        StatusChange,
        TakeBackRequest,
        Terms,
        TestResult,
        TestUse,
        TestVoid,
        Verification,
        VerificationVoid,
        VerifiedSignOff,
        Worksite,
    )

M = TypeVar("M", bound=models.Model)

WAITS_FOR_OK = Q(sign_off__needs_counter_signature=True) & ~Q(
    counter_signature__isnull=False, counter_signature__agrees=True
)
"""Of a SkillStanding: what stands demands the apprentice's OK and lacks it."""


class SponsorOwnedQuerySet(models.QuerySet[M]):
    """Rows that carry `sponsor` and are read by those who oversee that sponsor."""

    def visible_to(self, viewer: Viewer) -> "SponsorOwnedQuerySet[M]":
        """The rows of sponsors that `viewer` administers, coordinates or audits."""
        return self.filter(sponsor__in=viewer.overseen_sponsor_ids)


class WorksiteQuerySet(models.QuerySet["Worksite"]):
    def visible_to(self, viewer: Viewer) -> "WorksiteQuerySet":
        """Those of sponsors one oversees, and those of the employers of books that one may read."""
        return self.filter(
            Q(employer__sponsor__in=viewer.overseen_sponsor_ids)
            | Q(employer__in=_visible_apprenticeships(viewer).values("employer"))
        )

    def offered(self, *, besides: "Collection[uuid.UUID | None]" = ()) -> "WorksiteQuerySet":
        """Those that are not archived, nor their employer; and those whose ids are in `besides`."""
        named = [pk for pk in besides if pk]
        return self.filter(Q(archived_at=None, employer__archived_at=None) | Q(pk__in=named))


class TermsQuerySet(models.QuerySet["Terms"]):
    def visible_to(self, viewer: Viewer) -> "TermsQuerySet":
        """Those of sponsors one oversees, and those that books which one may read are held to."""
        return self.filter(
            Q(program__sponsor__in=viewer.overseen_sponsor_ids)
            | Q(pk__in=_visible_apprenticeships(viewer).values("terms"))
        )

    def in_force(self) -> "TermsQuerySet":
        """Those under which apprentices can be registered: no draft."""
        return self.filter(is_draft=False)


class ApprenticeshipQuerySet(models.QuerySet["Apprenticeship"]):
    def visible_to(self, viewer: Viewer) -> "ApprenticeshipQuerySet":
        """One's own, those of sponsors one oversees, and those one mentors today.

        A token sees those of its own sponsor only, one's own book included; a shared device those of its worksite.
        """
        if viewer.is_anonymous:
            return self.none()
        own = Q(apprentice=viewer.user_id)
        if viewer.invited_by:
            own &= ~Q(sponsor__in=viewer.invited_by)
        rows = self.filter(
            own | Q(sponsor__in=viewer.overseen_sponsor_ids) | Q(pk__in=mentored_by(viewer).values("apprenticeship"))
        )
        if viewer.station:
            rows = rows.filter(worksite=viewer.station.worksite_id)
        return rows.filter(sponsor=viewer.bound_to) if viewer.bound_to else rows

    def with_context(self) -> "ApprenticeshipQuerySet":
        """With everything that pages and signing ask of one row: people, terms, standard, mentors."""
        return self.select_related(
            "sponsor",
            "apprentice",
            "employer",
            "worksite",
            "cohort",
            "terms__program",
            "terms__standard_version__standard",
        ).prefetch_related("mentorships__mentor")

    def mentored_by(self, viewer: Viewer) -> "ApprenticeshipQuerySet":
        """Those whose mentor, primary or deputy, `viewer` is today."""
        return self.filter(pk__in=mentored_by(viewer).that_sign().values("apprenticeship"))

    def without_mentor(self, day: date, *, without: Iterable[uuid.UUID] = ()) -> "ApprenticeshipQuerySet":
        """Those that are running and in which nobody may sign on the local date `day`, whatever is asked for.

        `without` names mentorships that are thought away.
        """
        from apprenticeship.models import Mentorship  # the models import their querysets

        until_then = Q(mentor__memberships__until=None) | Q(mentor__memberships__until__gt=day)
        signing = (
            Mentorship.objects.that_sign()
            .in_force(day)
            .filter(
                until_then,
                apprenticeship=OuterRef("pk"),
                mentor__is_active=True,
                mentor__memberships__role=Role.MENTOR,
                mentor__memberships__pending=False,
                mentor__memberships__sponsor=OuterRef("sponsor"),
                mentor__memberships__since__lte=day,
            )
        )
        others = signing.exclude(mentor=OuterRef("apprentice")).exclude(pk__in=list(without))
        return self.filter(~Exists(others), status__in=RUNNING)

    def only_viewed_by(self, viewer: Viewer) -> "ApprenticeshipQuerySet":
        """Those that `viewer` reads today by a mentorship that signs nothing."""
        return self.filter(pk__in=mentored_by(viewer).values("apprenticeship")).exclude(
            pk__in=mentored_by(viewer).that_sign().values("apprenticeship")
        )


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def that_sign(self) -> "MentorshipQuerySet":
        """Those of primary and deputy mentors; who is a viewer only reads."""
        return self.exclude(role="viewer")

    def in_force(self, today: date) -> "MentorshipQuerySet":
        """Those that hold on the local date `today`."""
        return self.filter(Q(until=None) | Q(until__gt=today), since__lte=today)

    def visible_to(self, viewer: Viewer) -> "MentorshipQuerySet":
        """Those of visible apprenticeships."""
        return self.filter(apprenticeship__in=_visible_apprenticeships(viewer))


class _OfABookQuerySet(models.QuerySet[M]):
    """Rows that carry `apprenticeship`: who may read the book may read them."""

    def visible_to(self, viewer: Viewer) -> "_OfABookQuerySet[M]":
        return self.filter(apprenticeship__in=_visible_apprenticeships(viewer))


class HeadcountQuerySet(models.QuerySet["Headcount"]):
    def visible_to(self, viewer: Viewer) -> "HeadcountQuerySet":
        """Those of worksites of sponsors that one oversees."""
        return self.filter(worksite__employer__sponsor__in=viewer.overseen_sponsor_ids)


class AssignmentQuerySet(_OfABookQuerySet["Assignment"]):
    def in_order(self) -> "AssignmentQuerySet":
        """As they stand in the book."""
        return self.order_by("entry__sequence")


class CohortMoveQuerySet(_OfABookQuerySet["CohortMove"]):
    def newest_first(self) -> "CohortMoveQuerySet":
        return self.order_by("-at", "-pk")


class RecordEntryQuerySet(_OfABookQuerySet["RecordEntry"]):
    def in_order(self) -> models.QuerySet["RecordEntry"]:
        """As they were written: 1, 2, 3 …"""
        return self.order_by("sequence")


class SignOffQuerySet(_OfABookQuerySet["SignOff"]):
    def newest_first(self) -> models.QuerySet["SignOff"]:
        """By their place in the book, the last one first."""
        return self.order_by("-entry__sequence")


class SkillStandingQuerySet(_OfABookQuerySet["SkillStanding"]):
    def waiting_for_ok(self) -> "SkillStandingQuerySet":
        """Those that are signed and lack nothing but the apprentice's OK."""
        return self.filter(WAITS_FOR_OK)


class RecordHeadQuerySet(_OfABookQuerySet["RecordHead"]):
    pass


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def visible_to(self, viewer: Viewer) -> "RevocationQuerySet":
        """Those in books that one may read."""
        return self.filter(entry__apprenticeship__in=_visible_apprenticeships(viewer))


class TestResultQuerySet(models.QuerySet["TestResult"]):
    def visible_to(self, viewer: Viewer) -> "TestResultQuerySet":
        """Those in books that one may read."""
        return self.filter(apprenticeship__in=_visible_apprenticeships(viewer))

    def standing(self) -> "TestResultQuerySet":
        """Those that were not taken back."""
        return self.filter(void=None)


class TestVoidQuerySet(models.QuerySet["TestVoid"]):
    def visible_to(self, viewer: Viewer) -> "TestVoidQuerySet":
        """Those in books that one may read."""
        return self.filter(test_result__apprenticeship__in=_visible_apprenticeships(viewer))


class TestUseQuerySet(models.QuerySet["TestUse"]):
    def visible_to(self, viewer: Viewer) -> "TestUseQuerySet":
        """Those in books that one may read."""
        return self.filter(test_result__apprenticeship__in=_visible_apprenticeships(viewer))


class CounterSignatureQuerySet(models.QuerySet["CounterSignature"]):
    def visible_to(self, viewer: Viewer) -> "CounterSignatureQuerySet":
        """Those in books that one may read."""
        return self.filter(sign_off__apprenticeship__in=_visible_apprenticeships(viewer))

    def open(self) -> "CounterSignatureQuerySet":
        """Disagreements that wait for an answer: the last word about a sign-off that still stands.

        What was taken back or signed over is disagreed with no longer, and needs no answer.
        """
        return self.filter(agrees=False, standings__isnull=False, answer=None)


class DisagreementAnswerQuerySet(models.QuerySet["DisagreementAnswer"]):
    def visible_to(self, viewer: Viewer) -> "DisagreementAnswerQuerySet":
        """Those in books that one may read."""
        return self.filter(entry__apprenticeship__in=_visible_apprenticeships(viewer))


class VerificationQuerySet(_OfABookQuerySet["Verification"]):
    def standing(self) -> "VerificationQuerySet":
        """Those that were not taken back."""
        return self.filter(void__isnull=True)


class VerifiedSignOffQuerySet(models.QuerySet["VerifiedSignOff"]):
    def visible_to(self, viewer: Viewer) -> "VerifiedSignOffQuerySet":
        """Those in books that one may read."""
        return self.filter(verification__apprenticeship__in=_visible_apprenticeships(viewer))

    def standing(self) -> "VerifiedSignOffQuerySet":
        """Those of verifications that were not taken back."""
        return self.filter(verification__void__isnull=True)


class VerificationVoidQuerySet(models.QuerySet["VerificationVoid"]):
    def visible_to(self, viewer: Viewer) -> "VerificationVoidQuerySet":
        """Those in books that one may read."""
        return self.filter(entry__apprenticeship__in=_visible_apprenticeships(viewer))


class StatusChangeQuerySet(_OfABookQuerySet["StatusChange"]):
    def in_order(self) -> "StatusChangeQuerySet":
        """As they stand in the book."""
        return self.order_by("entry__sequence")

    def for_agency(self, *, told: bool | None = None) -> "StatusChangeQuerySet":
        """Those of which the registration agency is told, each with the day on which it was: `told_on`, or None.

        With `told` only those of which it was told, or was not yet.
        """
        notices = apps.get_model("apprenticeship", "AgencyNotice").objects.filter(change=OuterRef("pk"))
        newest = notices.order_by("-at", "-pk").values("told_on")[:1]
        rows = self.exclude(agency_due=None).annotate(told_on=Subquery(newest))
        return rows if told is None else rows.filter(told_on__isnull=not told)


class CompletionPreparationQuerySet(_OfABookQuerySet["CompletionPreparation"]):
    pass


class RequirementDecisionQuerySet(_OfABookQuerySet["RequirementDecision"]):
    pass


class AgreementRegistrationQuerySet(_OfABookQuerySet["AgreementRegistration"]):
    pass


class AgencyNoticeQuerySet(models.QuerySet["AgencyNotice"]):
    def visible_to(self, viewer: Viewer) -> "AgencyNoticeQuerySet":
        """Those about changes in visible books."""
        return self.filter(change__apprenticeship__in=_visible_apprenticeships(viewer))


class TakeBackRequestQuerySet(_OfABookQuerySet["TakeBackRequest"]):
    def waiting(self) -> "TakeBackRequestQuerySet":
        """Those that wait for an answer about a signature that stands, the oldest first."""
        return self.filter(state="open", sign_off__standing__isnull=False).order_by("asked_at", "pk")


class SignOffRequestQuerySet(_OfABookQuerySet["SignOffRequest"]):
    pass


class RequestedSkillQuerySet(_OfABookQuerySet["RequestedSkill"]):
    def waiting(self) -> "RequestedSkillQuerySet":
        """Those that wait for an answer, the oldest first."""
        return self.filter(state="open").order_by("asked_at", "skill__skill_set__order", "skill__order", "pk")

    def under_way(self) -> "RequestedSkillQuerySet":
        """Those that wait, and those that were sent back and not yet asked again."""
        return self.filter(state__in=["open", "sent_back"])


class PracticeNoteQuerySet(models.QuerySet["PracticeNote"]):
    def visible_to(self, viewer: Viewer) -> "PracticeNoteQuerySet":
        """One's own and nobody else's, whatever roles are held; none to an access token."""
        if viewer.is_anonymous or viewer.allowed is not None:
            return self.none()
        return self.filter(apprenticeship__apprentice=viewer.user_id)


class RequestEventQuerySet(models.QuerySet["RequestEvent"]):
    def visible_to(self, viewer: Viewer) -> "RequestEventQuerySet":
        """Those of visible apprenticeships."""
        return self.filter(requested_skill__apprenticeship__in=_visible_apprenticeships(viewer))

    def in_order(self) -> "RequestEventQuerySet":
        """As they happened."""
        return self.order_by("at", "id")


class StationQuerySet(models.QuerySet["Station"]):
    def visible_to(self, viewer: Viewer) -> "StationQuerySet":
        """Those of sponsors one oversees, revoked ones included."""
        return self.filter(sponsor__in=viewer.overseen_sponsor_ids)

    def live_first(self) -> "StationQuerySet":
        """Those in use before the revoked ones, each by worksite and name."""
        return self.order_by(F("revoked_at").desc(nulls_first=True), "worksite__name", "name", "pk")

    def used(self, station: "Station", *, at: datetime) -> None:
        """Note that the device was used at `at`; at most once a minute, so that reading writes little."""
        if station.last_seen_at is None or at - station.last_seen_at >= timedelta(minutes=1):
            self.filter(pk=station.pk).update(last_seen_at=at)


def mentored_by(viewer: Viewer) -> MentorshipQuerySet:
    """The mentorships in force of `viewer`, those that only read included, where they hold the mentor's role now.

    "Now" is each sponsor's own calendar date, so the condition is written per sponsor.
    """
    from apprenticeship.models import Mentorship  # the models import their querysets

    condition = Q(pk__in=[])
    for sponsor in viewer.sponsors:
        if Role.MENTOR in viewer.roles_with(sponsor.pk):
            today = viewer.today(sponsor)
            condition |= Q(apprenticeship__sponsor=sponsor, since__lte=today) & (Q(until=None) | Q(until__gt=today))
    return Mentorship.objects.filter(condition, mentor=viewer.user_id)


def _visible_apprenticeships(viewer: Viewer) -> ApprenticeshipQuerySet:
    from apprenticeship.models import Apprenticeship  # the models import their querysets

    return Apprenticeship.objects.visible_to(viewer)
