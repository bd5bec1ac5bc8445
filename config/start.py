"""How each process of Journeybook starts: the one place that the demo, the containers and the tests share.

    python -m config.start web | worker QUEUE | beat | migrate | manage ... | ping QUEUE | ping beat

The environment tunes what differs between machines: `BIND` (address of the web server), `WEB_WORKERS`
and `WEB_THREADS`. With `END_WITH_PARENT` set to the number of the process that starts it, a process
gets SIGTERM when that one dies, however that happened (Linux only).
"""

import ctypes
import os
import runpy
import signal
import socket
import sys
from pathlib import Path

USAGE = "web | worker documents|batches | beat | migrate | manage ... | ping documents|batches|beat"
QUEUES = ("documents", "batches")
PR_SET_PDEATHSIG = 1


def web() -> list[str]:
    """gunicorn with threads; any number of such processes may run side by side."""
    return [
        *("gunicorn", "config.wsgi", "--bind", os.environ.get("BIND", "0.0.0.0:8000")),  # a container's own network
        *("--worker-class", "gthread", "--workers", os.environ.get("WEB_WORKERS", "2")),
        *("--threads", os.environ.get("WEB_THREADS", "4"), "--graceful-timeout", "20"),
        # Its default place is one file per user, which two installations would fight over.
        *("--no-control-socket", "--access-logfile", "-"),
        *("--logger-class", "config.access_log.AccessLogger"),
    ]


def node(who: str) -> str:
    """The name under which beat, or the worker of a queue, on this machine is known to Celery."""
    return f"{who}@{socket.gethostname()}"


def worker(queue: str) -> list[str]:
    """One Celery worker for one queue. A fresh child every 50 tasks bounds what a renderer may leak."""
    return [
        *("celery", "-A", "config", "worker", "--queues", queue, "--hostname", node(queue)),
        *("--concurrency", "1", "--max-tasks-per-child", "50", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def beat() -> list[str]:
    """The scheduler. Two of them do no harm: each periodic task takes a lease in the database."""
    folder = Path(os.environ.get("JOURNEYBOOK_VAR", "var"))
    folder.mkdir(parents=True, exist_ok=True)
    schedule = str(folder / "beat-schedule")
    return [
        *("celery", "-A", "config", "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "INFO"),
        *("--enable-remote-control", "--hostname", node("beat")),  # so that `ping beat` is answered
    ]


def ping(who: str) -> list[str]:
    """Asks beat, or the worker of a queue, on this machine whether it is there; ends with 0 when it answers."""
    return ["celery", "-A", "config", "inspect", "ping", "--destination", node(who), "--timeout", "3"]


def command(name: str, *words: str) -> list[str]:
    """The command line behind `python -m config.start name words`; SystemExit when there is none."""
    match (name, *words):
        case ("web",):
            return web()
        case ("worker", queue) if queue in QUEUES:
            return worker(queue)
        case ("ping", who) if who in (*QUEUES, "beat"):
            return ping(who)
        case ("beat",):
            return beat()
    raise SystemExit(
        f"usage: python -m config.start web | worker QUEUE | beat | migrate | ping QUEUE; queues: {QUEUES}"
    )


def migrate() -> None:
    """Bring the database up to date as its owner, who alone may change tables and guards."""
    os.environ["JOURNEYBOOK_AS_OWNER"] = "1"
    import django  # the settings must find the line above
    from django.core.management import call_command

    django.setup()
    # First the cache's table, so that the grants which follow a migration reach it too.
    call_command("createcachetable")
    call_command("migrate", interactive=False)
    refuse_demo_accounts()


def refuse_demo_accounts() -> None:
    """Let no site start on a database that a demo filled: everybody knows the password of its people."""
    from django.conf import settings

    from accounts.models import Sponsor

    if not settings.DEMO and Sponsor.objects.filter(is_demo=True).exists():
        sys.exit("This database holds the accounts of a demo. Give this site a database of its own.")


def main() -> None:
    """Become the process that the arguments name."""
    if (parent := os.environ.get("END_WITH_PARENT")) and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):  # it died before the line above
            sys.exit("the process that started this one is gone")
    if sys.argv[1:] == ["migrate"]:
        migrate()
        return
    if sys.argv[1:2] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", *sys.argv[2:]])
        return
    sys.argv = command(*(sys.argv[1:] or [""]))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
