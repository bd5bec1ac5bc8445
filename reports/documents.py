"""Documents: gathered, frozen, and made once; the same state is the same document, served from store."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.verifying import Finding
from reports.jobs import dispatch
from reports.models import Document, JobState, RenderJob
from reports.paper_kinds import RECORD, Wanted, gather_wanted
from reports.papers import LETTER, PAPERS, Paper, frozen


class UnknownPaper(Exception):
    """No such kind, language or paper size is offered; the edge answers 400."""


def request_document(
    *,
    viewer: Viewer,
    key: str,
    apprenticeship: Apprenticeship,
    language: str,
    paper: str = LETTER,
    wanted: Wanted = RECORD,
) -> RenderJob:
    """Order the wanted paper as it stands now; the job that makes it, or that made it already.

    Reading is done before the transaction, which only writes. Raises NotPermitted, UnknownPaper,
    NoSuchMonth, KeyReused, BookKeepsMoving and EntryIllegible; after any of them nothing is stored.
    """
    require(viewer, Permission.REQUEST_DOCUMENT, on=apprenticeship)
    if paper not in PAPERS or language not in dict(settings.LANGUAGES) or not wanted.is_known:
        raise UnknownPaper
    record = gather_wanted(wanted, apprenticeship, viewer=viewer, language=language, paper=paper)
    with transaction.atomic():
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="request_document",
            request={
                "apprenticeship": str(apprenticeship.pk),
                "language": language,
                "paper": paper,
                **wanted.as_request(),
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return RenderJob.objects.get(pk=begun.act.result_ids[0])
        document = document_of(record, apprenticeship_id=apprenticeship.pk, at=viewer.at)
        job = _job_of(document, viewer=viewer)
        finish_act(begun.act, [job.pk])
        if job.state == JobState.QUEUED and job.dispatched_at is None:
            transaction.on_commit(partial(dispatch, job, at=viewer.at), robust=True)
    return job


def document_of(record: Paper, *, apprenticeship_id: uuid.UUID, at: datetime) -> Document:
    """The document that `record` is: found by the hash of its frozen JSON, or written as a new row."""
    text = frozen(record)
    document, _is_new = Document.objects.get_or_create(
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        defaults={
            "apprenticeship_id": apprenticeship_id,
            "kind": record.kind,
            "head_sequence": record.head_sequence,
            "head_hash": record.head_hash,
            "as_of": datetime.fromisoformat(record.as_of),
            "language": record.language,
            "paper": record.paper,
            "frozen": text,
            "frozen_at": at,
        },
    )
    return document


def _job_of(document: Document, *, viewer: Viewer) -> RenderJob:
    """The open job of a document, the one that made it, or a new one; two askers get the same."""
    jobs = RenderJob.objects.filter(document=document)
    wanted = {JobState.DONE} if document.file_id else {JobState.QUEUED, JobState.RUNNING}
    if found := jobs.filter(state__in=wanted).order_by("-requested_at").first():
        return found
    try:
        with transaction.atomic():
            return RenderJob.objects.create(document=document, requested_by_id=viewer.user_id, requested_at=viewer.at)
    except IntegrityError:
        # Somebody else ordered it an instant before; a quick worker may have ended that job already.
        return jobs.open().first() or jobs.latest("requested_at")


def check_documents(apprenticeship: Apprenticeship, entries: Sequence[RecordEntry]) -> list[Finding]:
    """Hold the book to every document printed from it: what a paper in the world says must still be so."""
    hashes = {entry.sequence: entry.hash for entry in entries}
    findings = []
    for document in Document.objects.filter(apprenticeship=apprenticeship).order_by("head_sequence", "frozen_at"):
        sequence, names = document.head_sequence, {"document": document.sha256[:12], "entry": document.head_sequence}
        if hashlib.sha256(document.frozen.encode()).hexdigest() != document.sha256:
            findings.append(Finding(sequence, _("The frozen text of document %(document)s was changed.") % names))
        elif f'"head_hash":"{document.head_hash}"' not in document.frozen:
            findings.append(
                Finding(sequence, _("The row of document %(document)s says otherwise than its text.") % names)
            )
        if sequence and sequence not in hashes:
            findings.append(
                Finding(sequence, _("Document %(document)s printed entry %(entry)s, which is missing.") % names)
            )
        elif sequence and hashes[sequence] != document.head_hash:
            findings.append(
                Finding(sequence, _("Document %(document)s printed another hash for entry %(entry)s.") % names)
            )
    return findings
