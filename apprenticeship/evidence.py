"""Files on their way into a book: uploaded with a form, then given in an act.

An upload is first a draft of its uploader's own, so that a form that is refused keeps it. The act that the
form then does makes Evidence of it, under the lock of the book, in its own transaction. A draft's id is
made of who, which key, which book and which bytes: the same form sent twice brings the same ids, and so
replays the first act.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from acts.files import forget_unused, store
from acts.files import plain_name as plain_name_ending
from acts.incoming import KEPT_TYPES, Received, is_photo, receive
from acts.models import Act, StoredFile
from acts.refusing import FileRefused
from acts.sealing import seal_many
from apprenticeship.lines import Problem, SignOffInvalid, SignOffLine
from apprenticeship.models import (
    Apprenticeship,
    AskEvidence,
    Evidence,
    EvidenceDraft,
    SignOff,
    SignOffEvidence,
    Worksite,
)
from apprenticeship.models.evidence import LONGEST_NAME


class EvidenceInvalid(Exception):
    """Evidence that cannot be given: unknown, removed, too many, or a photo where none may be. The edge answers 400.

    `part` is the place, in the list of `take`, of what it was given for.
    """

    def __init__(self, part: int, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message


def photos_allowed(book: Apprenticeship, *, at: Worksite | None = None) -> bool:
    """Whether the sponsor lets photographs be given in this book, and where they were taken if that is named."""
    sites = [site for site in (book.worksite, at) if site]
    return book.terms.program.photos_allowed and all(site.photos_allowed for site in sites)


def upload(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, file: BinaryIO, name: str
) -> EvidenceDraft | Evidence:
    """Keep `file` as a draft of the viewer's for the act `key`; the Evidence it became, if the act is done.

    The edge has asked for the permission of the act that it is for. Raises FileRefused with the reason.
    Runs in no transaction of its own: decoding a photo takes a second in which nobody shall wait.
    """
    return _kept(viewer, key, [apprenticeship], file, name)


def upload_for_several(
    *, viewer: Viewer, key: str, books: Sequence[Apprenticeship], file: BinaryIO, name: str
) -> EvidenceDraft | Evidence:
    """As `upload`, for whichever of `books` the act will be about; it is kept with the sponsor of the first."""
    return _kept(viewer, key, books, file, name)


def _kept(
    viewer: Viewer, key: str, books: Sequence[Apprenticeship], file: BinaryIO, name: str
) -> EvidenceDraft | Evidence:
    received = receive(file)
    if is_photo(received.content_type) and not any(photos_allowed(book) for book in books):
        raise FileRefused(no_photos())
    draft_id = _draft_id(viewer, key, books, received)
    existing = Evidence.objects.filter(pk=draft_id).first() or EvidenceDraft.objects.filter(pk=draft_id).first()
    if existing:
        return existing
    if EvidenceDraft.objects.filter(uploaded_by=viewer.person).count() >= settings.EVIDENCE_MOST_DRAFTS:
        raise FileRefused(_("You have uploaded many files that were not used yet. Try again tomorrow."))
    for last in (False, True):
        try:
            return _new_draft(draft_id, received, viewer=viewer, books=books, name=name)
        except IntegrityError:
            # The same upload at the same instant, or its bytes were just being cleared: once more, then it is there.
            if last:
                raise
    raise AssertionError("unreachable")


def given_as(
    viewer: Viewer, apprenticeship: Apprenticeship, ids: Iterable[uuid.UUID]
) -> list[EvidenceDraft | Evidence]:
    """What a form named by id and may name: the viewer's own drafts for this book, and the book's evidence."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    drafts = EvidenceDraft.objects.filter(uploaded_by=viewer.person, apprenticeship=apprenticeship)
    rows = Evidence.objects.filter(apprenticeship=apprenticeship).select_related("name")
    found: dict[uuid.UUID, EvidenceDraft | Evidence] = {}
    found.update(drafts.select_related("file", "thumbnail", "uploaded_by").in_bulk(wanted))
    found.update(rows.select_related("file", "thumbnail", "uploaded_by").in_bulk(wanted))
    return [found[pk] for pk in wanted if pk in found]


def given_for_several(viewer: Viewer, ids: Iterable[uuid.UUID]) -> list[EvidenceDraft]:
    """What a form about several books named by id and may name: the viewer's own drafts for such a form."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    drafts = EvidenceDraft.objects.filter(uploaded_by=viewer.person, apprenticeship=None)
    found = drafts.select_related("file", "thumbnail", "uploaded_by").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def take(
    wanted: Sequence[tuple[Apprenticeship, Worksite | None, Sequence[uuid.UUID]]], *, viewer: Viewer, act: Act
) -> list[list[Evidence]]:
    """The evidence of each part of an act, drafts made Evidence; in the caller's transaction, the books locked.

    No query where no part names any. Raises EvidenceInvalid; then nothing is changed.
    """
    parts = [list(dict.fromkeys(ids)) for _book, _site, ids in wanted]
    if not any(parts):
        return [[] for _part in parts]
    every = [pk for ids in parts for pk in ids]
    books = {book.pk: book for book, _site, _ids in wanted}
    drafts = _drafts(viewer, books, every)
    _lock_files(drafts.values())
    # What each part names: the id that it has, or will have, in the book of that part, and the draft it comes from.
    named = [
        [(_id_in(book, pk, drafts), drafts.get(pk)) for pk in ids]
        for (book, _site, _ids), ids in zip(wanted, parts, strict=True)
    ]
    rows = Evidence.objects.filter(apprenticeship__in=books).select_related("file", "name")
    known = rows.in_bulk([pk for files in named for pk, _draft in files])
    for part, ((book, site, _ids), files) in enumerate(zip(wanted, named, strict=True)):
        if refusal := _refusal(book, site, [known.get(pk) or draft for pk, draft in files]):
            raise EvidenceInvalid(part, refusal)
    new = {
        pk: (draft, book)
        for (book, _site, _ids), files in zip(wanted, named, strict=True)
        for pk, draft in files
        if draft and pk not in known
    }
    known.update(_made_evidence(new, viewer=viewer, act=act))
    return [[known[pk] for pk, _draft in files] for files in named]


def take_for_lines(lines: Sequence[SignOffLine], *, viewer: Viewer, act: Act) -> list[list[Evidence]]:
    """The evidence of each line to be signed, as `take` gives it. Raises SignOffInvalid."""
    _refuse_taken_out(lines)
    try:
        return take([(line.apprenticeship, line.worksite, line.evidence) for line in lines], viewer=viewer, act=act)
    except EvidenceInvalid as refusal:
        raise SignOffInvalid([Problem(refusal.part, "evidence", refusal.message)]) from refusal


def _refuse_taken_out(lines: Sequence[SignOffLine]) -> None:
    """Refuse a file that the signer still saw beside a skill and its apprentice took out there meanwhile.

    No query where no line names a file. Raises SignOffInvalid.
    """
    named = {pk for line in lines for pk in line.evidence}
    if not named:
        return
    uses = AskEvidence.objects.filter(evidence__in=named).values_list(
        "requested_skill__apprenticeship", "requested_skill__skill", "evidence", "taken_out"
    )
    out = {(book, skill, file) for book, skill, file, taken_out in uses if taken_out}
    out -= {(book, skill, file) for book, skill, file, taken_out in uses if not taken_out}
    gone = _("%(name)s took a file out of the request meanwhile. Look once more, then sign.")
    problems = [
        Problem(place, "evidence", gone % {"name": line.apprenticeship.apprentice.name})
        for place, line in enumerate(lines)
        if any((line.apprenticeship.pk, line.skill.pk, pk) in out for pk in line.evidence)
    ]
    if problems:
        raise SignOffInvalid(problems)


def sign_with(signed: Iterable[tuple[SignOff, Sequence[Evidence]]]) -> None:
    """Write which files were signed with which sign-off; no query where none were."""
    uses = [SignOffEvidence(sign_off=sign_off, evidence=row) for sign_off, files in signed for row in files]
    if uses:
        SignOffEvidence.objects.bulk_create(uses)


def in_entry(evidence: Sequence[Evidence]) -> list[dict[str, str | int]]:
    """Files as an entry carries them: the bytes by their SHA-256, the name by its seal's digest."""
    return [
        {"name": row.name.digest, "sha256": row.file.sha256, "size": row.file.size, "type": row.file.content_type}
        for row in evidence
    ]


def clear_drafts(*, at: datetime) -> int:
    """Delete what was uploaded a day before `at` and never given, bytes and all; returns how many drafts."""
    old = EvidenceDraft.objects.filter(uploaded_at__lt=at - timedelta(hours=settings.EVIDENCE_DRAFT_HOURS))
    files = [pk for pair in old.values_list("file", "thumbnail") for pk in pair if pk]
    cleared, _by_table = old.delete()
    forget_unused(files, at=at)
    return cleared


def no_photos() -> str:
    """What is said where photographs are switched off."""
    return _("Photographs are switched off here. Add a PDF or an office file, or describe the work in words.")


def too_many() -> str:
    """What is said of more files than one skill may have at once."""
    return _("These are too many files. Keep it to %(most)s.") % {"most": settings.EVIDENCE_MOST_FILES}


def plain_name(name: str, content_type: str) -> str:
    """The name of a file without its folders and unseen signs, with the ending that its bytes have."""
    return plain_name_ending(name, ending=KEPT_TYPES[content_type], longest=LONGEST_NAME)


def _draft_id(viewer: Viewer, key: str, books: Sequence[Apprenticeship], received: Received) -> uuid.UUID:
    sha256 = hashlib.sha256(received.data).hexdigest()
    place = books[0].pk if len(books) == 1 else books[0].sponsor_id
    return uuid.uuid5(place, f"{viewer.user_id} {key} {sha256}")


def _id_in(book: Apprenticeship, pk: uuid.UUID, drafts: Mapping[uuid.UUID, EvidenceDraft]) -> uuid.UUID:
    """The id of a file in `book`: that of its draft, made another for each book where the draft is for several."""
    draft = drafts.get(pk)
    return uuid.uuid5(book.pk, str(pk)) if draft and draft.apprenticeship_id is None else pk


def _new_draft(
    draft_id: uuid.UUID, received: Received, *, viewer: Viewer, books: Sequence[Apprenticeship], name: str
) -> EvidenceDraft:
    sponsor, at = books[0].sponsor_id, viewer.at
    file = store(received.data, sponsor_id=sponsor, content_type=received.content_type, at=at)
    small = (
        store(received.thumbnail, sponsor_id=sponsor, content_type="image/jpeg", at=at) if received.thumbnail else None
    )
    with transaction.atomic():
        draft, _made = EvidenceDraft.objects.get_or_create(
            pk=draft_id,
            defaults={
                "apprenticeship": books[0] if len(books) == 1 else None,
                "uploaded_by": viewer.person,
                "uploaded_at": at,
                "name": plain_name(name, received.content_type),
                "file": file,
                "thumbnail": small,
            },
        )
    return draft


def _drafts(viewer: Viewer, books: Collection[uuid.UUID], ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, EvidenceDraft]:
    meant = Q(apprenticeship__in=books) | Q(apprenticeship=None)
    rows = EvidenceDraft.objects.filter(meant, uploaded_by=viewer.person)
    return rows.select_related("file").in_bulk(ids)


def _lock_files(drafts: Iterable[EvidenceDraft]) -> None:
    """Lock the bytes that get a new use: a purge of them waits, and then finds the use, or is seen here."""
    by_file = {draft.file_id: draft.file for draft in drafts}
    for row in StoredFile.objects.select_for_update().filter(pk__in=by_file).order_by("pk"):
        by_file[row.pk].removed_at = row.removed_at


def _refusal(book: Apprenticeship, site: Worksite | None, given: Sequence[Evidence | EvidenceDraft | None]) -> str:
    """Why these files cannot be given together; blank where they can."""
    if len(given) > settings.EVIDENCE_MOST_FILES:
        return too_many()
    for row in given:
        if row is None or row.apprenticeship_id not in (book.pk, None):
            return _("A file is not there any more. Choose it again.")
        if row.file.removed_at is not None:
            return _("A file was removed meanwhile. Take it out and look once more.")
        if row.file.sponsor_id != book.sponsor_id:
            return _("The file was added for the records of another sponsor. Sign this one on a sheet of its own.")
        if isinstance(row, EvidenceDraft) and row.is_photo and not photos_allowed(book, at=site):
            return no_photos()
    return ""


def _made_evidence(
    new: Mapping[uuid.UUID, tuple[EvidenceDraft, Apprenticeship]], *, viewer: Viewer, act: Act
) -> dict[uuid.UUID, Evidence]:
    """Make Evidence of drafts, each by its id in its book: names sealed, the drafts gone."""
    if not new:
        return {}
    names = seal_many([(draft.name, draft.file.sponsor_id) for draft, _book in new.values()], at=viewer.at)
    made = [
        Evidence(
            pk=pk,
            apprenticeship=book,
            file=draft.file,
            thumbnail_id=draft.thumbnail_id,
            name=name,
            uploaded_by_id=draft.uploaded_by_id,
            uploaded_at=draft.uploaded_at,
            act=act,
        )
        for (pk, (draft, book)), name in zip(new.items(), names, strict=True)
    ]
    Evidence.objects.bulk_create(made)
    EvidenceDraft.objects.filter(pk__in={draft.pk for draft, _book in new.values()}).delete()
    return {row.pk: row for row in made}
