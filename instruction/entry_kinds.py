"""More kinds of entry of this layer, and how each typed row must agree with its entry."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import prefetch_related_objects

from acts.sealing import is_intact
from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, Evidence
from apprenticeship.record import timestamp
from instruction.confirming import certificate_in_entry, files_of
from instruction.earning import earned_in_entry
from instruction.earning_models import BookFact
from instruction.hours import topic_in_entry
from instruction.models import (
    Certificate,
    CertificateDecision,
    InstructionVoid,
    OtherHours,
    TopicSignOff,
    TopicTest,
    TopicWaiver,
)
from instruction.topic_competency import topic_test_in_entry

CERTIFICATES = Ready(
    lambda book: CertificateDecision.objects.filter(entry__apprenticeship=book).select_related(
        "certificate__apprenticeship",
        "certificate__kind",
        "certificate__topic__course",
        "certificate__added_by",
        "certificate__renews",
    ),
    "book",
)
EARNED = Ready(lambda book: OtherHours.objects.filter(apprenticeship=book).with_all(), "book")
WAIVERS = Ready(
    lambda book: TopicWaiver.objects.filter(apprenticeship=book).with_all().select_related("reason"), "book"
)
TOPIC_TESTS = Ready(
    lambda book: TopicTest.objects.filter(apprenticeship=book).with_all().select_related("examiner"), "book"
)
TOPIC_SIGN_OFFS = Ready(lambda book: TopicSignOff.objects.filter(apprenticeship=book).with_all(), "book")
VOIDS = Ready(
    lambda book: InstructionVoid.objects.filter(entry__apprenticeship=book).select_related("entry", "reason", "voided"),
    "book",
)
"""Every check of a book asks all of them, and in most books the answer is nothing."""


def _certificates(apprenticeship: Apprenticeship) -> Iterable[CertificateDecision]:
    return CERTIFICATES(book=apprenticeship.pk)


def _describe_certificate(row: CertificateDecision) -> Mapping[str, Any]:
    certificate = row.certificate
    files = _untouched(files_of(certificate), certificate.apprenticeship_id)
    return {
        "apprenticeship": _book_of(certificate),
        "recorded_at": timestamp(row.at),
        "act.id": str(row.act_id),
        "by.id": str(row.by_id),
        **{f"body.{name}": value for name, value in certificate_in_entry(certificate, files).items()},
    }


def _book_of(certificate: Certificate) -> str | None:
    """The book that a certificate belongs to; None where it names another holder or sponsor than that book."""
    book = certificate.apprenticeship
    if book is None or (certificate.holder_id, certificate.sponsor_id) != (book.apprentice_id, book.sponsor_id):
        return None
    return str(book.pk)


def _untouched(files: Iterable[Evidence], book: uuid.UUID | None) -> list[Evidence]:
    """Those of this book whose sealed name still gives its digest: a file that is missing here is named."""
    return [file for file in files if file.apprenticeship_id == book and is_intact(file.name)]


def _other_hours(apprenticeship: Apprenticeship) -> Iterable[OtherHours]:
    rows = EARNED(book=apprenticeship.pk)
    prefetch_related_objects(rows, "evidence_uses__evidence__file", "evidence_uses__evidence__name")
    return rows


def _describe_other_hours(row: OtherHours) -> Mapping[str, Any]:
    uses = sorted(row.evidence_uses.all(), key=lambda use: use.pk)
    files = _untouched([use.evidence for use in uses], row.apprenticeship_id)
    return _described(row, earned_in_entry(row, files))


def _waivers(apprenticeship: Apprenticeship) -> Iterable[TopicWaiver]:
    return WAIVERS(book=apprenticeship.pk)


def _describe_waiver(row: TopicWaiver) -> Mapping[str, Any]:
    return _described(row, {**topic_in_entry(row.topic), "reason": row.reason.digest})


def _topic_tests(apprenticeship: Apprenticeship) -> Iterable[TopicTest]:
    return TOPIC_TESTS(book=apprenticeship.pk)


def _describe_topic_test(row: TopicTest) -> Mapping[str, Any]:
    return _described(row, topic_test_in_entry(row.topic, row))


def _topic_sign_offs(apprenticeship: Apprenticeship) -> Iterable[TopicSignOff]:
    return TOPIC_SIGN_OFFS(book=apprenticeship.pk)


def _describe_topic_sign_off(row: TopicSignOff) -> Mapping[str, Any]:
    return _described(row, topic_in_entry(row.topic))


def _described(row: BookFact, body: Mapping[str, Any]) -> Mapping[str, Any]:
    told = {f"body.{name}": value for name, value in body.items()}
    return {"apprenticeship": str(row.apprenticeship_id), "by.id": str(row.by_id), **told}


def _voids(apprenticeship: Apprenticeship) -> Iterable[InstructionVoid]:
    return VOIDS(book=apprenticeship.pk)


def _describe_void(row: InstructionVoid) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.voided.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.entry": row.voided.sequence,
        "body.kind": row.voided.kind,
        "body.reason": row.reason.digest,
    }


CERTIFICATE = RecordKind(code="certificate", rows=_certificates, describe=_describe_certificate)
OTHER_HOURS = RecordKind(code="other_hours", rows=_other_hours, describe=_describe_other_hours)
TOPIC_WAIVER = RecordKind(code="topic_waiver", rows=_waivers, describe=_describe_waiver)
TOPIC_TEST = RecordKind(code="topic_test", rows=_topic_tests, describe=_describe_topic_test)
TOPIC_SIGN_OFF = RecordKind(code="topic_sign_off", rows=_topic_sign_offs, describe=_describe_topic_sign_off)
INSTRUCTION_VOID = RecordKind(code="instruction_void", rows=_voids, describe=_describe_void)
