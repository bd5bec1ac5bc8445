"""`manage migrate`, which also makes the guards of the record: a missing one must not keep it from running."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections

from acts.guards import being_remade, missing_triggers


class Command(migrate.Command):
    def check(self, *args: Any, **kwargs: Any) -> None:
        """Run the checks without the one on missing guards, but say which they are: somebody removed them."""
        for alias in kwargs.get("databases") or [DEFAULT_DB_ALIAS]:
            for trigger in missing_triggers(connections[alias]):
                self.stderr.write(f"The guard {trigger.name} on {trigger.table} is missing; it will be made again.")
        with being_remade():
            super().check(*args, **kwargs)
