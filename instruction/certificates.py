"""Bringing a certificate: an apprentice's into their book, or one's own as mentor or staff.

It counts once a coordinator has confirmed it (`confirming`); until then it is a row and no entry.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from acts.sealing import can_be_kept
from apprenticeship.evidence import EvidenceInvalid, take
from apprenticeship.models import Apprenticeship
from apprenticeship.record import lock_books
from competencies.models import Topic
from instruction.certificate_telling import announce_waiting
from instruction.models import LONGEST_CERTIFICATE, OTHER, Certificate, CertificateEvidence, CertificateKind
from instruction.recurring import next_due
from instruction.sponsor_files import give

FIRST_DAY = date(1950, 1, 1)


@dataclass(frozen=True)
class CertificateFacts:
    """What stands on a certificate, and which one of the same person it renews."""

    kind: CertificateKind
    issuer: str
    issued_on: date
    number: str = ""
    title: str = ""
    expires_on: date | None = None
    topic: Topic | None = None
    renews: Certificate | None = None

    def as_request(self) -> dict[str, Any]:
        """What the act's request says of it."""
        return {
            "kind": str(self.kind.pk),
            "title": self.title,
            "issuer": self.issuer,
            "number": self.number,
            "issued_on": self.issued_on.isoformat(),
            "expires_on": self.expires_on.isoformat() if self.expires_on else None,
            "topic": str(self.topic.pk) if self.topic else None,
            "renews": str(self.renews.pk) if self.renews else None,
        }

    @property
    def due_on(self) -> date | None:
        """The day from which a new one is due: its last day, else what its topic says, else what its kind says."""
        if self.expires_on:
            return self.expires_on
        for rule in (self.topic, self.kind):
            if rule and (day := next_due(self.issued_on, recurrence=rule.recurrence, months=rule.recurrence_months)):
                return day
        return None


class CertificateInvalid(Exception):
    """Wrong input: `problems` are (field, what to do); nothing was stored. The edge answers 400."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = list(problems)


def add_certificate(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, facts: CertificateFacts, evidence: Sequence[uuid.UUID]
) -> Certificate:
    """Bring a certificate of an apprentice, as they themselves or as a coordinator who has it on the desk.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused and
    CertificateInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ADD_CERTIFICATE, on=apprenticeship)
        request = {"apprenticeship": str(apprenticeship.pk), "files": _texts(evidence), **facts.as_request()}
        act, earlier = _begin(viewer, key, "add_certificate", request)
        if earlier:
            return earlier
        sponsor, version = apprenticeship.sponsor, apprenticeship.terms.standard_version_id
        problems = problems_of_facts(viewer, sponsor, facts, files=len(evidence))
        if facts.topic and facts.topic.course.version_id != version:
            problems.append(("topic", _("This topic is not part of the standard this apprentice follows.")))
        if facts.renews and facts.renews.apprenticeship_id != apprenticeship.pk:
            problems.append(("renews", _("Only a certificate of the same person can be renewed.")))
        if problems:
            raise CertificateInvalid(problems)
        lock_books([apprenticeship.pk])
        try:
            (files,) = take([(apprenticeship, None, evidence)], viewer=viewer, act=act)
        except EvidenceInvalid as refusal:
            raise CertificateInvalid([("files", refusal.message)]) from refusal
        made = _made(viewer, act, sponsor, facts, holder=apprenticeship.apprentice_id, book=apprenticeship.pk)
        CertificateEvidence.objects.bulk_create([CertificateEvidence(certificate=made, evidence=f) for f in files])
        announce_waiting(made, act=act, viewer=viewer)
        finish_act(act, [made.pk])
        return made


def add_own_certificate(
    *, viewer: Viewer, key: str, sponsor: Sponsor, facts: CertificateFacts, files: Sequence[uuid.UUID]
) -> Certificate:
    """Bring a certificate of one's own, as a mentor or other staff of `sponsor`; `files` were kept by `staff_files`.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused and
    CertificateInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.KEEP_OWN_CERTIFICATES, on=sponsor)
        request = {"sponsor": str(sponsor.pk), "files": _texts(files), **facts.as_request()}
        act, earlier = _begin(viewer, key, "add_own_certificate", request)
        if earlier:
            return earlier
        problems = problems_of_facts(viewer, sponsor, facts, files=len(files))
        if facts.topic:
            problems.append(("topic", _("Only apprentices have topics of a standard.")))
        if facts.renews and (facts.renews.apprenticeship_id or facts.renews.holder_id != viewer.user_id):
            problems.append(("renews", _("Only a certificate of the same person can be renewed.")))
        if problems:
            raise CertificateInvalid(problems)
        made = _made(viewer, act, sponsor, facts, holder=viewer.person.pk, book=None)
        if give(files, certificate=made, viewer=viewer) != len(set(files)):
            raise CertificateInvalid([("files", _("A file is not there any more. Choose it again."))])
        announce_waiting(made, act=act, viewer=viewer)
        finish_act(act, [made.pk])
        return made


def problems_of_facts(
    viewer: Viewer, sponsor: Sponsor, facts: CertificateFacts, *, files: int
) -> list[tuple[str, str]]:
    """What is wrong with a certificate whoever holds it, as (field, what to do)."""
    problems = [*_problems_of_texts(facts), *_problems_of_days(viewer, sponsor, facts)]
    if facts.kind.sponsor_id not in (None, sponsor.pk):
        problems.append(("kind", _("This kind belongs to another sponsor. Choose one from the list.")))
    if facts.renews and facts.renews.sponsor_id != sponsor.pk:
        problems.append(("renews", _("Only a certificate of the same person can be renewed.")))
    if facts.renews and not Certificate.objects.standing().filter(pk=facts.renews.pk).exists():
        problems.append(("renews", _("Only a certificate that counts can be renewed.")))
    if not files:
        problems.append(("files", _("Add a photo or a file of the certificate.")))
    return problems


def _problems_of_texts(facts: CertificateFacts) -> list[tuple[str, str]]:
    problems = []
    if not facts.issuer.strip():
        problems.append(("issuer", _("Say who issued the certificate.")))
    if facts.kind.code == OTHER and not facts.kind.sponsor_id and not facts.title.strip():
        problems.append(("title", _("Say what the certificate is called.")))
    for name, longest in LONGEST_CERTIFICATE.items():
        text = getattr(facts, name)
        if len(text) > longest or not can_be_kept(text):
            problems.append((name, _("Keep it to %(most)s plain characters.") % {"most": longest}))
    return problems


def _problems_of_days(viewer: Viewer, sponsor: Sponsor, facts: CertificateFacts) -> list[tuple[str, str]]:
    if facts.issued_on > viewer.today(sponsor):
        return [("issued_on", _("The date is in the future. Enter the day on which it was issued."))]
    if facts.issued_on < FIRST_DAY:
        return [("issued_on", _("This is very long ago. Look at the year once more."))]
    if facts.expires_on and facts.expires_on < facts.issued_on:
        return [("expires_on", _("It would expire before it was issued. Look at both dates."))]
    return []


def _texts(ids: Sequence[uuid.UUID]) -> list[str]:
    return [str(pk) for pk in ids]


def _begin(viewer: Viewer, key: str, kind: str, request: dict[str, Any]) -> tuple[Act, Certificate | None]:
    """The act, and what it made if it was done before."""
    begun = begin_act(
        actor_id=viewer.user_id,
        key=key,
        kind=kind,
        request=request,
        at=viewer.at,
        authentication=viewer.authentication,
    )
    if not begun.is_replay:
        return begun.act, None
    return begun.act, Certificate.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))


def _made(
    viewer: Viewer,
    act: Act,
    sponsor: Sponsor,
    facts: CertificateFacts,
    *,
    holder: uuid.UUID,
    book: uuid.UUID | None,
) -> Certificate:
    return Certificate.objects.create(
        sponsor=sponsor,
        holder_id=holder,
        apprenticeship_id=book,
        kind=facts.kind,
        title=facts.title.strip() if facts.kind.code == OTHER else "",
        issuer=facts.issuer.strip(),
        number=facts.number.strip(),
        issued_on=facts.issued_on,
        expires_on=facts.expires_on,
        due_on=facts.due_on,
        topic=facts.topic,
        renews=facts.renews,
        added_by=viewer.person,
        added_at=viewer.at,
        act=act,
    )
