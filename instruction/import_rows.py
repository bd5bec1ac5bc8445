"""The apprentices that rows of a file name, among those whose hours the viewer may bring in."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.import_columns import CellProblem, plain, text_in
from accounts.import_rows import Row
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.cells import Cell
from apprenticeship.models import Apprenticeship
from instruction.models import Expected


class Books:
    """The apprentices that the rows name, among those whose names the viewer may see; two or three queries.

    Whoever is not among them is told like whoever does not exist.
    """

    def __init__(self, rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor) -> None:
        said = {row.cells["apprentice"].text for row in rows if "apprentice" in row.cells}
        lower = {text.lower() for text in said}
        expected = Expected.objects.visible_to(viewer).filter(planned__sponsor=sponsor)
        seen = Q(pk__in=Apprenticeship.objects.visible_to(viewer)) | Q(pk__in=expected.values("apprenticeship"))
        named = (
            Q(registration_number__in={*said, *lower, *(text.upper() for text in said)} - {""})
            | Q(apprentice__email__in=lower - {""})
            | Q(apprentice__username__in=lower)
        )
        self.by_name: dict[str, dict[uuid.UUID, Apprenticeship]] = defaultdict(dict)
        for book in Apprenticeship.objects.filter(seen, named, sponsor=sponsor).with_context():
            for name in (book.registration_number, book.apprentice.email, book.apprentice.username):
                if name:
                    self.by_name[plain(name)][book.pk] = book

    def of(self, cell: Cell) -> Apprenticeship:
        """The one book that the cell names. Raises CellProblem."""
        found = self.by_name.get(plain(text_in(cell)), {})
        if len(found) > 1:
            raise CellProblem(_("This person has several records. Give the registration number of the right one."))
        if not found:
            raise CellProblem(_("Nobody whose hours you may bring in is known by this."))
        return next(iter(found.values()))

    @property
    def versions(self) -> set[uuid.UUID]:
        """The versions of standards that these apprentices follow."""
        return {book.terms.standard_version_id for books in self.by_name.values() for book in books.values()}
