"""Django's sessions in the database, read by a statement that is made once: every request begins with it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from acts.statements import Ready

KEPT = Ready(lambda key: Session.objects.filter(pk=key), "key")


class SessionStore(DatabaseStore):
    """As Django's, with its own way to the row; settings.SESSION_ENGINE names this module."""

    def _get_session_from_db(self) -> Session | None:
        found = KEPT(key=self.session_key) if self.session_key else []
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None
        return None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django's own table."""
        return Session
