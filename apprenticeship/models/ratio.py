"""How many journeyworkers work where: most of them have no account, so somebody counts them."""

import uuid

from django.db import models

from apprenticeship.querysets import HeadcountQuerySet


class Headcount(models.Model):
    """One row says how many journeyworkers one worksite had as of a local day. Insert only: the latest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worksite = models.ForeignKey("apprenticeship.Worksite", on_delete=models.PROTECT, related_name="headcounts")
    on = models.DateField()
    journeyworkers = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = HeadcountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.worksite_id} {self.on}: {self.journeyworkers}"
