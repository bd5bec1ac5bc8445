"""Keeping the bytes of a file: once per sponsor, under a random name, settled before it is named.

Bytes and rows live in two places that cannot commit together. So bytes come before their row, and go after
it: whatever dies in between leaves bytes that no row names, and a message of the outbox, written first,
removes those. A row that says its bytes are there is never wrong.
"""

import hashlib
import os
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from acts.models import Act, StoredFile
from acts.outbox import enqueue
from acts.refusing import FileRefused

REMOVE = "remove_bytes"
"""Our name in settings.OUTBOX_HANDLERS."""

HALF_DONE_AFTER = timedelta(hours=1)
"""After how long bytes that no row names are taken for what a dead process left."""


class FileRemoved(FileRefused):
    """These very bytes were removed for good with this sponsor; they are not taken again."""

    def __init__(self) -> None:
        super().__init__(_("This file was removed from the record for good; it cannot be added again."))


def store(data: bytes, *, sponsor_id: uuid.UUID, content_type: str, at: datetime) -> StoredFile:
    """The stored file with these bytes; the same bytes of the same sponsor are kept once.

    The bytes are on disk before the row exists, so a row never names what a power cut took away.
    Two writers of the same bytes meet in the unique key; the second one's copy is removed. Raises
    FileRemoved, a FileRefused, for bytes that were purged.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    kept = StoredFile.objects.filter(sponsor_id=sponsor_id, sha256=sha256)
    if existing := kept.first():
        return _still_there(existing)
    name = uuid.uuid4().hex
    path = f"{name[:2]}/{name}"
    enqueue(REMOVE, {"path": path}, act=None, at=at, due_at=at + HALF_DONE_AFTER)
    path = default_storage.save(path, ContentFile(data))
    _settle(path)
    try:
        with transaction.atomic():
            return StoredFile.objects.create(
                sponsor_id=sponsor_id,
                sha256=sha256,
                size=len(data),
                content_type=content_type,
                file=path,
                stored_at=at,
            )
    except IntegrityError:
        default_storage.delete(path)
        return _still_there(kept.get())


def plain_name(name: str, *, ending: str, longest: int) -> str:
    """The name of a file without its folders and unseen signs, with `ending`, in at most `longest` characters."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    stem = "".join(sign for sign in PurePosixPath(last).stem if sign.isprintable()).strip(" .") or _("file")
    return stem.encode("utf-8", "ignore").decode()[: longest - len(ending)] + ending


def mark_removed(files: Collection[StoredFile], *, act: Act, at: datetime) -> None:
    """Say of `files` that their bytes are gone, in the caller's transaction; after it they really go."""
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(removed_at=at)
    for file in files:
        enqueue(REMOVE, {"path": file.file.name}, act=act, at=at)


def forget_unused(files: Iterable[uuid.UUID], *, at: datetime) -> int:
    """Delete those of `files` that no row of any table uses, bytes and all; returns how many."""
    with transaction.atomic():
        rows = StoredFile.objects.select_for_update().filter(pk__in=set(files), removed_at=None).order_by("pk")
        unused = [row for row in rows if not users_of(row)]
        for row in unused:
            enqueue(REMOVE, {"path": row.file.name}, act=None, at=at)
            row.delete()
    return len(unused)


def users_of(file: StoredFile) -> set[type[models.Model]]:
    """The tables in which a row uses `file`."""
    relations = [
        field
        for field in StoredFile._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignObjectRel)
    ]
    return {
        relation.related_model
        for relation in relations
        if relation.related_model._base_manager.filter(**{relation.field.name: file}).exists()
    }


def remove_bytes(payload: Mapping[str, Any], **_told: Any) -> None:
    """Remove the bytes at a path, unless a row says that they are there; safe to run at any time and twice."""
    if not StoredFile.objects.filter(file=payload["path"], removed_at=None).exists():
        default_storage.delete(payload["path"])


def sha256_of_what_is_there(file: StoredFile) -> str:
    """The SHA-256 of the bytes that are really there; blank where there are none."""
    try:
        with file.file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _still_there(file: StoredFile) -> StoredFile:
    if file.removed_at is not None:
        raise FileRemoved
    return file


def _settle(path: str) -> None:
    """Have a file of the local disk written through; other storages answer only when it is kept."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    handle = os.open(default_storage.path(path), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
