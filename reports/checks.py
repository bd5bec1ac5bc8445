"""A system check: whether the libraries that make PDFs are here, and what would bring them."""

import ctypes
import sys
from typing import Any

from django.core import checks

from reports.month_columns import ColumnsUnfit, month_columns

LIBRARIES = ("libpangoft2-1.0", "libharfbuzz-subset")
REMEDY = (
    "brew install pango harfbuzz"
    if sys.platform == "darwin"
    else "apt-get update && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"
)


def can_load(library: str) -> bool:
    """Whether the system finds the shared library; nothing of it is used."""
    try:
        ctypes.CDLL(f"{library}.0.dylib" if sys.platform == "darwin" else f"{library}.so.0")
    except OSError:
        return False
    return True


@checks.register(checks.Tags.compatibility)
def pdf_libraries(**_options: Any) -> list[checks.CheckMessage]:
    """A warning, because everything but the PDF works without them."""
    missing = [library for library in LIBRARIES if not can_load(library)]
    if not missing:
        return []
    return [
        checks.Warning(f"PDFs cannot be made here: {', '.join(missing)} not found.", hint=REMEDY, id="reports.W001")
    ]


@checks.register(checks.Tags.compatibility)
def columns_of_the_month_page(**_options: Any) -> list[checks.CheckMessage]:
    """An error, because without its columns no month page can be shown or printed."""
    try:
        month_columns()
    except ColumnsUnfit as unfit:
        hint = "Mend the file, or leave MONTH_PAGE_COLUMNS out to have the built-in columns."
        return [checks.Error(str(unfit), hint=hint, id="reports.E001")]
    return []
