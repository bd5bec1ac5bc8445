"""Whether this process is alive (`/healthz`) and fit to serve (`/readyz`), for proxies and containers.

Answered before everything else: a probe names no host of ours, has no session and must not be
redirected to HTTPS.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from kombu import Connection

from accounts.mailing import trouble
from accounts.models import Sponsor

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers the two probes and lets every other request pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return self.readiness()
        return self.get_response(request)

    def readiness(self) -> HttpResponse:
        """503 without a migrated database, or with that of a demo.

        A queue out of reach is told but refuses nobody: signing needs none. Nor does mail that did not go out.
        """
        database = self.database()
        status = 200 if database == "ok" else 503
        mail = self.mail() if database == "ok" else "unknown"
        return JsonResponse({"database": database, "queue": queue(), "mail": mail}, status=status)

    def database(self) -> str:
        """What can be said of the database in a word; reasons go to the log, not to whoever asks."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self.migrated:
                executor = MigrationExecutor(connection)
                self.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            if self.migrated and not settings.DEMO and Sponsor.objects.filter(is_demo=True).exists():
                return "holds demo accounts"
        except DatabaseError:
            logger.exception("the database does not answer")
            return "unreachable"
        return "ok" if self.migrated else "not migrated"

    def mail(self) -> str:
        """Whether all mail of the last week went out, as far as anybody can know."""
        try:
            return trouble(since=timezone.now() - timedelta(days=7))
        except DatabaseError:
            return "unknown"


def queue() -> str:
    """Whether the broker answers within two seconds."""
    options = {**getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})}
    if settings.CELERY_BROKER_URL.startswith("redis"):
        options.update(socket_connect_timeout=2, socket_timeout=2)
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # every transport raises errors of its own kind
        logger.exception("the broker does not answer")
        return "unreachable"
    return "ok"
