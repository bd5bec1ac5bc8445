"""SQLite's test database as the migrations leave it: made once, and copied as long as no migration changes."""

import shutil
import uuid
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection


def _kept() -> Path:
    """Where it lies; the name is a digest of all that the migrations depend on."""
    project = Path(settings.BASE_DIR)
    digest = sha256()
    for file in (*sorted(project.glob("*/migrations/*.py")), project / "requirements" / "dev.lock"):
        digest.update(file.relative_to(project).as_posix().encode() + b"\0" + file.read_bytes())
    runs = Path(settings.VAR_DIR).parent.parent  # each run and each worker of it has a folder of its own
    return runs / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def put_back() -> bool:
    """Copy it to where this worker looks for its database; False where there is none."""
    if connection.vendor != "sqlite" or not _kept().exists():
        return False
    for leftover in ("-wal", "-shm"):
        Path(f"{connection.settings_dict['TEST']['NAME']}{leftover}").unlink(missing_ok=True)
    shutil.copyfile(_kept(), connection.settings_dict["TEST"]["NAME"])
    return True


def keep() -> None:
    """Keep the fresh database of this worker for those that come; two that do so at once keep the same."""
    if connection.vendor != "sqlite":
        return
    for outdated in _kept().parent.glob("migrated-*.sqlite3"):
        outdated.unlink(missing_ok=True)
    copy = _kept().with_suffix(f".{uuid.uuid4().hex}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    copy.replace(_kept())
