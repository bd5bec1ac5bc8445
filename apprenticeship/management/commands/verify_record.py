"""`manage verify_record ID … | --all [--heads FOLDER] [--files]`: check books from their rows alone."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import QuerySet

from acts.guards import missing_triggers
from apprenticeship.evidence_checks import check_files
from apprenticeship.heads import (
    HeadFile,
    HeadFileUnreadable,
    compare_with_heads,
    lost_books,
    read_heads,
    strange_files,
)
from apprenticeship.models import Apprenticeship
from apprenticeship.verifying import verify_record

USAGE = 2


class Command(BaseCommand):
    help = (
        "Recompute the books of apprenticeships and name the first entry that is off. "
        "Exit code 0: all are intact; 1: something is off; 2: the command was not understood."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apprenticeship", nargs="*", type=uuid.UUID, help="ids of apprenticeships")
        parser.add_argument("--all", action="store_true", help="every book of this installation")
        parser.add_argument(
            "--files", action="store_true", help="read every file of evidence too, and compare its hash"
        )
        parser.add_argument("--heads", type=Path, help="a folder of head files of earlier days to compare with")

    def handle(self, *args: Any, **options: Any) -> None:
        books = self.books(options["apprenticeship"], everything=options["all"])
        files = self.head_files(options["heads"])
        off = sum([not self.is_intact(book, files, read_files=options["files"]) for book in books])
        wrong = [f"{file} was written by another installation." for file in strange_files(files)]
        if options["all"]:
            wrong += [f"{book} is gone, though {file} witnessed it." for book, file in lost_books(files).items()]
        wrong += [f"The guard {t.name} on {t.table} is missing or altered." for t in missing_triggers(connection)]
        for line in wrong:
            self.stdout.write(line)
        if off or wrong:
            raise CommandError(f"{off} of {len(books)} books are off; {len(wrong)} other findings.", returncode=1)
        self.stdout.write(f"{len(books)} books are intact.")

    def books(self, ids: list[uuid.UUID], *, everything: bool) -> QuerySet[Apprenticeship]:
        """The books that were named, or all; each name must be one of a book."""
        books = Apprenticeship.objects.order_by("pk")
        if everything:
            return books
        if not ids:
            raise CommandError("Name the apprenticeships to check, or say --all.", returncode=USAGE)
        named = books.filter(pk__in=ids)
        unknown = set(ids) - set(named.values_list("pk", flat=True))
        if unknown:
            raise CommandError(f"There is no apprenticeship {min(map(str, unknown))}.", returncode=USAGE)
        return named

    def head_files(self, folder: Path | None) -> list[HeadFile]:
        """The witnesses to compare with; a folder without any is a mistake, not a pass."""
        if folder is None:
            return []
        try:
            files = read_heads(folder)
        except HeadFileUnreadable as error:
            raise CommandError(f"{error.name} cannot be read as a file of heads.", returncode=1) from error
        if not files:
            raise CommandError(f"There is no file of heads in {folder}.", returncode=USAGE)
        return files

    def is_intact(self, book: Apprenticeship, files: list[HeadFile], *, read_files: bool = False) -> bool:
        """Check one book and print what it came to, the first entry that is off on the first line."""
        verdict = verify_record(book)
        of_files = check_files(book) if read_files else ()
        findings = sorted([*verdict.findings, *compare_with_heads(book, files), *of_files])
        state = f"OFF at entry {findings[0].sequence}: {findings[0].what}" if findings else "intact"
        removed = f", {verdict.texts_removed} texts removed" if verdict.texts_removed else ""
        removed += f", {verdict.files_removed} files removed" if verdict.files_removed else ""
        self.stdout.write(f"{book.pk} {verdict.entries} entries {verdict.head_hash[:16]} {state}{removed}")
        for finding in findings[1:]:
            self.stdout.write(f"    entry {finding.sequence}: {finding.what}")
        return not findings
