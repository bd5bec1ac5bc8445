"""Files that somebody brings in, and what each row would do. Nothing here is the record; all of it ends."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.import_querysets import FileImportQuerySet, FileRowQuerySet
from acts.models import Authentication

if TYPE_CHECKING:
    from accounts.models import Role
    from accounts.viewer import Viewer

LONGEST_NAME = 120


class ImportState(models.TextChoices):
    """How far a file is. Stored: never rename one."""

    QUEUED = "queued", _("Waiting in line")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    ORDERED = "ordered", _("Waiting to be recorded")
    WRITING = "writing", _("Being recorded")
    UNREADABLE = "unreadable", _("Cannot be read")
    FAILED = "failed", _("Could not be checked")
    RECORDED = "recorded", _("Recorded")


class RowVerdict(models.TextChoices):
    """What a row will do. Stored: never rename one."""

    NEW = "new", pgettext_lazy("row of a file", "New")
    THERE = "there", _("Already there")
    REFUSED = "refused", _("Refused")


HELD = (ImportState.CHECKING, ImportState.WRITING)
"""While a worker holds it."""
ASKED = (ImportState.ORDERED, ImportState.WRITING)
"""Between the press and what a worker writes."""


class FileImport(models.Model):
    """One row is one file that somebody brought in: seen by them alone, and deleted with its rows after some days.

    A worker holds it by a lease while it checks or records: `token` names the holder, and only the holder writes
    the result. Only the press that records it makes anything last, or the worker that the press orders to do it, as
    somebody who was authenticated as `ordered_as`; then `act` is that act.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, help_text="A code of accounts/import_kinds.py.")
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="file_imports")
    brought_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="file_imports")
    brought_at = models.DateTimeField()
    name = models.CharField(max_length=LONGEST_NAME, help_text="What its owner calls the file.")
    file = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, related_name="file_imports")
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.QUEUED)
    dispatched_at = models.DateTimeField(null=True, help_text="When its id was last put into the queue.")
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0, help_text="Rows of the file, once it is read.")
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, help_text="Why the file as a whole cannot be read.")
    ordered_as = models.CharField(max_length=20, blank=True, choices=Authentication.choices)
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, null=True, related_name="+")

    objects = FileImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=HELD, token__isnull=False, lease_until__isnull=False)
                | (~Q(state__in=HELD) & Q(token=None, lease_until=None)),
                name="file_import_lease_while_held",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.RECORDED, act__isnull=False)
                | (~Q(state=ImportState.RECORDED) & Q(act=None)),
                name="file_import_recorded_by_an_act",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ASKED) | ~Q(ordered_as=""), name="file_import_ordered_by_somebody"
            ),
        ]
        indexes = [
            # Serves the list of one's own, and the end of all.
            models.Index(fields=["brought_by", "-brought_at"], name="file_import_of_person"),
            models.Index(fields=["brought_at"], name="file_import_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether a worker is still to check or to record it."""
        return self.state in (ImportState.QUEUED, ImportState.ORDERED, *HELD)

    def roles_of(self, viewer: "Viewer") -> "frozenset[Role]":
        """Those of its owner, by membership, that may bring in such a file."""
        from accounts.access import ROLES  # both need the models first
        from accounts.import_kinds import file_kinds

        if viewer.user_id != self.brought_by_id:
            return frozenset()
        permission = file_kinds()[self.kind].permission
        return frozenset(role for role in viewer.roles_with(self.sponsor_id) if permission in ROLES[role])


class FileRow(models.Model):
    """One row is one row of a file: what its cells say, and what it will do."""

    id = models.BigAutoField(primary_key=True)
    brought = models.ForeignKey(FileImport, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="Its number in the file.")
    cells = models.JSONField(help_text="By column: what it says, and what a spreadsheet held it for.")
    verdict = models.CharField(max_length=8, choices=RowVerdict.choices)
    problems = models.JSONField(default=list, help_text="Column and sentence of each.")

    objects = FileRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brought", "number"], name="file_row_once_per_file"),
            models.CheckConstraint(condition=Q(verdict__in=RowVerdict.values), name="file_row_verdict_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verdict}"
