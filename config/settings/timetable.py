"""What is done at its time: which task, when, and by which worker."""

from typing import Any

from celery.schedules import crontab


def timetable(*, sweep_seconds: float, outbox_seconds: float) -> dict[str, dict[str, Any]]:
    """The periodic tasks by name; times of day are UTC.

    A timed call that no worker took before the next one is due is worth nothing any more.
    """
    return {
        **sweeps(sweep_seconds),
        "outbox": {
            "task": "acts.relay_outbox",
            "schedule": outbox_seconds,
            "options": {"queue": "documents", "expires": outbox_seconds},
        },
        "slow_outbox": {
            "task": "acts.relay_slow_outbox",
            "schedule": outbox_seconds,
            "options": {"queue": "batches", "expires": outbox_seconds},
        },
        "daily_mails": {
            "task": "accounts.write_daily_mails",
            "schedule": crontab(minute="*/10"),
            "options": {"queue": "batches", "expires": 600},
        },
        "remind": {
            "task": "apprenticeship.remind",
            "schedule": crontab(minute="*/15"),
            "options": {"queue": "batches", "expires": 900},
        },
        "remind_of_certificates": {
            "task": "instruction.remind_of_certificates",
            "schedule": crontab(minute="5,35"),
            "options": {"queue": "batches", "expires": 1800},
        },
        "staff_files": {
            "task": "instruction.clear_drafts",
            "schedule": crontab(minute="27"),
            "options": {"queue": "batches"},
        },
        "imports": {
            "task": "accounts.clear_imports",
            "schedule": crontab(minute="29"),
            "options": {"queue": "batches"},
        },
        "sessions": {
            "task": "accounts.clear_sessions",
            "schedule": crontab(hour="5", minute="40"),
            "options": {"queue": "batches"},
        },
        "drafts": {
            "task": "apprenticeship.clear_drafts",
            "schedule": crontab(minute="25"),
            "options": {"queue": "batches"},
        },
        "heads": {
            "task": "apprenticeship.write_heads",
            "schedule": crontab(hour="5", minute="10"),  # UTC: after midnight in every zone of the States
            "options": {"queue": "batches"},
        },
    }


def sweeps(seconds: float) -> dict[str, dict[str, Any]]:
    """Looking for what dead workers held and what the queue lost."""
    return {
        name: {"task": task, "schedule": seconds, "options": {"queue": "documents", "expires": seconds}}
        for name, task in {"sweep": "reports.sweep_render_jobs", "sweep_imports": "accounts.sweep_imports"}.items()
    }
