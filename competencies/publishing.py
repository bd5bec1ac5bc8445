"""Importing a standard and publishing one of its versions: the transitions of this layer.

Identity is (owner, slug). The same content is no new version; other content is a new draft and
never an overwrite. Publishing freezes a version for good and supersedes the one before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.access import NotPermitted, Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import AuditEvent, Authentication
from competencies.defaults import with_scales
from competencies.document import (
    Doubt,
    Fault,
    NotAStandard,
    SkillPart,
    StandardDocument,
    as_json,
    content_hash,
    contradictions,
    decode,
)
from competencies.models import (
    Course,
    RatingLevel,
    RatingScale,
    Skill,
    SkillSet,
    Standard,
    StandardVersion,
    Topic,
    VersionStatus,
)

# The header's facts, by their names in the document; a version keeps them all as JSON.
STANDARD_FACTS = (
    "title",
    "other_titles",
    "source_label",
    "source",
    "registration_agency",
    "onet_code",
    "rapids_code",
    "dates_printed",
)
FACTS = (*STANDARD_FACTS, "counts_printed")


class DoubtsRemain(Exception):
    """Wrong state: lines of the page are still doubtful, so the version stays a draft."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        super().__init__(f"{len(doubts)} doubts remain")
        self.doubts = tuple(doubts)


class ApproachMissing(Exception):
    """Wrong state: the version does not say what decides completion."""


class NotADraft(Exception):
    """Wrong state: the version was published before."""


class NewerIsPublished(Exception):
    """Wrong state: a version with a higher number is published already."""


@dataclass(frozen=True)
class Imported:
    """The version that holds the content, and whether this import made it."""

    version: StandardVersion
    is_new: bool


def import_document(*, viewer: Viewer, document: StandardDocument, owner: Sponsor | None = None) -> Imported:
    """The version with this content, as a new draft where there is none yet.

    `owner` None means the shared library, which only a command of the operator fills. A document
    without rating scales gets the built-in ones, marked as added. Raises NotPermitted, NotAStandard.
    """
    _require_keeper(viewer, owner)
    document = with_scales(document)
    contradiction = next(contradictions(document), None)
    if contradiction:
        raise NotAStandard(Fault.CONTRADICTION, contradiction)
    digest = content_hash(document)
    request = {"owner": str(owner.pk) if owner else "", "slug": document.slug, "content_hash": digest}
    with transaction.atomic():
        begun = begin_act(
            actor_id=viewer.user_id,
            key=f"import_standard:{request['owner']}:{document.slug}:{digest}",
            kind="import_standard",
            request=request,
            at=viewer.at,
            authentication=viewer.authentication,
        )
        standard = _locked_standard(document, owner)
        version = standard.versions.filter(content_hash=digest).first()
        if version is not None:
            if not begun.is_replay:
                finish_act(begun.act, [version.pk])
            return Imported(version=version, is_new=False)
        version = _write(standard, document, digest, viewer)
        finish_act(begun.act, [version.pk])
        _tell("standard.imported", version, owner, viewer)
    return Imported(version=version, is_new=True)


def publish(*, viewer: Viewer, version: StandardVersion) -> StandardVersion:
    """Publish a draft for good; the version published before becomes superseded.

    Raises NotPermitted, NotADraft, DoubtsRemain, ApproachMissing, NewerIsPublished.
    """
    owner = version.standard.owner
    _require_keeper(viewer, owner)
    with transaction.atomic():
        begun = begin_act(
            actor_id=viewer.user_id,
            key=f"publish_standard:{version.pk}",
            kind="publish_standard",
            request={"version": str(version.pk), "content_hash": version.content_hash},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        standard = Standard.objects.select_for_update(of=("self",)).get(pk=version.standard_id)
        version = standard.versions.get(pk=version.pk)
        if begun.is_replay:
            return version
        _guard_publishing(version)
        standard.versions.filter(status=VersionStatus.PUBLISHED).update(status=VersionStatus.SUPERSEDED)
        version.status = VersionStatus.PUBLISHED
        version.published_at = viewer.at
        version.published_by = viewer.user
        version.save(update_fields=["status", "published_at", "published_by"])
        _take_facts(standard, version.facts)
        standard.save(update_fields=STANDARD_FACTS)
        finish_act(begun.act, [version.pk])
        _tell("standard.published", version, owner, viewer)
    return version


def _require_keeper(viewer: Viewer, owner: Sponsor | None) -> None:
    """The operator keeps the shared library; a sponsor's administrators keep its own standards."""
    if viewer.authentication == Authentication.COMMAND:
        return
    if owner is None:
        raise NotPermitted(Permission.KEEP_STANDARDS)
    require(viewer, Permission.KEEP_STANDARDS, on=owner)


def _guard_publishing(version: StandardVersion) -> None:
    if not version.is_draft:
        raise NotADraft
    if version.doubts:
        raise DoubtsRemain([decode(Doubt, doubt) for doubt in version.doubts])
    if not version.approach:
        raise ApproachMissing
    newer = version.standard.versions.filter(number__gt=version.number).exclude(status=VersionStatus.DRAFT)
    if newer.exists():
        raise NewerIsPublished


def _locked_standard(document: StandardDocument, owner: Sponsor | None) -> Standard:
    """The standard of this identity, locked; two first imports at once meet in the unique constraint."""
    found = Standard.objects.select_for_update(of=("self",)).filter(owner=owner, slug=document.slug)
    standard = found.first()
    if standard is not None:
        return standard
    standard = Standard(owner=owner, slug=document.slug)
    _take_facts(standard, facts_of(document))
    try:
        with transaction.atomic():
            standard.save(force_insert=True)
    except IntegrityError:
        return found.get()
    return standard


def facts_of(document: StandardDocument) -> dict[str, Any]:
    """The header's facts that the document holds; blank ones are left out."""
    return {name: value for name, value in as_json(document).items() if name in FACTS}


def _take_facts(standard: Standard, facts: dict[str, Any]) -> None:
    for name in STANDARD_FACTS:
        setattr(standard, name, facts.get(name, [] if name in {"other_titles", "dates_printed"} else ""))


def _tell(kind: str, version: StandardVersion, owner: Sponsor | None, viewer: Viewer) -> None:
    AuditEvent.objects.create(
        at=viewer.at,
        kind=kind,
        actor_id=viewer.user_id,
        sponsor_id=owner.pk if owner else None,
        subject=f"standard_version:{version.pk}",
        data={"slug": version.standard.slug, "number": version.number, "content_hash": version.content_hash},
    )


# ---------------------------------------------------------------- rows


def _write(standard: Standard, document: StandardDocument, digest: str, viewer: Viewer) -> StandardVersion:
    """The document as rows of a new draft: a fixed number of statements at any size."""
    latest = standard.versions.aggregate(latest=Max("number"))["latest"] or 0
    data = as_json(document)
    version = StandardVersion.objects.create(
        standard=standard,
        number=latest + 1,
        approach=document.approach,
        facts=facts_of(document),
        job_hours_min=document.job_hours_min,
        job_hours_max=document.job_hours_max,
        instruction_hours=document.instruction_hours,
        content_hash=digest,
        doubts=data.get("doubts", []),
        additions=data.get("additions", []),
        created_at=viewer.at,
    )
    scales = _write_scales(version, document)
    sets = SkillSet.objects.bulk_create(
        SkillSet(
            version=version,
            order=order,
            title=part.title,
            role_track=part.role_track,
            hours_min=part.hours_min,
            hours_max=part.hours_max,
        )
        for order, part in enumerate(document.skill_sets, start=1)
    )
    Skill.objects.bulk_create(
        row
        for skill_set, part in zip(sets, document.skill_sets, strict=True)
        for row in _skill_rows(skill_set, part.skills, document, scales)
    )
    _write_courses(version, document)
    return version


def _write_scales(version: StandardVersion, document: StandardDocument) -> dict[str, RatingScale]:
    scales = RatingScale.objects.bulk_create(
        RatingScale(version=version, order=order, code=part.code, title=part.title, kind=part.kind)
        for order, part in enumerate(document.scales, start=1)
    )
    levels: list[RatingLevel] = []
    for scale, part in zip(scales, document.scales, strict=True):
        attained = False
        for order, level in enumerate(part.levels, start=1):
            attained = attained or level.threshold
            levels.append(
                RatingLevel(
                    scale=scale,
                    order=order,
                    code=level.code,
                    label=level.label,
                    sentence=level.sentence,
                    is_threshold=level.threshold,
                    attained=attained,
                )
            )
    RatingLevel.objects.bulk_create(levels)
    return {scale.code: scale for scale in scales}


def _skill_rows(
    skill_set: SkillSet, parts: Sequence[SkillPart], document: StandardDocument, scales: dict[str, RatingScale]
) -> Iterator[Skill]:
    """The rows of one set in the order of the page, a parent before its steps."""
    order = 0
    for part in parts:
        parent = None
        for member in (part, *part.steps):
            order += 1
            row = Skill(
                skill_set=skill_set,
                parent=parent,
                order=order,
                code=member.code,
                text=member.text,
                kind=member.kind,
                scale=scales[document.scale_of(member)],
                required=member.required,
                needs_evidence=member.needs_evidence,
                needs_counter_signature=member.needs_counter_signature,
                needs_practical_test=member.needs_practical_test,
                needs_written_test=member.needs_written_test,
                procedure_number=member.procedure_number,
                procedure_version=member.procedure_version,
                due_again_months=member.due_again_months,
            )
            parent = parent or row
            yield row


def _write_courses(version: StandardVersion, document: StandardDocument) -> None:
    courses = Course.objects.bulk_create(
        Course(version=version, order=order, title=part.title, required_hours=part.required_hours)
        for order, part in enumerate(document.courses, start=1)
    )
    Topic.objects.bulk_create(
        Topic(
            course=course,
            order=order,
            title=topic.title,
            minimum_hours=topic.minimum_hours,
            conditional=topic.conditional,
            recurrence=topic.recurrence,
            recurrence_months=topic.recurrence_months,
            law=topic.law,
        )
        for course, part in zip(courses, document.courses, strict=True)
        for order, topic in enumerate(part.topics, start=1)
    )
