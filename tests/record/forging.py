"""Playing the forger: somebody who owns the database, drops the guards and changes rows."""

import json
from collections.abc import Callable
from typing import Any

import rfc8785
from django.db import connection, models

from acts.guards import lifted
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead
from apprenticeship.record import entry_hash
from apprenticeship.verifying import Finding, verify_record


def first_finding(book: Apprenticeship) -> Finding:
    """The first thing that is off with the book; a book that is intact fails the test."""
    verdict = verify_record(book)
    assert not verdict.is_intact, "the forgery went unnoticed"
    return verdict.findings[0]


def forge(rows: models.QuerySet[Any], **values: Any) -> None:
    """Change rows that take no change."""
    with lifted(connection):
        assert rows.update(**values) > 0


def remove(rows: models.QuerySet[Any]) -> None:
    """Delete rows that cannot be deleted, in the order that foreign keys ask for."""
    with lifted(connection):
        rows._raw_delete("default")


def rewrite(book: Apprenticeship, change: Callable[[dict[str, Any]], None], *, sequence: int) -> None:
    """Forge the content of one entry and every hash that rests on it, as far as the head: a perfect chain."""
    with lifted(connection):
        previous = None
        for entry in RecordEntry.objects.filter(apprenticeship=book, sequence__gte=sequence).order_by("sequence"):
            content = json.loads(entry.canonical)
            if entry.sequence == sequence:
                change(content)
            content["previous"] = previous or content["previous"]
            entry.canonical = rfc8785.dumps(content).decode()
            entry.previous_hash = content["previous"]
            entry.hash = previous = entry_hash(entry.canonical)
            entry.save()
        RecordHead.objects.filter(apprenticeship=book).update(hash=previous)
