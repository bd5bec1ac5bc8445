"""Somebody at a browser, and the instant at which the cast act."""

from tests.pages.conftest import at, at_ten_in_the_morning

__all__ = ["at", "at_ten_in_the_morning"]
