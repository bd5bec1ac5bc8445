"""The one way for a view to obtain a row of this layer: among those visible to the viewer, or 404."""

import uuid

from accounts.pages import visible_or_404
from accounts.viewer import Viewer
from instruction.models import Certificate, ClassSession, StaffFile


def get_class(viewer: Viewer, pk: uuid.UUID) -> ClassSession:
    """The class with its sponsor."""
    return visible_or_404(ClassSession.objects.visible_to(viewer).select_related("sponsor"), pk)


def get_certificate(viewer: Viewer, pk: uuid.UUID) -> Certificate:
    """The certificate with everything that is shown of it."""
    rows = Certificate.objects.visible_to(viewer).with_all()
    return visible_or_404(rows.prefetch_related("apprenticeship__mentorships"), pk)


def get_staff_file(viewer: Viewer, pk: uuid.UUID) -> StaffFile:
    """A file of somebody without a book, given with a certificate that one may see."""
    rows = StaffFile.objects.visible_to(viewer).select_related("file", "certificate__apprenticeship")
    return visible_or_404(rows, pk)
