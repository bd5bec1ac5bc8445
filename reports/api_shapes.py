"""Progress, documents and jobs as the API tells them."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from accounts.api import StrictSerializer
from accounts.states import State
from apprenticeship.agreement_shapes import CounterSignatureShape
from apprenticeship.api_shapes import HeadShape, LevelSigned, Meaning, PaperSigned
from reports.agreements import Said
from reports.api_months import MonthField
from reports.models import Document, DocumentKind, FailureReason, JobState, RenderJob
from reports.paper_kinds import Wanted, paper_of, wanted_of
from reports.papers import LETTER, PAPERS
from reports.progress import Progress, SetProgress, Signature, SkillProgress, TakenBack


class Signer(serializers.Serializer[Any]):
    name = serializers.CharField()
    role = serializers.CharField()
    qualification = serializers.CharField(allow_blank=True)


class SignatureShape(serializers.Serializer[Any]):
    """The last signature on a skill, in the words it was signed with; more at /api/v1/sign-offs/{id}/."""

    id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    by = Signer()
    recorded_at = serializers.DateTimeField()
    zone = serializers.CharField()
    observed_on = serializers.DateField()
    method = serializers.CharField()
    level = LevelSigned()
    meaning = Meaning()
    procedure = serializers.CharField(allow_blank=True, help_text="What the work was held against.")
    tests = serializers.ListField(
        child=serializers.IntegerField(), help_text="The entries of the test results that it rests on."
    )
    late = serializers.BooleanField(help_text="A late entry: a sealed reason says why it was signed so long after.")
    paper = PaperSigned(allow_null=True, help_text="Only of what was transcribed from paper.")


class TakenBackShape(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField()
    at = serializers.DateTimeField()


class SkillState(serializers.Serializer[Any]):
    """One skill and what stands for it. A parent counts only with all its steps."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]  # a name of the field itself, too
    required = serializers.BooleanField()  # type: ignore[assignment]  # a name of the field itself, too
    state = serializers.ChoiceField(choices=State.values)
    attained = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)
    signature = SignatureShape(allow_null=True)
    taken_back = TakenBackShape(allow_null=True)
    needs_counter_signature = serializers.BooleanField(
        help_text="The signature counts only once the apprentice agrees."
    )
    counter_signature = CounterSignatureShape(allow_null=True, help_text="The apprentice's last word about it.")
    illegible = serializers.BooleanField(help_text="Its entry was forged and cannot be read: check the record.")


class SetState(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    role_track = serializers.CharField(allow_blank=True)
    attained = serializers.IntegerField()
    total = serializers.IntegerField()
    skills = SkillState(many=True)


class ProgressShape(serializers.Serializer[Any]):
    """One apprentice against the whole standard, now. `counts` is by state, over required skills."""

    apprenticeship = serializers.UUIDField()
    attained = serializers.IntegerField()
    total = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    last_signed_at = serializers.DateTimeField(allow_null=True, help_text="Of the signatures that stand.")
    sets = SetState(many=True)


class DocumentShape(serializers.Serializer[Any]):
    """One printed state of one book. The same state, language and paper is the same document."""

    id = serializers.UUIDField()
    apprenticeship = serializers.UUIDField()
    kind = serializers.CharField()
    head = HeadShape()
    as_of = serializers.DateTimeField()
    language = serializers.CharField()
    paper = serializers.CharField()
    month = serializers.CharField(allow_null=True, help_text='Of a month page: which, for example "2026-02".')
    sha256 = serializers.CharField(help_text="Of the frozen JSON that was printed; what the document is.")
    made_at = serializers.DateTimeField(allow_null=True)
    file = serializers.URLField(allow_null=True, help_text="Where the PDF is, once it is made.")


class DocumentPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = DocumentShape(many=True)


class DocumentSent(StrictSerializer):
    """Which document, in which language and on which paper. Only a month page has a `month`."""

    kind = serializers.ChoiceField(
        choices=DocumentKind.values, required=False, default=DocumentKind.PROGRESS_RECORD.value
    )
    month = MonthField(required=False, help_text='Of a month page: which, for example "2026-02".')

    language = serializers.ChoiceField(choices=["en", "es"], required=False, default="en")
    paper = serializers.ChoiceField(choices=list(PAPERS), required=False, default=LETTER)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With what is wanted in place of kind and month."""
        wanted = Wanted(attrs.pop("kind"), attrs.pop("month", None))
        if not wanted.is_known:
            raise serializers.ValidationError({"month": _("A month page names its month, and nothing else does.")})
        return {**super().validate(attrs), "wanted": wanted}


class JobShape(serializers.Serializer[Any]):
    """The order of one document. Ask again until `state` is done or failed."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=JobState.values)
    ahead = serializers.IntegerField(help_text="How many orders are before it.")
    attempts = serializers.IntegerField()
    reason = serializers.ChoiceField(
        choices=["", *FailureReason.values], help_text="Why the last attempt came to nothing."
    )
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    document = DocumentShape()


def progress_shape(progress: Progress, *, last_signed_at: datetime | None) -> dict[str, Any]:
    return {
        "apprenticeship": progress.apprenticeship_id,
        "attained": progress.attained,
        "total": progress.total,
        "counts": _counts(progress.counts),
        "last_signed_at": last_signed_at,
        "sets": [_set(part) for part in progress.sets],
    }


def document_shape(document: Document, request: Request) -> dict[str, Any]:
    made = document.file_id is not None
    return {
        "id": document.pk,
        "apprenticeship": document.apprenticeship_id,
        "kind": document.kind,
        "head": {"sequence": document.head_sequence, "hash": document.head_hash if document.head_sequence else None},
        "as_of": document.as_of,
        "language": document.language,
        "paper": document.paper,
        "month": _month_of(document),
        "sha256": document.sha256,
        "made_at": document.made_at,
        "file": reverse("api_document_file", kwargs={"pk": document.pk}, request=request) if made else None,
    }


def _month_of(document: Document) -> str | None:
    """Of a month page its month."""
    if document.kind != DocumentKind.MONTH_PAGE:
        return None
    return wanted_of(paper_of(document.frozen)).as_request()["month"]


def job_shape(job: RenderJob, request: Request) -> dict[str, Any]:
    return {
        "id": job.pk,
        "state": job.state,
        "ahead": 0 if job.is_over else RenderJob.objects.ahead_of(job).count(),
        "attempts": job.attempts,
        "reason": job.reason,
        "requested_at": job.requested_at,
        "finished_at": job.finished_at,
        "document": document_shape(job.document, request),
    }


def _counts(counts: Mapping[State, int]) -> dict[str, int]:
    return {state.value: counts.get(state, 0) for state in State}


def _set(part: SetProgress) -> dict[str, Any]:
    return {
        "id": part.skill_set_id,
        "order": part.order,
        "title": part.title,
        "role_track": part.role_track,
        "attained": part.attained,
        "total": part.total,
        "skills": [shape for skill in part.skills for shape in _skill(skill, parent=None)],
    }


def _skill(skill: SkillProgress, *, parent: uuid.UUID | None) -> Iterator[dict[str, Any]]:
    """The skill and its steps in the order of the page."""
    yield {
        "id": skill.skill_id,
        "code": skill.code,
        "text": skill.text,
        "parent": parent,
        "required": skill.required,
        "state": skill.state.value,
        "attained": skill.attained,
        "due_on": skill.due_on,
        "signature": _signature(skill.signature) if skill.signature else None,
        "taken_back": _taken_back(skill.taken_back) if skill.taken_back else None,
        "needs_counter_signature": skill.needs_ok,
        "counter_signature": _said(skill.said) if skill.said else None,
        "illegible": skill.illegible,
    }
    for step in skill.steps:
        yield from _skill(step, parent=skill.skill_id)


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "id": signature.sign_off_id,
        "sequence": signature.sequence,
        "by": {"name": signature.name, "role": signature.role, "qualification": signature.qualification},
        "recorded_at": signature.at,
        "zone": signature.zone,
        "observed_on": signature.observed_on,
        "method": signature.method,
        "level": {
            "code": signature.level_code,
            "label": signature.level,
            "sentence": signature.level_sentence,
            "attained": signature.level_attained,
        },
        "meaning": {"language": signature.meaning_language, "text": signature.meaning},
        "procedure": signature.procedure,
        "tests": list(signature.tests),
        "late": signature.late,
        "paper": asdict(signature.paper) if signature.paper else None,
    }


def _taken_back(taken: TakenBack) -> dict[str, Any]:
    return {"sequence": taken.sequence, "name": taken.name, "role": taken.role, "at": taken.at}


def _said(said: Said) -> dict[str, Any]:
    answer = said.answer
    return {
        "id": said.counter_signature_id,
        "sequence": said.sequence,
        "agrees": said.agrees,
        "by": {"name": said.name, "role": said.role},
        "recorded_at": said.at,
        "answer_due": said.answer_due,
        "answer": {
            "sequence": answer.sequence,
            "outcome": answer.outcome,
            "by": {"name": answer.name, "role": answer.role},
            "recorded_at": answer.at,
        }
        if answer
        else None,
    }
