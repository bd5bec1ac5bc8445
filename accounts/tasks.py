"""Timed work about people."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Once a day: delete the sessions that have run out. Safe to run twice."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
