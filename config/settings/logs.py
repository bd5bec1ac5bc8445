"""Where log lines go: to standard error, as text for people or as JSON for machines."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# Addresses that let in whoever reads them: a new password, an invitation, a mail address that is confirmed.
SECRET = re.compile(r"(/password/reset/key/|/invitations/|/profile/mail/)[^/\s]+")


def hide_secrets(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Django names the address of what it refuses; what lets somebody in is left out of the line."""
    event["event"] = SECRET.sub(r"\1…", str(event.get("event", "")))
    return event


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: one line an event. Containers and the demo keep standard error as their log.

    Loggers of structlog are set up to end in the same lines as those of the standard library.
    """
    for_people = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    for_machines = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        hide_secrets,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *(for_machines if as_json else [for_people]),
                ],
                "foreign_pre_chain": before,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        # Django's own set-up would mail errors to nobody and print nothing outside DEBUG.
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "weasyprint.progress": {"level": "WARNING"},  # it would tell every page it sets
        },
    }
