"""Certificates, and what stands beside class hours, for other systems. Files come by the operations of evidence."""

import uuid
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import Endpoint, RowOf
from accounts.describing import operation
from apprenticeship.api_shapes import head_tag
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from competencies.api_shapes import hours
from instruction.certificates_shown import ShownCertificate, shown_certificates
from instruction.earned_shown import ShownFact, earned_otherwise
from instruction.models import Certificate, Way

STATES = ("waiting", "confirmed", "declined", "taken_back", "renewed")


class CertificateShape(serializers.Serializer[Any]):
    """One certificate; it counts while it is `confirmed`."""

    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="The code of its kind.")
    title = serializers.CharField()
    issuer = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True, help_text="The day from which a new one is due.")
    topic = serializers.UUIDField(allow_null=True)
    renews = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=STATES)
    entry = serializers.IntegerField(allow_null=True, help_text="Its number in the book, once confirmed.")


class CertificatesShape(serializers.Serializer[Any]):
    """The certificates of one apprentice, the newest first."""

    apprenticeship = serializers.UUIDField()
    certificates = CertificateShape(many=True)


class OtherHoursShape(serializers.Serializer[Any]):
    """Hours of a topic that were earned without a class here."""

    topic = serializers.UUIDField()
    way = serializers.ChoiceField(choices=Way.choices)
    hours = serializers.CharField(help_text='Hours as text, for example "6.5".')
    earned_on = serializers.DateField()
    provider = serializers.CharField()
    entry = serializers.IntegerField()
    taken_back = serializers.BooleanField()


class TopicFactShape(serializers.Serializer[Any]):
    """A waiver of a topic, or an instructor's signature of competency in it."""

    topic = serializers.UUIDField()
    by = serializers.UUIDField()
    entry = serializers.IntegerField()
    taken_back = serializers.BooleanField()


class TopicTestShape(serializers.Serializer[Any]):
    """The result of a test of a topic. Points are texts, both or neither."""

    topic = serializers.UUIDField()
    kind = serializers.CharField()
    taken_on = serializers.DateField()
    passed = serializers.BooleanField()
    score = serializers.CharField(allow_null=True)
    pass_mark = serializers.CharField(allow_null=True)
    examiner = serializers.CharField()
    organization = serializers.CharField()
    entry = serializers.IntegerField()
    taken_back = serializers.BooleanField()


class BesideClassesShape(serializers.Serializer[Any]):
    """What stands beside class hours in one book, the newest first; what was taken back says so."""

    apprenticeship = serializers.UUIDField()
    other_hours = OtherHoursShape(many=True)
    waivers = TopicFactShape(many=True)
    tests = TopicTestShape(many=True)
    sign_offs = TopicFactShape(many=True)


class Certificates(Endpoint):
    declared = Permission.READ_CERTIFICATE
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("certificates", {200: CertificatesShape}, tag="apprenticeships", row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The certificates of one apprentice: what counts, what waits, and what ended."""
        rows = Certificate.objects.filter(apprenticeship=self.row).with_all().order_by("-issued_on", "pk")
        found = shown_certificates(rows, viewer=self.viewer)
        return Response({"apprenticeship": self.row.pk, "certificates": [_certificate(one) for one in found]})


class BesideClasses(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("beside_classes", {200: BesideClassesShape}, tag="apprenticeships", row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Hours earned otherwise, waivers, tests of topics, and instructors' signatures."""
        return self.tagged(head_tag(self.row), lambda: _beside_classes(self.row, self.viewer))


def _certificate(one: ShownCertificate) -> dict[str, Any]:
    row, decision = one.row, getattr(one.row, "decision", None)
    state = "waiting" if one.is_waiting else "declined" if one.is_declined else "confirmed"
    if one.is_taken_back:
        state = "taken_back"
    elif one.renewed:
        state = "renewed"
    return {
        "id": row.pk,
        "kind": row.kind.code,
        "title": row.called,
        "issuer": row.issuer,
        "number": row.number,
        "issued_on": row.issued_on,
        "expires_on": row.expires_on,
        "due_on": row.due_on,
        "topic": row.topic_id,
        "renews": row.renews_id,
        "state": state,
        "entry": decision.entry.sequence if decision and decision.entry else None,
    }


def _beside_classes(book: Apprenticeship, viewer: Any) -> dict[str, Any]:
    found = earned_otherwise(book, viewer=viewer)
    return {
        "apprenticeship": book.pk,
        "other_hours": [
            {
                **_fact(fact),
                "way": fact.row.way,
                "hours": hours(fact.row.hours),
                "earned_on": fact.row.earned_on,
                "provider": fact.row.provider,
            }
            for fact in found.other_hours
        ],
        "waivers": [_fact(fact) for fact in found.waivers],
        "tests": [
            {
                **_fact(fact),
                "kind": fact.row.kind,
                "taken_on": fact.row.taken_on,
                "passed": fact.row.passed,
                "score": hours(fact.row.score),
                "pass_mark": hours(fact.row.pass_mark),
                "examiner": fact.row.examiner_name,
                "organization": fact.row.examiner_organization,
            }
            for fact in found.tests
        ],
        "sign_offs": [_fact(fact) for fact in found.sign_offs],
    }


def _fact(fact: ShownFact) -> dict[str, Any]:
    row = fact.row
    return {
        "topic": row.topic_id,
        "by": row.by_id,
        "entry": row.entry.sequence,
        "taken_back": fact.taken_back is not None,
    }
