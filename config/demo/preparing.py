"""Making the demo's folder fit to serve: tables, static files, the invented people.

Everything here looks first and acts only where something is missing, because a second start
shall be quick and change nothing.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

EMPTIED = (
    *("journeybook.sqlite3", "queue", "files", "heads", "mail", "secret-key", "beat-schedule"),
    "priya-nair-record.pdf",
)
"""What `--fresh` removes from the folder: these names, also with an ending. Nothing else is touched."""


def empty(folder: Path) -> None:
    """Forget everything that a demo kept in `folder`; logs and collected static files stay."""
    for name in EMPTIED:
        for path in (*folder.glob(name), *folder.glob(f"{name}-*"), *folder.glob(f"{name}.*")):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def prepare() -> None:
    """Migrate, collect static files and load the demo sponsor, each where needed."""
    migrate()
    collect_static()
    call_command("load_demo")
    connection.close()


def migrate() -> None:
    table = str(settings.CACHES["default"]["LOCATION"])
    if table not in connection.introspection.table_names():
        call_command("createcachetable")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect and compress, when any file differs from those of the last time in name, size or time."""
    mark = Path(settings.STATIC_ROOT).with_name("static.collected")
    state = hashlib.sha256("\n".join(_static_files()).encode()).hexdigest()
    if mark.exists() and mark.read_text() == state and (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(state)


def _static_files() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"
