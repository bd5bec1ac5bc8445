"""The web server's access log: which page was asked for, never what for.

What stands behind a question mark may be a name that somebody looked for, and the address of a password
reset, an invitation or the confirmation of a mail address lets in whoever reads it; neither belongs into a log.
"""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from config.settings.logs import SECRET

LINE = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'


class AccessLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's own log, with lines that carry no secret and no search."""

    def setup(self, cfg: Any) -> None:
        cfg.set("access_log_format", LINE)
        super().setup(cfg)

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        """What a line is made of."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {**atoms, "U": SECRET.sub(r"\1…", str(atoms["U"]))}
