"""Settings of the test suite: quick passwords, plain static files, mail in memory."""

from config.settings.base import *  # noqa: F403  # settings are layered by design
from config.settings.base import DATABASES, STATIC_ROOT, VAR_DIR, env

SECRET_KEY = "only-for-tests"  # noqa: S105  # guards nothing outside a test run
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "journeybook@localhost"
# Hashed names need collectstatic; the live server of the browser tests serves the plain files.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing, and a warning is an error
TEST_LANE = env.str("JOURNEYBOOK_TEST_LANE", default="sqlite")

# A file, not memory: threads and worker processes of a test meet in the same database.
if TEST_LANE == "sqlite":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
# Tests with real commits empty the tables afterwards, and some play the forger.
GUARDS_MAY_BE_LIFTED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the live server of the browser tests speaks plain http
# Some tests ask for many addresses within a minute; those of the limits set their own.
API_RATES = {"token": 100_000, "session": 100_000, "anonymous": 100_000}
