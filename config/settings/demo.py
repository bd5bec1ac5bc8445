"""The embedded default of `./run demo`: one machine, SQLite, a file queue, demo accounts."""

from config.settings.base import *  # noqa: F403  # settings are layered by design
from config.settings.base import INSTALLED_APPS, STORAGES, VAR_DIR
from config.settings.secret import kept_secret

DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "config.demo"]
SECRET_KEY = kept_secret(VAR_DIR / "secret-key")
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "journeybook@localhost"

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the demo speaks plain http, to localhost
# Hashed names as in production, but not compressed: that takes half a minute and saves nothing on one machine.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
