"""The kinds of paper that can be ordered: how each is gathered from a book, and built again from its frozen JSON."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship
from reports import gathering
from reports.freezing import built
from reports.gathering_months import gather_month
from reports.gathering_transcripts import gather_transcript
from reports.models import DocumentKind
from reports.month_papers import MonthPage
from reports.papers import LETTER, Paper, ProgressRecord
from reports.transcript_papers import Transcript

CLASSES: dict[str, type[Paper]] = {
    DocumentKind.PROGRESS_RECORD: ProgressRecord,
    DocumentKind.MONTH_PAGE: MonthPage,
    DocumentKind.TRANSCRIPT: Transcript,
}


@dataclass(frozen=True)
class Wanted:
    """What somebody orders: which kind of paper, and of a month page which month, by its first day."""

    kind: str = DocumentKind.PROGRESS_RECORD
    month: date | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is such a paper: a month for a month page, and for no other."""
        return self.kind in CLASSES and (self.month is not None) == (self.kind == DocumentKind.MONTH_PAGE)

    def as_request(self) -> dict[str, str]:
        """What distinguishes it in the request of an act; the progress record is what goes without saying."""
        if self.kind == DocumentKind.PROGRESS_RECORD:
            return {}
        return {"kind": str(self.kind), **({"month": f"{self.month:%Y-%m}"} if self.month else {})}


RECORD = Wanted()


def gather_wanted(wanted: Wanted, book: Apprenticeship, *, viewer: Viewer, language: str, paper: str = LETTER) -> Paper:
    """The wanted paper of one book as it stands. Raises what its own gathering raises."""
    today = viewer.today(book.sponsor)
    if wanted.kind == DocumentKind.TRANSCRIPT:
        return gather_transcript(book.pk, today=today, language=language, paper=paper)
    if wanted.month is not None:
        return gather_month(book.pk, month=wanted.month, today=today, language=language, paper=paper)
    return gathering.gather(book.pk, at=viewer.at, language=language, paper=paper)


def paper_of(text: str) -> Paper:
    """The paper that was frozen as `text`, of whichever kind. Raises TypeError or KeyError on another form."""
    data = json.loads(text)
    return built(CLASSES[data["kind"]], data)


def wanted_of(paper: Paper) -> Wanted:
    """The order that would bring such a paper again."""
    return Wanted(paper.kind, date.fromisoformat(paper.first) if isinstance(paper, MonthPage) else None)


def file_words(paper: Paper, *, name: str, day: date) -> str:
    """What the file is called: whose it is, what it is, and of which day or month."""
    if isinstance(paper, MonthPage):
        return _("%(name)s, month page, %(month)s") % {"name": name, "month": paper.month}
    if isinstance(paper, Transcript):
        return _("%(name)s, transcript, %(day)s") % {"name": name, "day": day.isoformat()}
    return _("%(name)s, progress record, %(day)s") % {"name": name, "day": day.isoformat()}
