"""Removing a file for good: from every book of the sponsor in which it stands, with an entry in each.

The bytes go after the commit, carried out by the outbox; what stays is that there was a file, its SHA-256,
who signed it, and who removed it when and why. Never removed this way: entries, signatures, texts.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.files import mark_removed, users_of
from acts.models import Act, SealedText, StoredFile
from acts.sealing import can_be_kept, seal_many
from apprenticeship.meaning import PURGE_MEANING
from apprenticeship.models import Apprenticeship, Evidence, EvidenceDraft, Purge, SignOffEvidence
from apprenticeship.record import Draft, append_many, lock_books

LONGEST_REASON = 2000
"""How many characters a reason may have."""


class PurgeInvalid(Exception):
    """Wrong input: no reason, or one that cannot be kept. The edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AlreadyPurged(Exception):
    """The file is gone already. The edge answers 409."""


class HeldElsewhere(Exception):
    """The same bytes serve elsewhere: a document that we made, a certificate, a class. The edge answers 409."""


class UsedMeanwhile(Exception):
    """Another book got the file at this moment; look once more. The edge answers 409."""


def uses_of(file: StoredFile) -> list[Evidence]:
    """Every place in which a file of a sponsor stands, book by book."""
    rows = Evidence.objects.filter(Q(file=file) | Q(thumbnail=file), apprenticeship__sponsor=file.sponsor_id)
    return list(
        rows.select_related("file", "thumbnail", "name", "apprenticeship__apprentice", "apprenticeship__sponsor")
        .prefetch_related(
            "sign_off_uses__sign_off__entry",
            "sign_off_uses__sign_off__skill",
            "ask_uses__requested_skill__skill",
            "ask_uses__taken_out",
        )
        .order_by("apprenticeship", "uploaded_at", "pk")
    )


def purge(*, viewer: Viewer, key: str, evidence: Evidence, reason: str) -> list[Purge]:
    """Remove the bytes of `evidence` from all books of its sponsor; returns one row per book, in id order.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    ProofNeeded, NotYetAccepted, PurgeInvalid, AlreadyPurged, HeldElsewhere, UsedMeanwhile; after any of them
    nothing is changed.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.PURGE, on=evidence)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="purge",
            request={"evidence": str(evidence.pk), "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, [evidence.apprenticeship.sponsor])
        _refuse_wrong_input(reason)
        books = _books_of(evidence.file)
        heads = lock_books(books)
        file = StoredFile.objects.select_for_update().get(pk=evidence.file_id)
        _refuse_wrong_state(file, books)
        uses = [use for use in uses_of(file) if use.file_id == file.pk]
        apprenticeships = {use.apprenticeship_id: use.apprenticeship for use in uses}
        for book in apprenticeships.values():  # one sponsor, but one's own book may be among them
            require(viewer, Permission.PURGE, on=book)
        reasons = seal_many([(reason, file.sponsor_id)] * len(apprenticeships), at=viewer.at)
        given = dict(zip(apprenticeships, reasons, strict=True))
        drafts = [_draft(book, file, uses, given[pk], viewer=viewer) for pk, book in apprenticeships.items()]
        entries = append_many(drafts, viewer=viewer, act=begun.act, heads=heads)
        made = [
            Purge(entry=entry, apprenticeship_id=pk, file=file, by=viewer.person, reason=given[pk])
            for pk, entry in zip(apprenticeships, entries, strict=True)
        ]
        Purge.objects.bulk_create(made)
        _remove(file, uses, viewer=viewer, act=begun.act)
        finish_act(begun.act, [row.pk for row in made])
        return made


def _earlier(act: Act) -> list[Purge]:
    found = Purge.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _refuse_wrong_input(reason: str) -> None:
    if not reason:
        raise PurgeInvalid(_("Say why the file is removed."))
    if len(reason) > LONGEST_REASON:
        raise PurgeInvalid(_("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON})
    if not can_be_kept(reason):
        raise PurgeInvalid(_("The reason contains signs that cannot be kept. Type it again."))


def _books_of(file: StoredFile) -> set[uuid.UUID]:
    return set(Evidence.objects.filter(file=file).values_list("apprenticeship", flat=True))


def _refuse_wrong_state(file: StoredFile, books: set[uuid.UUID]) -> None:
    """Judge under the locks of the books and of the file: who gives it a new use must wait for the latter."""
    if file.removed_at is not None:
        raise AlreadyPurged
    if users_of(file) - {Evidence, EvidenceDraft}:
        raise HeldElsewhere
    if _books_of(file) != books:
        raise UsedMeanwhile


def _remove(file: StoredFile, uses: Sequence[Evidence], *, viewer: Viewer, act: Act) -> None:
    """Take the bytes, the thumbnails that nobody else shows, the sealed names, and drafts of the same file."""
    EvidenceDraft.objects.filter(file=file).delete()
    SealedText.objects.filter(pk__in=[use.name_id for use in uses]).update(text="", salt="", removed_at=viewer.at)
    small = {use.thumbnail.pk: use.thumbnail for use in uses if use.thumbnail and use.thumbnail.removed_at is None}
    gone = [file, *(thumbnail for thumbnail in small.values() if _is_only_of(thumbnail, file))]
    mark_removed(list({row.pk: row for row in gone}.values()), act=act, at=viewer.at)


def _is_only_of(thumbnail: StoredFile, file: StoredFile) -> bool:
    """Whether no other file that is still there looks the same when small."""
    if users_of(thumbnail) - {Evidence, EvidenceDraft}:
        return False
    others = [table.objects.filter(Q(thumbnail=thumbnail) | Q(file=thumbnail)) for table in (Evidence, EvidenceDraft)]
    return not any(rows.exclude(file=file).filter(file__removed_at=None).exists() for rows in others)


def _draft(
    book: Apprenticeship, file: StoredFile, uses: Iterable[Evidence], reason: SealedText, *, viewer: Viewer
) -> Draft:
    signed = SignOffEvidence.objects.filter(evidence__in=[use.pk for use in uses if use.apprenticeship_id == book.pk])
    return Draft(
        apprenticeship=book,
        kind="purge",
        role=acting_role(viewer, Permission.PURGE, on=book),
        body={
            "file": {"sha256": file.sha256, "size": file.size, "type": file.content_type},
            "signed_in": sorted(set(signed.values_list("sign_off__entry__sequence", flat=True))),
            "reason": reason.digest,
            "meaning": {"language": get_language() or "en", "text": str(PURGE_MEANING)},
        },
    )
