"""What every file has that stands in no book: it belongs to a sponsor, and is a draft until it is given."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from acts.incoming import is_photo


class SponsorFile(models.Model):
    """One row is one file of a sponsor, given with something, or so far only uploaded.

    Until it is given it is its uploader's alone and is deleted after a day, bytes and all.
    """

    GIVEN_WITH: ClassVar[str]
    """The name of the column of what it is given with; blank in a draft."""
    if TYPE_CHECKING:
        objects: models.Manager["SponsorFile"]

    id = models.UUIDField(primary_key=True, editable=False, help_text="Made of who, which act and which bytes.")
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=200)
    file = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.id} {self.file_id}"

    @property
    def is_photo(self) -> bool:
        return is_photo(self.file.content_type)

    @property
    def is_draft(self) -> bool:
        return getattr(self, f"{self.GIVEN_WITH}_id") is None
