"""The one way for a view to obtain a row of this layer: among those visible to the viewer, or 404."""

import uuid

from django.db.models import Q

from accounts.models import FileImport
from accounts.pages import visible_or_404
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import Topic
from instruction.import_kinds import HOURS_KINDS
from instruction.models import (
    Attendance,
    Certificate,
    ClassFile,
    ClassSession,
    PlannedClass,
    StaffFile,
)
from instruction.topic_competency import TaughtBook


def get_class(viewer: Viewer, pk: uuid.UUID) -> ClassSession:
    """The class with its sponsor."""
    return visible_or_404(ClassSession.objects.visible_to(viewer).select_related("sponsor"), pk)


def get_certificate(viewer: Viewer, pk: uuid.UUID) -> Certificate:
    """The certificate with everything that is shown of it."""
    rows = Certificate.objects.visible_to(viewer).with_all()
    return visible_or_404(rows.prefetch_related("apprenticeship__mentorships"), pk)


def get_taught_book(viewer: Viewer, pk: uuid.UUID) -> TaughtBook:
    """A book that one may read, or whose apprentice attended one's class as its instructor."""
    attended = Attendance.objects.visible_to(viewer).filter(class_topic__session__instructor=viewer.user_id)
    among = Q(pk__in=Apprenticeship.objects.visible_to(viewer)) | Q(pk__in=attended.values("apprenticeship"))
    rows = Apprenticeship.objects.filter(among).with_context().prefetch_related("mentorships")
    return TaughtBook(visible_or_404(rows, pk))


def get_topic(book: Apprenticeship, pk: uuid.UUID) -> Topic:
    """A topic of the standard that the book is held to."""
    topics = Topic.objects.filter(course__version=book.terms.standard_version_id)
    return visible_or_404(topics.select_related("course"), pk)


def get_staff_file(viewer: Viewer, pk: uuid.UUID) -> StaffFile:
    """A file of somebody without a book, given with a certificate that one may see."""
    rows = StaffFile.objects.visible_to(viewer).select_related("file", "certificate__apprenticeship")
    return visible_or_404(rows, pk)


def get_planned(viewer: Viewer, pk: uuid.UUID) -> PlannedClass:
    """The planned class with its sponsor and cohort."""
    rows = PlannedClass.objects.visible_to(viewer).select_related("sponsor", "cohort__sponsor", "cancelled_by")
    return visible_or_404(rows, pk)


def get_class_file(viewer: Viewer, pk: uuid.UUID) -> ClassFile:
    """A file of a planned class that one may see."""
    rows = ClassFile.objects.visible_to(viewer).select_related("file", "planned__sponsor")
    return visible_or_404(rows, pk)


def get_hours_import(viewer: Viewer, pk: uuid.UUID) -> FileImport:
    """A file of hours that the viewer brought in, with its sponsor."""
    rows = FileImport.objects.visible_to(viewer).filter(kind__in=HOURS_KINDS).select_related("sponsor")
    return visible_or_404(rows, pk)


def class_to_copy(viewer: Viewer, cohort: Cohort, text: str) -> PlannedClass | None:
    """The class of this cohort that an address names to be copied; None where it names none."""
    try:
        pk = uuid.UUID(text)
    except ValueError:
        return None
    return PlannedClass.objects.visible_to(viewer).select_related("sponsor").filter(cohort=cohort, pk=pk).first()
