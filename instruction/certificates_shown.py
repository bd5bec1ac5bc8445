"""Certificates as pages show them: what stands on each, how it stands, and what the viewer may do with it."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import Permission, permits
from accounts.states import State
from accounts.viewer import Viewer
from apprenticeship.evidence_shown import ShownFile, shown
from instruction.models import (
    Certificate,
    CertificateEvidence,
    InstructionVoid,
    Outcome,
    StaffCertificateVoid,
    StaffFile,
)
from instruction.sponsor_files import file_shown

SOON = timedelta(days=60)


@dataclass(frozen=True)
class ShownCertificate:
    """One certificate. `reason` is that of declining or taking back, blank where the viewer may not read it."""

    row: Certificate
    today: date
    files: tuple[ShownFile, ...]
    renewed: bool
    reason: str
    may_confirm: bool
    may_void: bool
    may_renew: bool

    @property
    def is_confirmed(self) -> bool:
        return self._outcome == Outcome.CONFIRMED

    @property
    def is_declined(self) -> bool:
        return self._outcome == Outcome.DECLINED

    @property
    def is_waiting(self) -> bool:
        return self._outcome == ""

    @property
    def is_taken_back(self) -> bool:
        return self.void is not None

    @property
    def counts(self) -> bool:
        """Whether it is confirmed, not taken back, and not renewed."""
        return self.is_confirmed and not self.is_taken_back and not self.renewed

    @property
    def _outcome(self) -> str:
        decision = getattr(self.row, "decision", None)
        return decision.outcome if decision else ""

    @property
    def void(self) -> InstructionVoid | StaffCertificateVoid | None:
        """What took it back: its entry, or itself where its holder has no book."""
        return _void(self.row)

    @property
    def voided_at(self) -> datetime | None:
        """When it was taken back."""
        void = self.void
        return void.at if isinstance(void, StaffCertificateVoid) else void.entry.recorded_at if void else None

    @property
    def is_over(self) -> bool:
        return self.row.due_on is not None and self.row.due_on < self.today

    @property
    def is_due_soon(self) -> bool:
        return self.row.due_on is not None and self.row.due_on <= self.today + SOON

    @property
    def state(self) -> State:
        """The shape that stands beside it."""
        if self.is_waiting:
            return State.WAITING
        if not self.counts or self.is_declined:
            return State.NO_LONGER_STANDS
        return State.DUE_AGAIN if self.is_due_soon else State.SIGNED_OFF

    @property
    def words(self) -> str:
        """How it stands, in a few words."""
        if self.is_waiting:
            return _("Waits to be confirmed")
        if self.is_declined:
            return _("Declined")
        if self.is_taken_back:
            return _("Taken back")
        if self.renewed:
            return _("Renewed")
        if self.is_over:
            return _("Has run out")
        if self.is_due_soon:
            return _("Runs out soon")
        return _("Confirmed")

    @property
    def due_words(self) -> str:
        """Until when it holds: "next due Mar 3, 2027", or that nothing is due."""
        if self.row.due_on is None:
            return _("does not run out")
        day = {"day": date_format(self.row.due_on)}
        left = (self.row.due_on - self.today).days
        if left < 0:
            return _("was due %(day)s") % day
        if left <= SOON.days:
            return _("next due %(day)s, in %(left)s days") % {**day, "left": left}
        return _("next due %(day)s") % day


def shown_certificates(rows: Iterable[Certificate], *, viewer: Viewer) -> list[ShownCertificate]:
    """These certificates, in their order, with their files; the same few queries for any number of them.

    Each comes with everything (`with_all`) and the mentorships of its book.
    """
    certificates = list(rows)
    files = _files(certificates, viewer)
    renewed = set(Certificate.objects.standing().filter(renews__in=certificates).values_list("renews", flat=True))
    return [
        ShownCertificate(
            row=row,
            today=viewer.today(row.sponsor),
            files=tuple(files[row.pk]),
            renewed=row.pk in renewed,
            reason=_reason(row, viewer),
            may_confirm=permits(viewer, Permission.CONFIRM_CERTIFICATE, on=row),
            may_void=permits(viewer, Permission.CONFIRM_CERTIFICATE, on=row.apprenticeship or row),
            may_renew=_may_renew(row, viewer),
        )
        for row in certificates
    ]


def _may_renew(row: Certificate, viewer: Viewer) -> bool:
    if row.apprenticeship is not None:
        return permits(viewer, Permission.ADD_CERTIFICATE, on=row.apprenticeship)
    return row.holder_id == viewer.user_id and permits(viewer, Permission.KEEP_OWN_CERTIFICATES, on=row.sponsor)


def _reason(row: Certificate, viewer: Viewer) -> str:
    decision = getattr(row, "decision", None)
    if decision is None:
        return ""
    reads_sealed = row.apprenticeship is None or permits(viewer, Permission.READ_SEALED_TEXT, on=row.apprenticeship)
    if not reads_sealed:
        return ""
    match _void(row):
        case InstructionVoid() as void:
            return str(void.reason.text)
        case StaffCertificateVoid() as void:
            return void.reason
        case _:
            return str(decision.reason)


def _void(row: Certificate) -> InstructionVoid | StaffCertificateVoid | None:
    if row.apprenticeship_id is None:
        return getattr(row, "staff_void", None)
    decision = getattr(row, "decision", None)
    return getattr(decision.entry, "voided_by_instruction", None) if decision and decision.entry else None


def _files(certificates: list[Certificate], viewer: Viewer) -> dict[uuid.UUID, list[ShownFile]]:
    found: dict[uuid.UUID, list[ShownFile]] = defaultdict(list)
    books = {row.pk: row.apprenticeship for row in certificates if row.apprenticeship is not None}
    uses = CertificateEvidence.objects.filter(certificate__in=books).order_by("pk")
    related = (f"evidence__{name}" for name in ("file", "thumbnail", "name", "uploaded_by"))
    for use in uses.select_related(*related):
        found[use.certificate_id] += shown([use.evidence], book=books[use.certificate_id], viewer=viewer)
    staff = [row.pk for row in certificates if row.apprenticeship is None]
    kept = StaffFile.objects.filter(certificate__in=staff).select_related("file", "uploaded_by", "certificate")
    for file in kept.order_by("uploaded_at", "pk"):
        found[file.certificate_id] += [file_shown(file)]  # type: ignore[index]  # filtered by it
    return found
