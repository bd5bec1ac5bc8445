"""Timed work of the record."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apprenticeship.heads import write_heads


@shared_task(name="apprenticeship.write_heads")
def write_daily_heads() -> None:
    """Once a day: the head hashes of all books, to a file outside the database. Safe to run twice."""
    write_heads(settings.HEADS_DIR, at=timezone.now())
