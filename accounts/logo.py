"""The sponsor's logo: taken apart and written anew as evidence pictures are, and kept for the papers that print it."""

import hashlib
import uuid
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from acts.files import store
from acts.incoming import too_large
from acts.models import StoredFile
from acts.pictures import JPEG, PNG, looks_like, remake_small
from acts.refusing import FileRefused

WITHIN = (600, 200)
"""The most dots that a kept logo has: wide and high."""
TAKEN = f"{PNG},{JPEG},image/webp"


def set_logo(*, viewer: Viewer, key: str, sponsor: Sponsor, file: BinaryIO | None) -> Sponsor:
    """Let the picture in `file` stand in the head of pages and on new papers; None: no logo any more.

    What was printed keeps the logo that it was printed with. Raises NotPermitted, KeyReused, FileRefused. The
    picture is decoded and stored before the transaction, which only writes the row.
    """
    require(viewer, Permission.MANAGE_SPONSOR, on=sponsor)
    picture = None if file is None else _picture(file)
    kept = picture and store(picture, sponsor_id=sponsor.pk, content_type=PNG, at=viewer.at)
    with transaction.atomic():
        sha256 = kept.sha256 if kept else ""
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="set_logo",
            request={"sponsor": str(sponsor.pk), "sha256": sha256},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        locked = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
        if begun.is_replay:
            return locked
        if locked.logo_id != (kept.pk if kept else None):
            locked.logo = kept or None
            locked.save(update_fields=["logo"])
            note_event(
                "sponsor_logo_set",
                at=viewer.at,
                actor_id=viewer.user_id,
                sponsor_id=sponsor.pk,
                subject=f"sponsor:{sponsor.pk}",
                data={"sha256": sha256},
            )
        finish_act(begun.act, [sponsor.pk])
        return locked


def logo_bytes(sponsor_id: uuid.UUID, sha256: str) -> bytes:
    """The PNG with this SHA-256 that `sponsor_id` has, or had, as its logo; nothing where there is none."""
    kept = StoredFile.objects.filter(sponsor_id=sponsor_id, sha256=sha256, removed_at=None).first() if sha256 else None
    if kept is None:
        return b""
    with kept.file.open("rb") as stream:
        data: bytes = stream.read()
    return data if hashlib.sha256(data).hexdigest() == sha256 else b""


def _picture(file: BinaryIO) -> bytes:
    most = settings.EVIDENCE_LARGEST_BYTES
    file.seek(0)
    data = file.read(most + 1)
    if len(data) > most:
        raise too_large()
    if not looks_like(data):
        raise FileRefused(_("A logo is a picture: PNG or JPEG. Save it as one of these and choose it again."))
    return remake_small(data, within=WITHIN)
