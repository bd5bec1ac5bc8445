"""Apprenticeships, entries and signatures as the API takes and tells them.

What a signature says is read from its entry's bytes, so that page, paper and API can't disagree.
"""

from datetime import date
from typing import Any

from rest_framework import serializers

from accounts.api import StrictSerializer
from accounts.paging import PagedParameters
from accounts.viewer import Viewer
from apprenticeship.agreement_shapes import CounterSignatureShape, last_word_shape
from apprenticeship.demands import LONGEST_NUMBER, LONGEST_VERSION
from apprenticeship.lines import LONGEST_NOTE
from apprenticeship.models import (
    METHODS_OF_MENTORS,
    Apprenticeship,
    Mentorship,
    RecordEntry,
    RecordHead,
    Revocation,
    RevocationKind,
    SignOff,
    Status,
)
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, read


class Named(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SponsorShape(Named):
    time_zone = serializers.CharField(help_text="In which local dates are judged.")


class ProgramShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    terms = serializers.IntegerField(help_text="The number of the terms that this apprenticeship pins.")


class StandardPinned(serializers.Serializer[Any]):
    title = serializers.CharField()
    slug = serializers.CharField()
    number = serializers.IntegerField()
    version = serializers.UUIDField(help_text="See /api/v1/standard-versions/{id}/.")


class MentorShape(Named):
    role = serializers.ChoiceField(choices=["primary", "deputy"])
    qualification = serializers.CharField(allow_blank=True)
    role_tracks = serializers.ListField(child=serializers.CharField(), help_text="Empty: all.")


class ApprenticeshipShape(serializers.Serializer[Any]):
    """One person's apprenticeship, with what it is held to and who may sign today."""

    id = serializers.UUIDField()
    apprentice = Named()
    sponsor = SponsorShape()
    program = ProgramShape()
    standard = StandardPinned()
    employer = Named()
    worksite = Named(allow_null=True)
    cohort = Named(allow_null=True)
    role_track = serializers.CharField(allow_blank=True)
    registration_number = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField()
    status = serializers.ChoiceField(choices=Status.choices)
    mentors = MentorShape(many=True)


class ApprenticeshipPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = ApprenticeshipShape(many=True)


class ApprenticeshipParameters(PagedParameters):
    """Which apprenticeships."""

    cohort = serializers.UUIDField(required=False)
    employer = serializers.UUIDField(required=False)
    search = serializers.CharField(
        required=False, max_length=100, help_text="A part of the apprentice's name, or a registration number."
    )


class EntryShape(serializers.Serializer[Any]):
    """One fact of a book. `canonical` is its exact text; `hash` is SHA-256 over a zero byte and that text in UTF-8."""

    id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    kind = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    canonical = serializers.CharField(help_text="JSON in the form of RFC 8785. Keep it as text: parsing may change it.")
    previous_hash = serializers.CharField()
    hash = serializers.CharField()


class HeadShape(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text="The number of the last entry; 0 for an empty book.")
    hash = serializers.CharField(allow_null=True, help_text="Of the last entry; it is also the ETag.")


class EntryPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    head = HeadShape()
    results = EntryShape(many=True)


class SkillSigned(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    set = serializers.CharField()
    parent = serializers.CharField(allow_null=True, help_text="The code of the skill of which this is a step.")  # type: ignore[assignment]  # a name of the field itself, too


class LevelSigned(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a name of the field itself, too
    sentence = serializers.CharField()
    attained = serializers.BooleanField()


class Person(Named):
    """As printed beside the signature on that day."""

    role = serializers.CharField()
    qualification = serializers.CharField(allow_blank=True)


class Meaning(serializers.Serializer[Any]):
    language = serializers.CharField()
    text = serializers.CharField()


class ProcedureShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    version = serializers.CharField(allow_blank=True)


class EvidenceSigned(serializers.Serializer[Any]):
    """One file that was signed with a sign-off."""

    sha256 = serializers.CharField()
    type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


class PaperSigned(serializers.Serializer[Any]):
    """What a sign-off of the method "transcribed" verifies: a signature on paper, as written there."""

    entry = serializers.IntegerField(help_text="The number of the entry that transcribes it.")
    signer = serializers.CharField()
    role = serializers.CharField()
    transcriber = serializers.CharField()


class SignOffFacts(serializers.Serializer[Any]):
    """One signature as it was signed; none of this ever changes."""

    id = serializers.UUIDField()
    apprenticeship = serializers.UUIDField()
    sequence = serializers.IntegerField(help_text="Of its entry in the book.")
    hash = serializers.CharField(help_text="Of its entry.")
    skill = SkillSigned()
    level = LevelSigned()
    method = serializers.CharField()
    observed_on = serializers.DateField()
    worksite = Named(allow_null=True)
    meaning = Meaning()
    has_note = serializers.BooleanField(help_text="Whether a sealed note goes with it.")
    by = Person()
    authentication = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    zone = serializers.CharField()
    replaces = serializers.UUIDField(allow_null=True)
    late = serializers.BooleanField(help_text="A late entry: a sealed reason says why it was signed so long after.")
    procedure = ProcedureShape(allow_null=True, help_text="What the work was held against.")
    tests = serializers.ListField(
        child=serializers.IntegerField(), help_text="The numbers of the entries of the test results that it rests on."
    )
    needs_counter_signature = serializers.BooleanField(help_text="It counts only once the apprentice agrees.")
    evidence = EvidenceSigned(many=True, help_text="The files that were signed with it, as its entry names them.")
    paper = PaperSigned(
        allow_null=True, help_text="Only of what was transcribed from paper; the signer did not see it."
    )


class SignOffShape(SignOffFacts):
    """One signature, whether it is the one that stands, and what the apprentice says of it."""

    state = serializers.ChoiceField(choices=["stands", "replaced", "taken_back"])
    counter_signature = CounterSignatureShape(allow_null=True, help_text="The apprentice's last word about it.")


class SignOffPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = SignOffShape(many=True)


class SignOffsMade(serializers.Serializer[Any]):
    """What was signed, in the order of the lines."""

    results = SignOffFacts(many=True)


class SignOffParameters(PagedParameters):
    """Which signatures."""

    apprenticeship = serializers.UUIDField(required=False)
    skill = serializers.UUIDField(required=False)
    stands = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="True: only what stands now. False: only the rest."
    )


class SignOffLineSent(StrictSerializer):
    """One skill of one apprentice, to be signed at one level."""

    apprenticeship = serializers.UUIDField()
    skill = serializers.UUIDField()
    level = serializers.UUIDField(help_text="A level of the skill's scale.")
    method = serializers.ChoiceField(choices=[(m.value, m.label) for m in METHODS_OF_MENTORS])
    observed_on = serializers.DateField(help_text="The local date on which it was shown.")
    replaces = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The signature that you saw standing, if any."
    )
    worksite = serializers.UUIDField(required=False, allow_null=True, default=None)
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_NOTE, help_text="It is sealed."
    )
    late_reason = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST_NOTE,
        help_text="Needed when it was shown longer ago than the program's terms allow (7 days if they say nothing).",
    )
    procedure_number = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_NUMBER, help_text="What it was held against."
    )
    procedure_version = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_VERSION)
    evidence = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=100,
        help_text="Files of this record, by their ids, that are signed with it.",
    )


class SignOffsSent(StrictSerializer):
    """Lines that are signed together: all of them or none."""

    lines = serializers.ListField(child=SignOffLineSent(), min_length=1, max_length=MOST_ENTRIES_IN_ONE_ACT)


class TakeBackSent(StrictSerializer):
    """Why a signature is taken back."""

    kind = serializers.ChoiceField(choices=RevocationKind.choices)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_NOTE, help_text="Needed for no_longer_stands."
    )


class RevocationFacts(serializers.Serializer[Any]):
    """That a signature was taken back; none of this ever changes."""

    id = serializers.UUIDField()
    sign_off = serializers.UUIDField()
    apprenticeship = serializers.UUIDField()
    sequence = serializers.IntegerField()
    hash = serializers.CharField()
    kind = serializers.ChoiceField(choices=["mistake", "no_longer_stands"])
    skill = SkillSigned()
    meaning = Meaning()
    by = Person()
    recorded_at = serializers.DateTimeField()
    zone = serializers.CharField()


def apprenticeship_shape(book: Apprenticeship, viewer: Viewer) -> dict[str, Any]:
    """Reads what `with_context` loaded; no query of its own."""
    version, today = book.terms.standard_version, viewer.today(book.sponsor)
    return {
        "id": book.pk,
        "apprentice": _named(book.apprentice),
        "sponsor": {**_named(book.sponsor), "time_zone": book.sponsor.time_zone},
        "program": {"id": book.terms.program_id, "title": book.terms.program.title, "terms": book.terms.number},
        "standard": {
            "title": version.title,
            "slug": version.standard.slug,
            "number": version.number,
            "version": version.pk,
        },
        "employer": _named(book.employer),
        "worksite": _named(book.worksite) if book.worksite else None,
        "cohort": _named(book.cohort) if book.cohort else None,
        "role_track": book.role_track,
        "registration_number": book.registration_number,
        "starts_on": book.starts_on,
        "status": book.status,
        "mentors": [
            {
                **_named(mentorship.mentor),
                "role": mentorship.role,
                "qualification": _printed(mentorship, book, today),
                "role_tracks": mentorship.role_tracks,
            }
            for mentorship in sorted(book.mentorships.all(), key=lambda m: (m.since, str(m.pk)))
            if mentorship.in_force(today)
        ],
    }


def _printed(mentorship: Mentorship, book: Apprenticeship, today: date) -> str:
    rows = mentorship.mentor.qualifications.all()
    held = [row.facts for row in rows if row.sponsor_id == book.sponsor_id]
    return mentorship.printed(held, covering="", today=today)


def head_tag(book: Apprenticeship) -> str:
    """The ETag of what is derived from a book alone: the hash of its last entry."""
    head = RecordHead.objects.filter(pk=book.pk).first()
    return head.hash if head else "empty"


def entry_shape(entry: RecordEntry) -> dict[str, Any]:
    names = ("id", "sequence", "kind", "recorded_at", "canonical", "previous_hash", "hash")
    return {name: getattr(entry, name) for name in names}


def sign_off_facts(sign_off: SignOff) -> dict[str, Any]:
    """What the entry's bytes say of this signature; `entry` should be loaded."""
    content = read(sign_off.entry)
    body = content["body"]
    return {
        "id": sign_off.pk,
        "apprenticeship": sign_off.apprenticeship_id,
        "sequence": sign_off.entry.sequence,
        "hash": sign_off.entry.hash,
        "skill": {"parent": None, **body["skill"]},
        "level": body["level"],
        "method": body["method"],
        "observed_on": body["observed_on"],
        "worksite": body["worksite"],
        "meaning": body["meaning"],
        "has_note": body["note"] is not None,
        "by": content["by"],
        "authentication": content["act"]["authentication"],
        "recorded_at": content["recorded_at"],
        "zone": content["zone"],
        "replaces": sign_off.replaces_id,
        "late": "late_reason" in body,
        "procedure": body.get("procedure"),
        "tests": body.get("tests", []),
        "needs_counter_signature": body.get("needs_counter_signature", False),
        "evidence": [{name: file[name] for name in ("sha256", "type", "size")} for file in body.get("evidence", [])],
        "paper": body.get("paper"),
    }


def sign_off_shape(sign_off: SignOff) -> dict[str, Any]:
    """With `standing`, `revocation` and `counter_signatures` loaded beside the entry, no query of its own."""
    state = (
        "stands" if hasattr(sign_off, "standing") else "taken_back" if hasattr(sign_off, "revocation") else "replaced"
    )
    return {**sign_off_facts(sign_off), "state": state, "counter_signature": last_word_shape(sign_off)}


def revocation_facts(revocation: Revocation) -> dict[str, Any]:
    """What the entry's bytes say of this taking back."""
    content = read(revocation.entry)
    body = content["body"]
    return {
        "id": revocation.pk,
        "sign_off": revocation.sign_off_id,
        "apprenticeship": revocation.entry.apprenticeship_id,
        "sequence": revocation.entry.sequence,
        "hash": revocation.entry.hash,
        "kind": revocation.kind,
        "skill": {"parent": None, **body["skill"]},
        "meaning": body["meaning"],
        "by": content["by"],
        "recorded_at": content["recorded_at"],
        "zone": content["zone"],
    }


def _named(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name}
