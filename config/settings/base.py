"""What every installation of Journeybook shares.

The environment decides where data lives: `JOURNEYBOOK_VAR` (a folder), `DATABASE_URL`
and `CELERY_BROKER_URL`. Without them: SQLite and a file queue under `var/`.
"""

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from config.settings.logs import logging_settings
from config.settings.record import *  # noqa: F403  # every name in it is a setting
from config.settings.timetable import timetable

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("JOURNEYBOOK_VAR", default=str(BASE_DIR / "var"))).resolve()
DEMO = False
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "acts",
    "accounts",
    "competencies",
    "apprenticeship",
    "instruction",
    "reports",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.kept_forms.KeptFormMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionLimitMiddleware",
    "apprenticeship.station_sessions.StationMiddleware",
    "accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.navigation",
            ],
        },
    },
]

# ---------------------------------------------------------------- database
# FULL, because a signature that was answered must survive a power cut; recursive triggers,
# because INSERT OR REPLACE walks past DELETE triggers without them.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON"
    ),
}


def database(url: str, *, lock_seconds: int = 10, statement_seconds: int = 30) -> dict[str, Any]:
    """Django's settings of the database at `url`, with the options Journeybook relies on.

    A PostgreSQL that listens on a socket only is addressed as `postgres://user@/name?host=/folder`. There a
    wait for a lock, a statement and a forgotten transaction end after a while: one of them must not freeze
    the site for everybody. SQLite waits for its one writer as long as `timeout` says.
    """
    settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {**SQLITE_OPTIONS, **settings.get("OPTIONS", {})}
    else:
        options = settings.setdefault("OPTIONS", {})
        settings["HOST"] = options.pop("host", settings["HOST"])
        bounds = {
            "lock_timeout": lock_seconds,
            "statement_timeout": statement_seconds,
            "idle_in_transaction_session_timeout": 60,
        }
        options.setdefault("options", " ".join(f"-c {name}={seconds}s" for name, seconds in bounds.items()))
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
    settings["ATOMIC_REQUESTS"] = False
    return settings


DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'journeybook.sqlite3'}"))}
# Whether PostgreSQL keeps the statements of a signature between requests and takes several at once. Off where a
# pooler hands out another connection for each transaction; a signature then takes about a third longer.
PREPARED_STATEMENTS = env.bool("PREPARED_STATEMENTS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and sessions live in the database, so that a stopped Redis neither opens nor locks the door.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rate_limit_cache"},
}
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# One shift at most, and two hours without a request: a tablet goes from hand to hand (accounts/sessions.py).
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=120) * 60

STATION_COOKIE_NAME = "station"  # of a shared device that an administrator registered

# ---------------------------------------------------------------- queue
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TASK_DEFAULT_QUEUE = "documents"
if CELERY_BROKER_URL.startswith("filesystem://"):
    QUEUE_DIR = VAR_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        # Someone waits for the PDF: look for work five times a second, not once.
        "polling_interval": 0.2,
    }
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
else:
    # A broker that is down must cost a request a moment, never a hang: the sweep sends what was not sent.
    # A task not acknowledged in time comes again; that is far beyond the time a render may take.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_connect_timeout": 2,
        "socket_timeout": 3,  # longer than the second for which a worker waits for the next message
        "max_retries": 1,
        "interval_start": 0.1,
        "interval_max": 0.2,
    }
# A child that has grown beyond this many kilobytes is replaced after its task; beyond RENDER_MEMORY_BYTES
# of address space its task fails at once.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
RENDER_MEMORY_BYTES = env.int("RENDER_MEMORY_BYTES", default=2 * 1024**3)
# How long one render may take; for how long a worker is believed to live without a sign of it; how often
# lost work is looked for; after how long an id is put into the queue again.
RENDER_SECONDS = env.int("RENDER_SECONDS", default=120)
RENDER_LEASE_SECONDS = env.float("RENDER_LEASE_SECONDS", default=30)
RENDER_REDISPATCH_SECONDS = env.float("RENDER_REDISPATCH_SECONDS", default=60)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=20)
# The file that names the columns of the month page (reports/month_columns.py).
MONTH_PAGE_COLUMNS = Path(
    env.str("MONTH_PAGE_COLUMNS", default=str(BASE_DIR / "fixtures" / "papers" / "month-page.toml"))
)
OUTBOX_SECONDS = env.float("OUTBOX_SECONDS", default=10)
# Dotted paths of what carries out the messages of the outbox, by name (acts/outbox.py).
OUTBOX_HANDLERS = {
    "tell": "apprenticeship.telling.tell",
    "tell_of_certificates": "instruction.certificate_telling.tell",
    "tell_of_classes": "instruction.class_telling.tell",
    "mail": "accounts.mailing.send",
    "invite": "accounts.invitation_mail.send",
    "confirm_mail": "accounts.personal_mail.send",
    "remove_bytes": "acts.files.remove_bytes",
}
# Handlers that speak to other servers: a worker of its own lets nobody wait for them who waits for a document.
OUTBOX_SLOW = ("mail", "invite", "confirm_mail")
# What people can be told, by dotted paths of tables of kinds (accounts/notices.py).
NOTICE_KINDS = [
    "apprenticeship.notice_kinds.KINDS",
    "apprenticeship.work_telling.KINDS",
    "apprenticeship.mentor_telling.KINDS",
    "instruction.notice_kinds.KINDS",
    "instruction.class_notices.KINDS",
]
# The address under which people reach the site: what links in mails begin with.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# From which hour of the sponsor's day the daily mails go out.
DAILY_MAIL_HOUR = env.int("DAILY_MAIL_HOUR", default=6)
CELERY_BEAT_SCHEDULE = timetable(sweep_seconds=SWEEP_SECONDS, outbox_seconds=OUTBOX_SECONDS)

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Journeybook: "
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}  # one address may be a whole site
ACCOUNT_FORMS = {
    "login": "accounts.login_forms.LoginForm",
    "change_password": "accounts.login_forms.ChangePasswordForm",
    "set_password": "accounts.login_forms.SetPasswordForm",
    "reset_password": "accounts.login_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.login_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.login_forms.ReauthenticateForm",
}
# Passkeys only, each with a fingerprint, a face or the device's PIN; they log in and sign (accounts/passkeys.py).
MFA_ADAPTER = "accounts.passkeys.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# ---------------------------------------------------------------- logs
LOGGING = logging_settings(as_json=env.str("LOG_FORMAT", default="text") == "json")

# ---------------------------------------------------------------- files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "jpg", "ico", "gz", "br", "woff", "woff2", "map")
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# How much one file of evidence and one act may bring, and how far a picture or an archive may unfold.
# A request lets go of what is beyond while it arrives (acts/uploads.py), so nobody can fill the memory.
EVIDENCE_LARGEST_BYTES = env.int("EVIDENCE_LARGEST_BYTES", default=15_000_000)
EVIDENCE_MOST_FILES = env.int("EVIDENCE_MOST_FILES", default=10)
EVIDENCE_MOST_PIXELS = env.int("EVIDENCE_MOST_PIXELS", default=64_000_000)
EVIDENCE_MOST_UNPACKED_BYTES = env.int("EVIDENCE_MOST_UNPACKED_BYTES", default=200_000_000)
# Files of one person that were uploaded and belong to nothing yet; they are cleared after a day.
EVIDENCE_MOST_DRAFTS = 60
EVIDENCE_DRAFT_HOURS = 24
# The kinds of files that can be brought in, by dotted paths (accounts/import_kinds.py).
IMPORT_KINDS = [
    "apprenticeship.import_kinds.PEOPLE",
    "instruction.import_kinds.ATTENDANCE",
    "instruction.import_kinds.TIMESHEET",
]
# Files that are brought in: how large, how many rows of hours (one act writes at most 500) and of people, how many
# seconds a check may run, after how many days file and rows are deleted, and how many of them one person may have.
IMPORT_LARGEST_BYTES = env.int("IMPORT_LARGEST_BYTES", default=5_000_000)
IMPORT_MOST_ROWS = min(env.int("IMPORT_MOST_ROWS", default=500), 500)
IMPORT_MOST_PEOPLE = min(env.int("IMPORT_MOST_PEOPLE", default=2000), 2000)
IMPORT_SECONDS = env.int("IMPORT_SECONDS", default=60)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=7)
IMPORT_MOST_KEPT = env.int("IMPORT_MOST_KEPT", default=50)
FILE_UPLOAD_HANDLERS = [
    "acts.uploads.LimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ---------------------------------------------------------------- the record
# Where the daily file of head hashes goes; on another machine's disk it is a better witness.
HEADS_DIR = Path(env.str("JOURNEYBOOK_HEADS_DIR", default=str(VAR_DIR / "heads")))
# On PostgreSQL the role of web and workers, which owns no table; blank where one role does all.
RUNTIME_ROLE = env.str("JOURNEYBOOK_RUNTIME_ROLE", default="")
RUNTIME_ROLE_REQUIRED = False

# ---------------------------------------------------------------- API
REST_FRAMEWORK = {
    # Who may, how often and in which form is the matter of accounts/api.py; a view that forgets it gets nothing here.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.problems.answer",
    # How many proxies of one's own stand before the site; what others claim in X-Forwarded-For counts for nothing.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=int(env.bool("BEHIND_PROXY", default=False))),
}
# Requests a minute: of one token, of one person in a session, of one address.
API_RATES = {"token": 300, "session": 600, "anonymous": 60}
API_LARGEST_BODY = 1_000_000  # bytes; 500 sign-offs take about 200,000
SPECTACULAR_SETTINGS = {
    "TITLE": "Journeybook",
    "DESCRIPTION": "The permanent training record for registered apprenticeships, for other systems to read.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "AskKind": "apprenticeship.models.AskKind",
        "RevocationKind": "apprenticeship.models.RevocationKind",
        "ApprenticeshipStatus": "apprenticeship.models.Status",
        "StatusEnum": ["published", "superseded"],  # of a version of a standard
    },
}

# ---------------------------------------------------------------- safety
X_FRAME_OPTIONS = "DENY"
# The sheet for a group has up to three fields a line, and one act may sign 500 lines.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
}
