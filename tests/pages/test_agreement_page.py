"""The agreement of a record: recorded by whoever runs the program, read by everybody who reads the record."""

import uuid
from collections.abc import Callable

from django.test import Client

from accounts.models import User
from apprenticeship.models import Apprenticeship

At = Callable[[User], Client]


def test_it_is_recorded_on_its_page_and_read_by_all(
    apprenticeship: Apprenticeship, coordinator: User, apprentice: User, at: At
) -> None:
    address = f"/records/{apprenticeship.pk}/agreement/"
    assert "No registration is recorded yet" in at(apprentice).get(address).content.decode()
    sent = {
        "key": str(uuid.uuid4()),
        "form": "eta_671",
        "signed_on": "2026-01-05",
        "number": "NY-7",
        "registered_on": "2026-01-14",
    }
    for wrong in ({"form": ""}, {"registered_on": "2026-03-09"}):
        refused = at(coordinator).post(f"{address}register/", sent | wrong)
        assert (refused.status_code, 'value="NY-7"' in refused.content.decode()) == (400, True)
    assert (
        "The registration is in the record."
        in at(coordinator).post(f"{address}register/", sent, follow=True).content.decode()
    )
    page = at(apprentice).get(address).content.decode()
    assert ("ETA 671 (federal)" in page, "Jan 14, 2026" in page, "register/" in page) == (True, True, False)
