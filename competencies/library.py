"""The library of published standards, as its pages read it: typed, by a fixed number of queries."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.http import urlencode

from accounts.viewer import Viewer
from competencies.document import SkillSetPart, StandardDocument
from competencies.exporting import document_of
from competencies.models import Approach, Course, Skill, SkillSet, StandardVersion
from competencies.wording import added_words


@dataclass(frozen=True)
class ListedStandard:
    """One standard in the list: the version in force, in numbers."""

    url: str
    title: str
    source: str
    owner: str
    approach: str
    skill_sets: int
    skills: int
    course_hours: Decimal | None


@dataclass(frozen=True)
class RoleTrack:
    """Who learns what: the numbers of the sets that one role track groups; blank is everybody."""

    title: str
    sets: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class OtherVersion:
    number: int
    url: str
    published_at: datetime | None
    is_current: bool


@dataclass(frozen=True)
class ReadStandard:
    """One published version, whole, with what its page says around it."""

    document: StandardDocument
    version_id: uuid.UUID
    number: int
    is_current: bool
    published_at: datetime | None
    owner: str
    approach: str
    skills: int
    topics: int
    course_hours: Decimal | None
    tracks: tuple[RoleTrack, ...]
    added: tuple[tuple[str, str], ...]
    versions: tuple[OtherVersion, ...]
    json_url: str

    @property
    def scales_added(self) -> bool:
        return self._is_added("scales")

    @property
    def kinds_added(self) -> bool:
        return self._is_added("skill.kind")

    @property
    def recurrence_added(self) -> bool:
        return self._is_added("topic.recurrence")

    def _is_added(self, field: str) -> bool:
        return any(addition.field == field for addition in self.document.additions)


def listed_versions(viewer: Viewer, query: str = "") -> "QuerySet[StandardVersion]":
    """The versions in force that `viewer` may see, by title; each word of `query` must be found."""
    skills = Skill.objects.filter(skill_set__version=OuterRef("pk")).order_by().values("skill_set__version")
    courses = Course.objects.filter(version=OuterRef("pk")).order_by().values("version")
    sets = SkillSet.objects.filter(version=OuterRef("pk")).order_by().values("version")
    versions = StandardVersion.objects.visible_to(viewer).filter(status="published")
    for word in query.split()[:10]:
        versions = versions.filter(
            Q(standard__title__icontains=word)
            | Q(standard__source__icontains=word)
            | Q(standard__onet_code__icontains=word)
            | Q(standard__rapids_code__icontains=word)
            | Q(pk__in=SkillSet.objects.filter(_set_has(word)).values("version"))
        )
    return (
        versions.select_related("standard__owner")
        .annotate(
            set_count=Subquery(sets.annotate(n=Count("pk")).values("n")),
            skill_count=Subquery(skills.annotate(n=Count("pk")).values("n")),
            course_hours=Subquery(courses.annotate(n=Sum("required_hours")).values("n")),
        )
        .order_by("standard__title", "standard__slug", "pk")
    )


def _set_has(word: str) -> Q:
    return Q(title__icontains=word) | Q(role_track__icontains=word)


def listed(versions: Sequence[StandardVersion]) -> list[ListedStandard]:
    """Rows of `listed_versions` as the list shows them."""
    return [
        ListedStandard(
            url=_url("standard", version),
            title=version.standard.title,
            source=version.standard.source,
            owner=version.standard.owner.name if version.standard.owner else "",
            approach=str(Approach(version.approach).label),
            skill_sets=version.set_count,  # type: ignore[attr-defined]  # annotated by listed_versions
            skills=version.skill_count,  # type: ignore[attr-defined]  # annotated by listed_versions
            course_hours=version.course_hours,  # type: ignore[attr-defined]  # annotated by listed_versions
        )
        for version in versions
    ]


def find_version(viewer: Viewer, slug: str, *, owner: str = "", number: int | None = None) -> StandardVersion | None:
    """The version in force of a standard, or the one with `number`; drafts are not shown.

    `owner` is the slug of the sponsor whose own standard it is; the shared library comes first without it.
    """
    versions = StandardVersion.objects.visible_to(viewer).filter(standard__slug=slug)
    versions = versions.filter(standard__owner__slug=owner) if owner else versions
    versions = versions.filter(status="published") if number is None else versions.filter(number=number)
    found = versions.select_related("standard__owner")
    return min(found, key=lambda version: (version.standard.owner_id is not None, version.pk), default=None)


def read_standard(version: StandardVersion) -> ReadStandard:
    """Everything the page of one version shows."""
    document = document_of(version)
    hours = [course.required_hours for course in document.courses if course.required_hours is not None]
    return ReadStandard(
        document=document,
        version_id=version.pk,
        number=version.number,
        is_current=version.status == "published",
        published_at=version.published_at,
        owner=version.standard.owner.name if version.standard.owner else "",
        approach=str(Approach(version.approach).label),
        skills=sum(1 for _skill in document.all_skills()),
        topics=sum(len(course.topics) for course in document.courses),
        course_hours=sum(hours, Decimal()) if hours else None,
        tracks=_tracks(document.skill_sets),
        added=tuple((added_words(addition.field), addition.note) for addition in document.additions),
        versions=_versions(version),
        json_url=_url("standard_json", version, numbered=True),
    )


def _tracks(sets: Sequence[SkillSetPart]) -> tuple[RoleTrack, ...]:
    """The role tracks in the order of the page; sets for everybody come first."""
    titles = sorted({part.role_track for part in sets}, key=[part.role_track for part in sets].index)
    numbered = list(enumerate(sets, start=1))
    return tuple(
        RoleTrack(title=title, sets=tuple((n, part.title) for n, part in numbered if part.role_track == title))
        for title in sorted(titles, key=bool)
    )


def _versions(version: StandardVersion) -> tuple[OtherVersion, ...]:
    published = version.standard.versions.exclude(status="draft").order_by("-number")
    return tuple(
        OtherVersion(
            number=other.number,
            url=_url("standard", version, numbered=True, number=other.number),
            published_at=other.published_at,
            is_current=other.status == "published",
        )
        for other in published
    )


def _url(name: str, version: StandardVersion, *, numbered: bool = False, number: int | None = None) -> str:
    asked = {"owner": version.standard.owner.slug} if version.standard.owner else {}
    if numbered:
        asked["version"] = str(number or version.number)
    return reverse(name, args=[version.standard.slug]) + (f"?{urlencode(asked)}" if asked else "")
