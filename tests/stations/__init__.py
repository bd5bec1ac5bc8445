"""Shared devices: registering them, and signing on them by PIN."""
