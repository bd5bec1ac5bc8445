"""Apprenticeships, their books and signing, for other systems: the same getters and transitions as the pages."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import Endpoint, RowOf, asked, sent
from accounts.describing import operation
from accounts.paging import BY_ID, By, PagedParameters, instant, listed
from accounts.problems import NOT_YET_ACCEPTED, PROOF_NEEDED
from apprenticeship.api_lines import lines_of
from apprenticeship.api_problems import (
    ALREADY_SIGNED,
    NOT_RUNNING,
    NOT_STANDING,
    TAKE_BACK_TIME_OVER,
    TOO_MANY_ENTRIES,
    UNDO_TIME_OVER,
)
from apprenticeship.api_shapes import (
    ApprenticeshipPage,
    ApprenticeshipParameters,
    ApprenticeshipShape,
    EntryPage,
    EntryShape,
    RevocationFacts,
    SignOffPage,
    SignOffParameters,
    SignOffShape,
    SignOffsMade,
    SignOffsSent,
    TakeBackSent,
    apprenticeship_shape,
    entry_shape,
    revocation_facts,
    sign_off_facts,
    sign_off_shape,
)
from apprenticeship.getters import get_apprenticeship, get_sign_off
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead, SignOff
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.signoff import sign_off_many
from apprenticeship.takingback import take_back

NEWEST_FIRST = (By("recorded_at", instant, newest_first=True), By("pk", uuid.UUID, newest_first=True))
EMPTY_BOOK = {"sequence": 0, "hash": None}
QUALIFICATIONS = "mentorships__mentor__qualifications"
BOOKS, RECORD, SIGNING = "apprenticeships", "records", "sign-offs"


class Apprenticeships(Endpoint):
    declared = Permission.READ_RECORD

    @operation("apprenticeships", {200: ApprenticeshipPage}, parameters=ApprenticeshipParameters, tag=BOOKS)
    def get(self, request: Request) -> Response:
        """The apprenticeships that you may see, by the apprentice's name."""
        wanted = asked(ApprenticeshipParameters, request)
        rows = self._chosen(wanted).with_context().prefetch_related(QUALIFICATIONS)
        return Response(
            listed(
                rows,
                by=(By("apprentice__name", str), BY_ID),
                request=request,
                wanted=wanted,
                shape=lambda book: apprenticeship_shape(book, self.viewer),
            )
        )

    def _chosen(self, wanted: Mapping[str, Any]) -> ApprenticeshipQuerySet:
        rows = Apprenticeship.objects.visible_to(self.viewer)
        if cohort := wanted.get("cohort"):
            rows = rows.filter(cohort=cohort)
        if employer := wanted.get("employer"):
            rows = rows.filter(employer=employer)
        if search := wanted.get("search"):
            rows = rows.filter(Q(apprentice__name__icontains=search) | Q(registration_number=search))
        return rows


class OneApprenticeship(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("apprenticeship", {200: ApprenticeshipShape}, tag=BOOKS, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One apprenticeship: who, with whom, where, and what it is held to."""
        prefetch_related_objects([self.row], QUALIFICATIONS)
        return Response(apprenticeship_shape(self.row, self.viewer))


class Entries(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("entries", {200: EntryPage}, parameters=PagedParameters, tag=RECORD, row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The book of one apprenticeship in sequence: every entry as the exact text that was hashed.

        The ETag is the hash of the last entry; while it is unchanged, so is the book.
        """
        wanted = asked(PagedParameters, request)
        head = RecordHead.objects.filter(pk=self.row.pk).first()

        def build() -> dict[str, object]:
            rows = RecordEntry.objects.filter(apprenticeship=self.row)
            body = listed(rows, by=(By("sequence", int),), request=request, wanted=wanted, shape=entry_shape)
            ended = {"sequence": head.sequence, "hash": head.hash} if head and head.sequence else EMPTY_BOOK
            return {**body, "head": ended}

        return self.tagged(head.hash if head else "empty", build)


class OneEntry(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("entry", {200: EntryShape}, tag=RECORD, row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID, sequence: int) -> Response:
        """One entry by its number in the book. It never changes; its hash is its ETag."""
        entry = RecordEntry.objects.filter(apprenticeship=self.row, sequence=sequence).first()
        if entry is None:
            raise Http404
        return self.tagged(entry.hash, lambda: entry_shape(entry))


class SignOffs(Endpoint):
    declared = Permission.READ_RECORD
    needs = {"POST": Permission.SIGN_OFF}

    @operation("sign_offs", {200: SignOffPage}, parameters=SignOffParameters, tag=SIGNING)
    def get(self, request: Request) -> Response:
        """The signatures that you may see, the newest first."""
        wanted = asked(SignOffParameters, request)
        told = listed(self._chosen(wanted), by=NEWEST_FIRST, request=request, wanted=wanted, shape=lambda e: e.pk)
        rows = SignOff.objects.filter(entry__in=told["results"]).select_related("entry", "standing", "revocation")
        rows = rows.prefetch_related("counter_signatures__entry", "counter_signatures__answer__entry")
        by_entry = {row.entry_id: sign_off_shape(row) for row in rows}
        return Response({**told, "results": [by_entry[pk] for pk in told["results"] if pk in by_entry]})

    def _chosen(self, wanted: Mapping[str, Any]) -> "QuerySet[RecordEntry]":
        """Their entries, of which an index alone tells the order: sorting whole rows took a second for 50,000."""
        rows = RecordEntry.objects.visible_to(self.viewer).filter(kind="sign_off")
        if book := wanted.get("apprenticeship"):
            rows = rows.filter(apprenticeship=book)
        if skill := wanted.get("skill"):
            rows = rows.filter(sign_off__skill=skill)
        if (stands := wanted.get("stands")) is not None:
            rows = rows.filter(sign_off__standing__isnull=not stands)
        return rows.only("recorded_at")

    @operation(
        "sign",
        {201: SignOffsMade},
        body=SignOffsSent,
        problems=(ALREADY_SIGNED, NOT_RUNNING, TOO_MANY_ENTRIES, PROOF_NEEDED, NOT_YET_ACCEPTED),
        tag=SIGNING,
        row=True,
    )
    def post(self, request: Request) -> Response:
        """Sign the lines, all of them or none, as the mentor who is signed in.

        The same key with the same lines gives the first answer again, with `Idempotent-Replayed: true`.
        """
        key, lines = self.key(), lines_of(self.viewer, sent(SignOffsSent, request)["lines"])
        again = self.was_done()
        made = sign_off_many(viewer=self.viewer, key=key, lines=lines)
        return self.written({"results": [sign_off_facts(sign_off) for sign_off in made]}, again=again)


class OneSignOff(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_sign_off)
    row: SignOff

    @operation("sign_off", {200: SignOffShape}, tag=SIGNING, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One signature, and whether it is the one that stands."""
        return Response(sign_off_shape(self.row))


class TakeBack(Endpoint):
    declared = Permission.TAKE_BACK
    on = RowOf(get_sign_off)
    row: SignOff

    @operation(
        "take_back",
        {201: RevocationFacts},
        body=TakeBackSent,
        problems=(NOT_STANDING, UNDO_TIME_OVER, TAKE_BACK_TIME_OVER, PROOF_NEEDED, NOT_YET_ACCEPTED),
        tag=SIGNING,
        row=True,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take a signature back: `mistake` for its signer within the undo time, `no_longer_stands` with a reason.

        The latter is for its signer within the days of the terms, and for coordinators and administrators.
        """
        key, wanted = self.key(), sent(TakeBackSent, request)
        again = self.was_done()
        made = take_back(viewer=self.viewer, key=key, sign_off=self.row, kind=wanted["kind"], reason=wanted["reason"])
        return self.written(revocation_facts(made), again=again)
