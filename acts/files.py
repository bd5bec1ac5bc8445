"""Keeping the bytes of a file: once per sponsor, under a random name, settled before it is named."""

import hashlib
import os
import uuid
from contextlib import suppress
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from acts.models import StoredFile


def store(data: bytes, *, sponsor_id: uuid.UUID, content_type: str, at: datetime) -> StoredFile:
    """The stored file with these bytes; the same bytes of the same sponsor are kept once.

    The bytes are on disk before the row exists, so a row never names what a power cut took away.
    Two writers of the same bytes meet in the unique key; the second one's copy is removed.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    kept = StoredFile.objects.filter(sponsor_id=sponsor_id, sha256=sha256)
    if existing := kept.first():
        return existing
    name = uuid.uuid4().hex
    path = default_storage.save(f"{name[:2]}/{name}", ContentFile(data))
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
        return kept.get()


def _settle(path: str) -> None:
    """Have a local file written through to the disk; other storages answer only when it is kept."""
    with suppress(NotImplementedError):
        handle = os.open(default_storage.path(path), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
