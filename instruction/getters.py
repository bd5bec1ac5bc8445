"""The one way for a view to obtain a class: among those visible to the viewer, or 404."""

import uuid

from accounts.pages import visible_or_404
from accounts.viewer import Viewer
from instruction.models import ClassSession


def get_class(viewer: Viewer, pk: uuid.UUID) -> ClassSession:
    """The class with its sponsor."""
    return visible_or_404(ClassSession.objects.visible_to(viewer).select_related("sponsor"), pk)
