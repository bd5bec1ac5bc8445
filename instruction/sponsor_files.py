"""Files that stand in no book: kept when they arrive, given with a certificate of staff or with a class.

As with evidence, an upload is a draft first, so that a form that is refused loses none; the same bytes in the
same form make the same row.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.files import forget_unused, store
from acts.incoming import receive
from acts.refusing import FileRefused
from apprenticeship.evidence import plain_name
from apprenticeship.evidence_shown import ShownFile
from instruction.file_models import SponsorFile
from instruction.models import Certificate, StaffFile

File = TypeVar("File", bound=SponsorFile)


def keep(table: type[File], *, viewer: Viewer, key: str, sponsor: Sponsor, file: BinaryIO, name: str) -> File:
    """Keep `file` as a draft of the viewer's for the act `key`. Raises FileRefused with the reason.

    The edge has asked for the permission. Runs in no transaction of its own: decoding a photo takes a second.
    """
    received = receive(file)
    sha256 = hashlib.sha256(received.data).hexdigest()
    pk = uuid.uuid5(sponsor.pk, f"{viewer.user_id} {key} {sha256}")
    rows: models.QuerySet[File] = table._default_manager.all()
    if known := rows.filter(pk=pk).first():
        return known
    if _drafts(table).filter(uploaded_by=viewer.person).count() >= settings.EVIDENCE_MOST_DRAFTS:
        raise FileRefused(_("You have uploaded many files that were not used yet. Try again tomorrow."))
    kept = store(received.data, sponsor_id=sponsor.pk, content_type=received.content_type, at=viewer.at)
    small = received.thumbnail and store(
        received.thumbnail, sponsor_id=sponsor.pk, content_type="image/jpeg", at=viewer.at
    )
    facts = {
        "sponsor": sponsor,
        "uploaded_by": viewer.person,
        "uploaded_at": viewer.at,
        "name": plain_name(name, received.content_type),
        "file": kept,
        "thumbnail": small or None,
    }
    try:
        with transaction.atomic():
            return rows.create(pk=pk, **facts)
    except IntegrityError:  # the same upload at the same instant
        return rows.get(pk=pk)


def drafts_of(table: type[File], viewer: Viewer, ids: Sequence[uuid.UUID]) -> list[File]:
    """Those of `ids` that are the viewer's own drafts, in their order."""
    rows = _drafts(table).filter(uploaded_by=viewer.person).select_related("file", "thumbnail", "uploaded_by")
    found = rows.in_bulk(list(ids))
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def give(ids: Sequence[uuid.UUID], *, certificate: Certificate, viewer: Viewer) -> int:
    """Give the viewer's drafts with `certificate`, in the caller's transaction; how many there were."""
    drafts = _drafts(StaffFile).filter(pk__in=set(ids), uploaded_by=viewer.person)
    return drafts.filter(sponsor=certificate.sponsor_id).update(certificate=certificate)


def clear_drafts(table: type[SponsorFile], *, at: datetime) -> int:
    """Delete what was uploaded a day before `at` and never given, bytes and all; returns how many drafts."""
    old = _drafts(table).filter(uploaded_at__lt=at - timedelta(hours=settings.EVIDENCE_DRAFT_HOURS))
    files = [pk for pair in old.values_list("file", "thumbnail") for pk in pair if pk]
    cleared, _by_table = old.delete()
    forget_unused(files, at=at)
    return cleared


def _drafts(table: type[File]) -> "models.QuerySet[File]":
    return table._default_manager.filter(**{table.GIVEN_WITH: None})


def file_shown(file: SponsorFile) -> ShownFile:
    """A file that stands in no book; whoever sees it may open it."""
    uploaded: datetime = file.uploaded_at
    return ShownFile(
        id=file.pk,
        name=file.name,
        content_type=file.file.content_type,
        size=file.file.size,
        sha256=file.file.sha256,
        by=file.uploaded_by.name,
        at=uploaded,
        is_draft=file.is_draft,
        opens=not file.is_draft and file.file.removed_at is None,
        has_thumbnail=False,
        removed_at=file.file.removed_at,
    )
