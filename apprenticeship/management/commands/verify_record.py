"""`manage verify_record ID … | --all [--heads FOLDER]`: check books from their rows alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from acts.guards import missing_triggers
from apprenticeship.heads import compare_with_heads
from apprenticeship.models import Apprenticeship
from apprenticeship.verifying import verify_record


class Command(BaseCommand):
    help = "Recompute the books of apprenticeships and name the first entry that is off. Exit code 1 when one is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apprenticeship", nargs="*", help="ids of apprenticeships")
        parser.add_argument("--all", action="store_true", help="every book of this installation")
        parser.add_argument("--heads", type=Path, help="a folder of head files of earlier days to compare with")

    def handle(self, *args: Any, **options: Any) -> None:
        books = Apprenticeship.objects.select_related("apprentice", "terms__program").order_by("pk")
        if not options["all"]:
            if not options["apprenticeship"]:
                raise CommandError("Name the apprenticeships to check, or say --all.")
            books = books.filter(pk__in=options["apprenticeship"])
        files = sorted(options["heads"].glob("heads-*.json")) if options["heads"] else []
        bad = 0
        for apprenticeship in books:
            verdict = verify_record(apprenticeship)
            findings = sorted([*verdict.findings, *compare_with_heads(apprenticeship, files)])
            bad += bool(findings)
            state = "intact" if not findings else f"OFF at entry {findings[0].sequence}: {findings[0].what}"
            self.stdout.write(f"{apprenticeship.pk} {verdict.entries} entries {verdict.head_hash[:16]} {state}")
            for finding in findings[1:]:
                self.stdout.write(f"    entry {finding.sequence}: {finding.what}")
        missing = missing_triggers(connection)
        for trigger in missing:
            self.stdout.write(f"The guard {trigger.name} on {trigger.table} is missing.")
        if bad or missing:
            raise CommandError(f"{bad} of {len(books)} books are off; {len(missing)} guards are missing.", returncode=1)
        self.stdout.write(f"{len(books)} books are intact.")
