"""The time zones of the world, by the names that people choose from."""

from functools import cache
from zoneinfo import available_timezones

LEFT_OUT = ("Etc/", "SystemV/", "posix/", "right/")
"""Names that no place is called by."""


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone that has a place's name ("America/New_York"), and UTC; those of the Americas first."""
    named = {name for name in available_timezones() if "/" in name and not name.startswith(LEFT_OUT)} | {"UTC"}
    return tuple(sorted(named, key=lambda name: (not name.startswith(("US/", "America/")), name)))
