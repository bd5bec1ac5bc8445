"""What was brought in lately goes, file by file and row by row, into the tables that every kind of file uses now."""

from typing import Any

from django.db import migrations

FACTS = (
    "id",
    "kind",
    "sponsor_id",
    "brought_by_id",
    "brought_at",
    "name",
    "file_id",
    "state",
    "dispatched_at",
    "attempts",
    "token",
    "lease_until",
    "total",
    "checked_at",
    "problem",
    "act_id",
)
OF_ROWS = ("brought_id", "number", "cells", "verdict", "problems")


def hand_down(apps: Any, _schema_editor: Any) -> None:
    """Copy both tables; the next migration drops the old ones."""
    old, old_rows = apps.get_model("instruction", "HoursImport"), apps.get_model("instruction", "ImportedRow")
    new, new_rows = apps.get_model("accounts", "FileImport"), apps.get_model("accounts", "FileRow")
    new.objects.bulk_create(new(**facts) for facts in old.objects.values(*FACTS))
    new_rows.objects.bulk_create(
        (new_rows(**facts) for facts in old_rows.objects.order_by("pk").values(*OF_ROWS).iterator()), batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("instruction", "0007_staff_certificates_taken_back"),
        ("accounts", "0009_files_that_are_brought_in"),
    ]

    operations = [migrations.RunPython(hand_down, elidable=True)]
