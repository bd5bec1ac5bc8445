"""Files of planned classes: the same ones with every week of a series, and with a copy.

A plan is no record, so who plans takes files out again; bytes that nothing else uses go with the last row.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from acts.files import forget_unused
from acts.models import StoredFile
from apprenticeship.evidence import too_many
from instruction.models import ClassFile, PlannedClass
from instruction.plan_checks import PlanProblem
from instruction.sponsor_files import drafts_of


def wanted_files(ids: Sequence[uuid.UUID], *, viewer: Viewer, sponsor_id: uuid.UUID) -> list[ClassFile]:
    """Those of `ids` that a plan of this sponsor may name, in their order: own drafts, and files of its classes.

    In the caller's transaction; their bytes are locked, so that nobody clears them meanwhile.
    """
    if not ids:
        return []
    given = ClassFile.objects.filter(planned__sponsor=sponsor_id).select_related("file").in_bulk(list(ids))
    drafts = {row.pk: row for row in drafts_of(ClassFile, viewer, ids) if row.sponsor_id == sponsor_id}
    found = [row for pk in dict.fromkeys(ids) if (row := given.get(pk) or drafts.get(pk))]
    there = StoredFile.objects.select_for_update().filter(pk__in={row.file_id for row in found}, removed_at=None)
    kept = {row.pk for row in there.order_by("pk")}
    return [row for row in found if row.file_id in kept]


def problems_of_files(ids: Sequence[uuid.UUID], found: Sequence[ClassFile]) -> list[PlanProblem]:
    """What is wrong with the files that a plan names."""
    if len(set(ids)) > settings.EVIDENCE_MOST_FILES:
        return [PlanProblem("files", too_many())]
    if len(found) < len(set(ids)):
        return [PlanProblem("files", _("A file is not there any more. Choose it again."))]
    return []


def give_files(classes: Iterable[PlannedClass], wanted: Sequence[ClassFile]) -> None:
    """Give each of new `classes` the `wanted` files; drafts are used up."""
    ClassFile.objects.bulk_create([_copied(row, planned) for planned in classes for row in wanted])
    ClassFile.objects.filter(pk__in=[row.pk for row in wanted if row.is_draft]).delete()


def change_files(planned: PlannedClass, wanted: Sequence[ClassFile], *, at: datetime) -> None:
    """Let a class have the `wanted` files and no others."""
    before = {row.pk: row for row in planned.files.all()}
    give_files([planned], [row for row in wanted if row.pk not in before])
    gone = [row for pk, row in before.items() if pk not in {row.pk for row in wanted}]
    ClassFile.objects.filter(pk__in=[row.pk for row in gone]).delete()
    forget_unused([pk for row in gone for pk in (row.file_id, row.thumbnail_id) if pk], at=at)


def _copied(row: ClassFile, planned: PlannedClass) -> ClassFile:
    names = ("sponsor_id", "uploaded_by_id", "uploaded_at", "name", "file_id", "thumbnail_id")
    return ClassFile(pk=uuid.uuid4(), planned=planned, **{name: getattr(row, name) for name in names})
