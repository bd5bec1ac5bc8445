"""The embedded default of `./run demo`: one machine, SQLite, a file queue, demo accounts."""

from config.settings.base import *  # noqa: F403  # settings are layered by design
from config.settings.base import VAR_DIR
from config.settings.secret import kept_secret

DEMO = True
SECRET_KEY = kept_secret(VAR_DIR / "secret-key")
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "journeybook@localhost"
