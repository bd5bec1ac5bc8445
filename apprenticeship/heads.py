"""The heads of all books, written once a day to a file outside the database.

Whoever cuts off the end of a book and mends its head leaves a database that agrees with itself;
the file of an earlier day does not agree. Keep the files where the database's keeper cannot reach.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

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


def compare_with_heads(apprenticeship: Apprenticeship, files: Iterable[Path]) -> list[Finding]:
    """What of this book no longer agrees with head files of earlier days."""
    findings = []
    for path in files:
        witnessed = json.loads(path.read_text(encoding="utf-8"))["books"].get(str(apprenticeship.pk))
        if witnessed is None:
            continue
        entry = RecordEntry.objects.filter(apprenticeship=apprenticeship, sequence=witnessed["sequence"]).first()
        if entry is None or entry.hash != witnessed["hash"]:
            findings.append(
                Finding(
                    witnessed["sequence"],
                    _("The book is not the one that %(file)s witnessed.") % {"file": path.name},
                )
            )
    return findings
