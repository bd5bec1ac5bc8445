"""Where log lines go: to standard error, as text for people or as JSON for machines."""

from typing import Any

import structlog


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: one line an event. Containers and the demo keep standard error as their log."""
    for_people = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    for_machines = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    before = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
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
