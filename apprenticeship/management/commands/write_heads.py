"""`manage write_heads`: the head hashes of all books, to a file outside the database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from apprenticeship.heads import write_heads


class Command(BaseCommand):
    help = "Write today's head hashes of all books to a file; beat does it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(write_heads(settings.HEADS_DIR, at=timezone.now())))
