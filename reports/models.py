"""What was printed, and the work of printing it. Nothing here is a source: a record is only in its book."""

import secrets
import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from reports.papers import PAPERS
from reports.querysets import DocumentQuerySet, RenderJobQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


def random_code() -> str:
    """128 random bits, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


class DocumentKind(models.TextChoices):
    PROGRESS_RECORD = "progress_record", _("Progress record")
    MONTH_PAGE = "month_page", _("Month page")
    TRANSCRIPT = "transcript", _("Transcript")


class Document(models.Model):
    """One row is one printed state of one book: the frozen JSON, and the file once it is made.

    `sha256` is over `frozen` and is what the document is: the same state, language and paper is the
    same row. Never change one; another state is another document. `public_code` stands beside the
    JSON, not in it, so that nobody can guess an address from a printed record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_code = models.CharField(max_length=32, unique=True, default=random_code, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    head_sequence = models.PositiveIntegerField(help_text="The last entry of the book that it counts.")
    head_hash = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    language = models.CharField(max_length=10)
    paper = models.CharField(max_length=10)
    frozen = models.TextField(help_text="Canonical JSON (RFC 8785) of everything printed.")
    sha256 = models.CharField(max_length=64, unique=True)
    frozen_at = models.DateTimeField()
    file = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, null=True, related_name="documents")
    made_at = models.DateTimeField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, made_at=None) | Q(file__isnull=False, made_at__isnull=False),
                name="document_made_at_with_its_file",
            ),
            models.CheckConstraint(condition=Q(paper__in=PAPERS), name="document_paper_is_known"),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that was printed."""
        return self.apprenticeship.roles_of(viewer)


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting in line")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Could not be made")


class JobQueue(models.TextChoices):
    """Each queue has a worker process of its own, so that a batch never holds up a person who waits."""

    DOCUMENTS = "documents", _("For somebody who waits")
    BATCHES = "batches", _("For a batch")


class FailureReason(models.TextChoices):
    """Why an attempt came to nothing, in words for the person who waits."""

    WORKER_LOST = "worker_lost", _("The process that was making it ended before it was done.")
    TOO_LONG = "too_long", _("Making it took longer than is allowed.")
    OUT_OF_MEMORY = "out_of_memory", _("Making it needed more memory than is allowed.")
    COULD_NOT_RENDER = "could_not_render", _("The page could not be set.")


class RenderJob(models.Model):
    """One row is one order to make a document's file; the queue only carries its id.

    A running job is held by a lease: `token` names the holder, and only the holder may finish it.
    When the lease runs out, the worker is taken for dead and the job is queued again, three
    attempts in all. Rows are kept as the trace of what was made, when and at which attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="jobs")
    requested_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="render_jobs")
    queue = models.CharField(max_length=20, choices=JobQueue.choices, default=JobQueue.DOCUMENTS)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    requested_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True, help_text="When its id was last put into the queue.")
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True, help_text="Of the last attempt.")
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, choices=FailureReason.choices)
    detail = models.CharField(max_length=200, blank=True, help_text="For the operator; never shown to others.")

    objects = RenderJobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
                name="render_job_open_once_per_document",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, token__isnull=False, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(token=None, lease_until=None)),
                name="render_job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.FAILED], finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at=None),
                name="render_job_finished_at_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(reason=""), name="render_job_failed_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(queue__in=JobQueue.values), name="render_job_queue_is_known"),
        ]
        indexes = [
            # Serves the sweep and the place in line: what is still open, oldest first.
            models.Index(
                fields=["state", "requested_at"],
                name="render_job_open",
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.document.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that is printed."""
        return self.document.roles_of(viewer)

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)
