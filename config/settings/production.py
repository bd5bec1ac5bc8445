"""Production: nothing has a default that could be wrong; what is missing stops the start."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  # settings are layered by design
from config.settings.base import REST_FRAMEWORK, database, env


def required(name: str, meaning: str) -> str:
    """The environment variable `name`; refuses to start, saying what it is for, when it is missing."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {meaning}")
    return value


SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions and links")
HOSTS = required("ALLOWED_HOSTS", "the host names this site answers to, separated by commas")
ALLOWED_HOSTS = [host.strip() for host in HOSTS.split(",") if host.strip()]
AS_OWNER = env.bool("JOURNEYBOOK_AS_OWNER", default=False)
DATABASES = {
    "default": database(
        # A migration that cannot get its lock fails soon, before the requests behind it pile up.
        required("DATABASE_OWNER_URL", "the database as its owner, who migrates: postgres://owner:password@host/name"),
        lock_seconds=2,
        statement_seconds=900,
    )
    if AS_OWNER
    else database(required("DATABASE_URL", "the PostgreSQL database, as postgres://user:password@host/name"))
}
# ".example.org" stands for all hosts below it, which an origin writes with a star.
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host[0] == '.' else ''}{host}" for host in ALLOWED_HOSTS if host != "*"]

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
STATION_COOKIE_NAME = "__Host-station"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Else the limits of the login would count everybody as the proxy; those of the API read the same number.
ALLAUTH_TRUSTED_PROXY_COUNT = REST_FRAMEWORK["NUM_PROXIES"]

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; somebody waits for the page meanwhile
SITE_URL = env.str("SITE_URL", default="") or f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or f"journeybook@{ALLOWED_HOSTS[0].lstrip('.')}"

# The site must not connect as the owner of the record's tables: see acts/guards.py.
RUNTIME_ROLE_REQUIRED = not AS_OWNER
