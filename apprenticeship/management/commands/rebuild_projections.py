"""`manage rebuild_projections`: make what stands now again, from what was signed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import import_string

from apprenticeship.models import Apprenticeship
from apprenticeship.record import lock_books


class Command(BaseCommand):
    help = "Rebuild every projection of every book from the rows that were signed."

    def handle(self, *args: Any, **options: Any) -> None:
        books = list(Apprenticeship.objects.order_by("pk"))
        for apprenticeship in books:
            with transaction.atomic():
                lock_books([apprenticeship.pk])
                for path in settings.PROJECTIONS:
                    import_string(path)(apprenticeship)
        self.stdout.write(f"{len(books)} books rebuilt.")
