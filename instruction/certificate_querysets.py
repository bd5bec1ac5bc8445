"""Reading certificates: who sees what, and which of them count, are current, or come due."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.models import Role
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship

if TYPE_CHECKING:
    from instruction.certificate_models import (  # noqa: F401  # names of the generic parameters
        Certificate,
        CertificateDecision,
        CertificateKind,
        InstructionVoid,
        StaffFile,
    )


STANDS: dict[str, Any] = {
    "decision__outcome": "confirmed",
    "decision__entry__voided_by_instruction": None,
    "staff_void": None,
}
"""The condition of a certificate that counts: confirmed, and taken back neither in a book nor without one."""


def sponsors_looked_after(viewer: Viewer) -> frozenset[uuid.UUID]:
    """The sponsors whose people's certificates `viewer` looks after."""
    roles = {Role.COORDINATOR, Role.ADMINISTRATOR}
    return frozenset(s.pk for s in viewer.sponsors if viewer.roles_with(s.pk) & roles)


class CertificateKindQuerySet(models.QuerySet["CertificateKind"]):
    def of(self, sponsor_id: uuid.UUID) -> "CertificateKindQuerySet":
        """Those that people of one sponsor choose from: everybody's and its own."""
        return self.filter(Q(sponsor=None) | Q(sponsor=sponsor_id))

    def visible_to(self, viewer: Viewer) -> "CertificateKindQuerySet":
        """Everybody's, and those of sponsors with whom one holds a role."""
        return self.filter(Q(sponsor=None) | Q(sponsor__in=viewer.sponsor_ids))


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, viewer: Viewer) -> "CertificateQuerySet":
        """Those of books that one may read; of staff one's own, and all of them for whoever looks after them."""
        if viewer.is_anonymous:
            return self.none()
        return self.filter(
            Q(apprenticeship__in=Apprenticeship.objects.visible_to(viewer))
            | Q(apprenticeship=None, holder=viewer.user_id, sponsor__in=viewer.sponsor_ids)
            | Q(apprenticeship=None, sponsor__in=sponsors_looked_after(viewer))
        )

    def waiting(self) -> "CertificateQuerySet":
        """Those that nobody has decided about."""
        return self.filter(decision=None)

    def standing(self) -> "CertificateQuerySet":
        """Those that count: confirmed, and not taken back."""
        return self.filter(**STANDS)

    def current(self) -> "CertificateQuerySet":
        """Those that count and that no other one that counts has renewed."""
        renewed = self.model._default_manager.filter(  # the class itself cannot be imported here
            **STANDS, renews__isnull=False
        )
        return self.standing().exclude(pk__in=renewed.values("renews"))

    def due_until(self, day: date) -> "CertificateQuerySet":
        """Those of which a new one is due until `day`."""
        return self.filter(due_on__lte=day)

    def with_all(self) -> "CertificateQuerySet":
        """With everything that is shown of them, in the same query; files are read apart."""
        return self.select_related(
            "sponsor",
            "holder",
            "kind",
            "topic__course",
            "added_by",
            "renews__kind",
            "renews__decision__entry",
            "apprenticeship__sponsor",
            "apprenticeship__apprentice",
            "apprenticeship__cohort",
            "apprenticeship__terms__program",
            "apprenticeship__worksite",
            "decision__by",
            "staff_void__by",
            "decision__entry__voided_by_instruction__by",
            "decision__entry__voided_by_instruction__entry",
            "decision__entry__voided_by_instruction__reason",
        )


class CertificateDecisionQuerySet(models.QuerySet["CertificateDecision"]):
    def visible_to(self, viewer: Viewer) -> "CertificateDecisionQuerySet":
        """Those about certificates that one may see."""
        from instruction.certificate_models import Certificate  # the models import their querysets

        return self.filter(certificate__in=Certificate.objects.visible_to(viewer))


class CertificatePartQuerySet(models.QuerySet[Any]):
    """Rows that belong to one certificate: its files, its reminders."""

    def visible_to(self, viewer: Viewer) -> "CertificatePartQuerySet":
        """Those of certificates that one may see."""
        from instruction.certificate_models import Certificate  # the models import their querysets

        return self.filter(certificate__in=Certificate.objects.visible_to(viewer))


class InstructionVoidQuerySet(models.QuerySet["InstructionVoid"]):
    def visible_to(self, viewer: Viewer) -> "InstructionVoidQuerySet":
        """Those in books that one may read."""
        return self.filter(entry__apprenticeship__in=Apprenticeship.objects.visible_to(viewer))


class StaffFileQuerySet(models.QuerySet["StaffFile"]):
    def visible_to(self, viewer: Viewer) -> "StaffFileQuerySet":
        """Those given with certificates that one may see."""
        from instruction.certificate_models import Certificate  # the models import their querysets

        return self.filter(certificate__in=Certificate.objects.visible_to(viewer))
