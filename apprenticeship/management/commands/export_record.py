"""`manage export_record ID`: a book as its exact bytes, one entry a line (`docs/record-format.md`)."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apprenticeship.models import Apprenticeship, RecordEntry


class Command(BaseCommand):
    help = "Write the entries of one book, one a line, in the bytes that its hashes were made of."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apprenticeship", type=uuid.UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        if not Apprenticeship.objects.filter(pk=options["apprenticeship"]).exists():
            raise CommandError(f"There is no apprenticeship {options['apprenticeship']}.", returncode=2)
        entries = RecordEntry.objects.filter(apprenticeship=options["apprenticeship"]).in_order()
        for canonical in entries.values_list("canonical", flat=True).iterator():
            self.stdout.write(canonical)
