"""Production: nothing has a default that could be wrong; what is missing stops the start."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  # settings are layered by design
from config.settings.base import database, env


def required(name: str, meaning: str) -> str:
    """The environment variable `name`; refuses to start, saying what it is for, when it is missing."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {meaning}")
    return value


SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions and links")
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "the host names this site answers to, separated by commas").split(",")
AS_OWNER = env.bool("JOURNEYBOOK_AS_OWNER", default=False)
DATABASES = {
    "default": database(
        required("DATABASE_OWNER_URL", "the database as its owner, who migrates: postgres://owner:password@host/name")
        if AS_OWNER
        else required("DATABASE_URL", "the PostgreSQL database, as postgres://user:password@host/name")
    )
}
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else the login limits would count everybody as the proxy

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"journeybook@{ALLOWED_HOSTS[0]}")

# The site must not connect as the owner of the record's tables: see acts/guards.py.
RUNTIME_ROLE_REQUIRED = not AS_OWNER
