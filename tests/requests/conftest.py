"""Somebody at a browser, and the instant at which the cast act."""

from tests.pages.conftest import at

__all__ = ["at"]
