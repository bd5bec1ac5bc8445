"""Whatever writes an entry into a book asks first who signs."""

import pytest

from tests.processes import PROJECT

pytestmark = pytest.mark.one_lane("sqlite")

PACKAGES = ("apprenticeship", "instruction", "reports", "competencies")
THE_BOOK_ITSELF = "record.py"


def test_every_module_that_appends_entries_asks_for_a_proof() -> None:
    sources = [path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")]
    appending = [path for path in sources if "append_many(" in path.read_text() and path.name != THE_BOOK_ITSELF]
    assert len(appending) >= 6
    assert [path.name for path in appending if "require_proof(" not in path.read_text()] == []
