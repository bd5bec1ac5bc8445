"""The heads of all books, written once a day to a file outside the database.

Whoever cuts off the end of a book and mends its head leaves a database that agrees with itself;
the file of an earlier day does not agree. Keep the files where the database's keeper cannot reach.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.utils.translation import gettext as _

from acts.models import origin
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead
from apprenticeship.record import timestamp
from apprenticeship.verifying import Finding


def write_heads(folder: Path, *, at: datetime) -> Path:
    """Write every book's last sequence and hash to `folder`/heads-DATE.json; returns its path.

    The file of a day that is there already is kept as it is: the earlier witness counts. It
    appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"heads-{timestamp(at)[:10]}.json"
    if path.exists():
        return path
    books = {
        str(head.apprenticeship_id): {"sequence": head.sequence, "hash": head.hash}
        for head in RecordHead.objects.filter(sequence__gt=0).order_by("pk").iterator()
    }
    content = {"format": 1, "origin": origin(), "at": timestamp(at), "books": books}
    with NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
    Path(file.name).replace(path)
    return path


@dataclass(frozen=True)
class HeadFile:
    """What one file witnesses: of which installation, and each book's last sequence and hash by its id."""

    name: str
    origin: str
    books: Mapping[str, tuple[int, str]]


class HeadFileUnreadable(Exception):
    """This file of heads cannot be read; a witness that was tampered with is a finding, not a detail."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def read_heads(folder: Path) -> list[HeadFile]:
    """All head files in `folder`, the earliest day first. Raises HeadFileUnreadable."""
    return [_read(path) for path in sorted(folder.glob("heads-*.json"))]


def compare_with_heads(apprenticeship: Apprenticeship, files: Sequence[HeadFile]) -> list[Finding]:
    """What of this book no longer agrees with head files of earlier days."""
    witnessed = {
        file.name: file.books[str(apprenticeship.pk)] for file in files if str(apprenticeship.pk) in file.books
    }
    sequences = {sequence for sequence, _hash in witnessed.values()}
    kept = RecordEntry.objects.filter(apprenticeship=apprenticeship, sequence__in=sequences)
    hashes = dict(kept.values_list("sequence", "hash"))
    return [
        Finding(sequence, _("The book is not the one that %(file)s witnessed.") % {"file": name})
        for name, (sequence, expected) in witnessed.items()
        if hashes.get(sequence) != expected
    ]


def strange_files(files: Sequence[HeadFile]) -> list[str]:
    """The names of files that another installation wrote: they witness nothing here."""
    origin_id = origin()
    return [file.name for file in files if file.origin != origin_id]


def lost_books(files: Sequence[HeadFile]) -> dict[str, str]:
    """The ids of books that a file witnessed and that are gone altogether, with the first such file."""
    kept = {str(pk) for pk in Apprenticeship.objects.values_list("pk", flat=True)}
    lost: dict[str, str] = {}
    for file in files:
        for book in file.books.keys() - kept:
            lost.setdefault(book, file.name)
    return lost


def _read(path: Path) -> HeadFile:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        books = {str(UUID(book)): (int(end["sequence"]), str(end["hash"])) for book, end in content["books"].items()}
        return HeadFile(name=path.name, origin=str(content["origin"]), books=books)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HeadFileUnreadable(path.name) from error
