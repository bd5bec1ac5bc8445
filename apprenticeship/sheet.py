"""What a mentor sees before signing: the skill's full words, what it demands, and what stands now."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from accounts.models import Role
from accounts.viewer import Viewer
from apprenticeship.demands import Demands, TestKind, demands_of
from apprenticeship.limits import late_after_days
from apprenticeship.meaning import meaning_of_sign_off
from apprenticeship.models import (
    METHODS_OF_MENTORS,
    Apprenticeship,
    Method,
    RequestedSkill,
    RequestEventKind,
    SignOff,
    SkillStanding,
    TestResult,
    Worksite,
)
from apprenticeship.resting import holds, shown_results
from apprenticeship.signer import SignerFacts, signer_facts
from apprenticeship.taken import was_given_by
from competencies.frozen import content_of
from competencies.models import RatingLevel, Skill


@dataclass(frozen=True)
class Meaning:
    """The sentence that a signature by `method` will carry, at a level that is attained or not."""

    method: str
    method_label: str
    attained: bool
    text: str


@dataclass(frozen=True)
class MethodOffered:
    """One way to know, as a button that signs: what it says at an attained level, and below."""

    value: str
    label: str
    meanings: tuple[Meaning, ...]


class SigningSheet(ABC):
    """What every sheet offers, whether it leads to one signature or to many: days, places, meanings, the signer.

    Who derives from it says for whom (`viewer`) and about which `books`.
    """

    viewer: Viewer

    @property
    @abstractmethod
    def books(self) -> Sequence[Apprenticeship]:
        """The apprenticeships it is about; at least one."""

    @cached_property
    def today(self) -> date:
        """The sponsor's day; among several sponsors the earliest, which is the future nowhere."""
        return min(self.viewer.today(book.sponsor) for book in self.books)

    @cached_property
    def first_day(self) -> date:
        """The earliest day on which anything can have been shown."""
        return min(book.starts_on for book in self.books)

    @property
    def yesterday(self) -> date | None:
        """The day before, unless the apprenticeship began today."""
        day = self.today - timedelta(days=1)
        return day if day >= self.first_day else None

    @cached_property
    def late_days(self) -> int:
        """After how many days a signature asks why it comes so late; of several programs the strictest."""
        return min(late_after_days(book.terms) for book in self.books)

    @property
    def late_before(self) -> date:
        """What was shown before this day is signed late."""
        return self.today - timedelta(days=self.late_days)

    @cached_property
    def worksites(self) -> QuerySet[Worksite]:
        """Where it may have been seen: every worksite of the sponsor's employers that is offered."""
        sites = Worksite.objects.offered(besides=[book.worksite_id for book in self.books])
        sites = sites.filter(employer__sponsor__in={book.sponsor_id for book in self.books})
        return sites.select_related("employer").order_by("employer__name", "name")

    @property
    def usual_worksite(self) -> Worksite | None:
        """Where the apprentice works; blank where several work at different places."""
        places = {book.worksite_id for book in self.books}
        return self.books[0].worksite if len(places) == 1 else None

    @property
    def meanings(self) -> list[Meaning]:
        """Every sentence that this sheet can lead to; the page shows the chosen one."""
        return [
            Meaning(method.value, str(method.label), attained, meaning_of_sign_off(method, attained=attained))
            for method in METHODS_OF_MENTORS
            for attained in (True, False)
        ]

    @property
    def meanings_by_method(self) -> list[MethodOffered]:
        """Each way to know, with the sentences that it can lead to."""
        found = groupby(self.meanings, lambda meaning: (meaning.method, meaning.method_label))
        return [MethodOffered(value, label, tuple(meanings)) for (value, label), meanings in found]

    @property
    @abstractmethod
    def was_asked(self) -> bool:
        """Whether an apprentice asked for what is on it, and named the day."""

    @property
    def signer(self) -> str:
        """The signer as the entry will print them, for example "Dana Wu, Mentor"."""
        return f"{self.viewer.person.name}, {Role.MENTOR.label}"

    @cached_property
    def signer_facts(self) -> SignerFacts:
        """All that the entry will say of the signer."""
        return signer_facts(self.viewer, self.pairs)

    @property
    @abstractmethod
    def pairs(self) -> Iterable[tuple[Apprenticeship, str]]:
        """Each book with the role track of what is signed in it."""


OTHER_DAY = "other"
"""The tile beside which a date is entered."""


def day_offered(sheet: SigningSheet, day: date) -> dict[str, Any]:
    """The tile that stands for `day`, or the date beside "another day"."""
    if day in (sheet.today, sheet.yesterday):
        return {"day": day.isoformat()}
    return {"day": OTHER_DAY, "observed_on": day}


def method_offered(viewer: Viewer, asked: RequestedSkill | None) -> str:
    """How the signer will know, where the apprentice says that it was done with them; blank everywhere else.

    Nobody is led to say "I watched" of what, by the apprentice's own words, somebody else saw.
    """
    return Method.OBSERVED.value if asked and asked.done_with_id == viewer.user_id else ""


@dataclass(frozen=True)
class Sheet(SigningSheet):
    """One skill of one apprentice, laid out to be signed by `viewer`. What it shows is read when it is shown."""

    viewer: Viewer
    apprenticeship: Apprenticeship
    skill: Skill

    @cached_property
    def live(self) -> SignOff | None:
        """What stands as the sheet is shown."""
        rows = SkillStanding.objects.filter(apprenticeship=self.apprenticeship, skill=self.skill)
        standing = rows.select_related("sign_off__entry", "sign_off__level", "sign_off__signer").first()
        return standing.sign_off if standing else None

    @cached_property
    def asked(self) -> RequestedSkill | None:
        """What the apprentice asked for and waits for: its day is offered, its words are shown."""
        asked = RequestedSkill.objects.waiting().filter(apprenticeship=self.apprenticeship, skill=self.skill)
        return asked.select_related("request", "done_with", "level").prefetch_related("events").first()

    @property
    def was_asked(self) -> bool:
        return self.asked is not None

    @property
    def books(self) -> Sequence[Apprenticeship]:
        return [self.apprenticeship]

    @property
    def pairs(self) -> Iterable[tuple[Apprenticeship, str]]:
        return [(self.apprenticeship, self.skill.skill_set.role_track)]

    @cached_property
    def levels(self) -> tuple[RatingLevel, ...]:
        """The levels of the skill's scale, lowest first."""
        return content_of(self.skill.skill_set.version_id).levels[self.skill.scale_id]

    @cached_property
    def steps(self) -> list[Skill]:
        """The steps of a skill that has them."""
        return list(self.skill.steps.order_by("order"))

    @property
    def asked_with(self) -> str:
        """What the apprentice said when they last asked."""
        if self.asked is None:
            return ""
        again = [event for event in self.asked.events.all() if event.kind == RequestEventKind.ASKED_AGAIN]
        return max(again, key=lambda event: event.pk).comment if again else self.asked.request.comment

    @cached_property
    def demanded(self) -> Demands:
        """What a sign-off of this skill asks for."""
        return demands_of(self.skill, self.apprenticeship.terms)

    @property
    def wants_evidence(self) -> bool:
        """Whether a sign-off at the threshold needs a file."""
        return self.demanded.evidence

    @property
    def demands(self) -> list[str]:
        """What a sign-off of this skill asks for, in words."""
        return self.demanded.words

    @cached_property
    def results(self) -> list[TestResult]:
        """The results that stand for this skill where it demands a test, the newest first; else no query."""
        return shown_results(self.apprenticeship, self.skill) if self.demanded.tests else []

    @property
    def good_results(self) -> list[TestResult]:
        """Of each demanded kind the newest result that carries a signature today."""
        signer = self.viewer.person
        good = [result for result in self.results if holds(result, self.demanded, on=self.today, signer=signer)]
        return [next(r for r in good if r.kind == kind) for kind in dict.fromkeys(r.kind for r in good)]

    @property
    def own_results(self) -> list[TestResult]:
        """The passed results of what is still lacking that the signer gave: these carry no signature of theirs."""
        lacking, signer = self.lacking_tests, self.viewer.person
        return [r for r in self.results if r.kind in lacking and r.passed and was_given_by(r, signer)]

    @property
    def lacking_tests(self) -> list[TestKind]:
        """The kinds of test that are demanded and for which nothing stands that would carry a signature."""
        there = {result.kind for result in self.good_results}
        return [kind for kind in self.demanded.tests if kind not in there]
