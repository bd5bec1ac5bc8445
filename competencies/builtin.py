"""The standard that every installation starts with, loaded from `fixtures/standards/`."""

from functools import cache
from pathlib import Path

from django.conf import settings

from accounts.viewer import Viewer
from acts.models import Authentication
from competencies.document import StandardDocument
from competencies.models import StandardVersion
from competencies.publishing import import_document, publish
from competencies.reading import read_file

SLUG = "outsourcing-compounding-pharmacy-technician"


def builtin_path() -> Path:
    """Where the built-in standard's document lies."""
    return Path(settings.BASE_DIR) / "fixtures" / "standards" / f"{SLUG}.json"


@cache
def _builtin() -> StandardDocument:
    """What the file says; it comes with the code, so it is read and checked once in a process."""
    return read_file(builtin_path())[0]


def load_builtin(*, viewer: Viewer) -> StandardVersion:
    """The built-in standard in the shared library, published; loading it again changes nothing.

    The viewer carries the instant; the act is the operator's, as in the command.
    """
    operator = Viewer(user=None, at=viewer.at, authentication=Authentication.COMMAND)
    version = import_document(viewer=operator, document=_builtin()).version
    return publish(viewer=operator, version=version) if version.is_draft else version
