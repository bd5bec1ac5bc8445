"""What bounds the making of PDFs: memory, and libraries that must be there."""

import subprocess
import sys

import pytest
from django.conf import settings

from reports import checks

pytestmark = pytest.mark.one_lane("sqlite")

GREEDY = """
import django
django.setup()
from reports.tasks import bound_memory
bound_memory()
try:
    print(len(bytearray(4 << 30)))
except MemoryError:
    print("refused")
"""


def test_a_child_that_wants_too_much_memory_is_refused_it() -> None:
    done = subprocess.run([sys.executable, "-c", GREEDY], cwd=settings.BASE_DIR, capture_output=True, timeout=60)
    assert done.stdout.split()[-1] == b"refused", done.stderr


def test_missing_libraries_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", ("libno-such-thing-1.0",))
    (warning,) = checks.pdf_libraries()
    assert "libno-such-thing-1.0" in warning.msg
    assert warning.hint == checks.REMEDY
    assert "libpangoft2-1.0-0" in str(warning.hint) or sys.platform == "darwin"


def test_with_the_libraries_the_check_says_nothing() -> None:
    assert checks.pdf_libraries() == []
