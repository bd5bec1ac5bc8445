"""The one way for a view to obtain a document or a job: among those visible to the viewer, or 404."""

import uuid

from accounts.pages import visible_or_404
from accounts.viewer import Viewer
from reports.models import Document, RenderJob


def get_document(viewer: Viewer, pk: uuid.UUID) -> Document:
    """The document with its file and its book."""
    return visible_or_404(Document.objects.visible_to(viewer).with_context(), pk)


def get_job(viewer: Viewer, pk: uuid.UUID) -> RenderJob:
    """The job with its document and the book."""
    return visible_or_404(RenderJob.objects.visible_to(viewer).with_context(), pk)
