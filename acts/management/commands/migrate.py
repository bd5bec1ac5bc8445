"""`manage migrate`, which mends missing guards and therefore does not stop for them."""

from typing import Any

from django.core.management.commands import migrate


class Command(migrate.Command):
    def check(self, *args: Any, **kwargs: Any) -> None:
        """All checks but those of the database: a missing trigger is made again after the migrate."""
        super().check(*args, **{**kwargs, "databases": None})
