"""Whatever was put in the place of an entry's bytes, the check names the entry; it never breaks off."""

import pytest
from django.db import connection

from accounts.models import User
from acts.guards import lifted
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.verifying import verify_record
from tests.cast import signed


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "no JSON",
        "1",
        '{"hours":NaN}',
        '{"hours":1e999}',
        '{"sequence":99999999999999999999}',
        '{"by":"\\ud800"}',
        '{"body":["a list"]}',
        '{"body":"a text"}',
        "[" * 100_000,
    ],
)
def test_the_entry_with_forged_bytes_is_named(mentor: User, apprenticeship: Apprenticeship, forged: str) -> None:
    for code in ("1.1", "1.2"):
        signed(apprenticeship, mentor, code)
    with lifted(connection):
        RecordEntry.objects.filter(apprenticeship=apprenticeship, sequence=1).update(canonical=forged)
    findings = verify_record(apprenticeship).findings
    assert {finding.sequence for finding in findings} == {1}
    assert "The entry's bytes do not give its hash." in [finding.what for finding in findings]
