"""Whatever its kind, an entry that was signed on a shared device says so."""

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.record import EntryIllegible, read
from reports.codes import Signed, head_of
from tests.demanding import record_taken


def test_a_test_that_was_recorded_on_a_shared_device_names_it(apprenticeship: Apprenticeship, mentor: User) -> None:
    content = read(record_taken(apprenticeship, mentor).entry)
    assert Signed(**head_of(content)).authentication_label == "signed-in session"
    content["act"] |= {"authentication": "pin", "station": {"id": "1", "name": "Clean room tablet"}}
    assert Signed(**head_of(content)).authentication_label == "PIN on a shared device (Clean room tablet)"
    content["act"]["station"] = "a tablet"
    with pytest.raises(EntryIllegible):
        head_of(content)
