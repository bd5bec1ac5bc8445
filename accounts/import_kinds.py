"""What kinds of files can be brought in. The layers above register theirs in settings.IMPORT_KINDS, by dotted paths."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.access import Permission
from accounts.import_columns import Column
from accounts.import_rows import Row
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.models import Act


class Check(Protocol):
    """Says of each row what it will do, and writes nothing; as many queries at any number of rows."""

    def __call__(self, rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor) -> None: ...


class Write(Protocol):
    """Writes rows that were just checked, by the transitions that write them otherwise too; gives what was made."""

    def __call__(self, rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor, act: Act) -> list[uuid.UUID]: ...


@dataclass(frozen=True)
class FileKind:
    """One kind of file.

    `code` is stored: never rename one. `permission` is what bringing in, seeing and recording one asks; `act` is the
    kind of the act that records it; `refusals` are the errors by which `write` says that something has changed
    since the check; `most_rows` tells how many rows one file may have. Where `is_signed`, recording it asks
    for the proof that the sponsor's policy wants. Where it is `by_worker`, the press only orders it, and a worker
    records it in one transaction: for files so large that nobody waits for a page; nothing that is signed.
    """

    code: str
    label: "str | Promise"
    permission: Permission
    columns: Sequence[Column]
    check: Check
    write: Write
    act: str
    refusals: tuple[type[Exception], ...]
    most_rows: Callable[[], int]
    is_signed: bool = False
    by_worker: bool = False


def file_kinds() -> Mapping[str, FileKind]:
    """All kinds by code."""
    return _kinds(tuple(settings.IMPORT_KINDS))


@cache
def _kinds(paths: tuple[str, ...]) -> Mapping[str, FileKind]:
    kinds: list[FileKind] = [import_string(path) for path in paths]
    return {kind.code: kind for kind in kinds}
