"""How often one token, person or address may ask; counted in the database, so that every process knows."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.authentication import TokenGrant
from accounts.middleware import viewer_of
from accounts.models import RateWindow

WINDOW = timedelta(minutes=1)
KEPT = timedelta(days=1)


def spend(who: str, *, at: datetime, limit: int) -> timedelta | None:
    """Count one request of `who` at the instant `at`: None when it is allowed, else how long to wait.

    Each count is one conditional UPDATE, so that no two requests can take the same last place. At
    most `limit` in each minute of the clock.
    """
    start = datetime.fromtimestamp(at.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), tz=UTC)
    windows = RateWindow.objects.filter(who=who)
    for _attempt in range(2):  # a second time, should another request have begun the window in between
        if windows.filter(starts_at=start, count__lt=limit).update(count=F("count") + 1):
            return None
        if windows.exclude(starts_at=start).update(starts_at=start, count=1):
            return None
        if RateWindow.objects.get_or_create(who=who, defaults={"starts_at": start, "count": 1})[1]:
            RateWindow.objects.filter(starts_at__lt=start - KEPT).delete()
            return None
    return start + WINDOW - at


class ApiThrottle(BaseThrottle):
    """Limits of `settings.API_RATES`, per minute: of a token, of a person in a session, of an address."""

    _wait: timedelta | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        kind, ident = self._who(request)
        self._wait = spend(f"{kind}:{ident}", at=viewer_of(request).at, limit=settings.API_RATES[kind])
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait.total_seconds() if self._wait else None

    def _who(self, request: Request) -> tuple[str, str]:
        if isinstance(request.auth, TokenGrant):
            return "token", str(request.auth.token.pk)
        if request.user.is_authenticated:
            return "session", str(request.user.pk)
        return "anonymous", str(self.get_ident(request))[:100]
