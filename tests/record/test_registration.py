"""That the agency registered an agreement is a dated, signed entry; the newest counts."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from apprenticeship.models import AgreementRegistration, Apprenticeship
from apprenticeship.record import read
from apprenticeship.registration import AgreementInvalid, registration_of
from apprenticeship.verifying import verify_record
from tests.cast import STARTS_ON, TODAY, fresh
from tests.record.every_kind import registered


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_registration_is_an_entry_and_the_newest_counts(
    who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    made = registered(fresh(apprenticeship), by, by_guardian=True)
    body = read(made.entry)["body"]
    told = {"form": "at_401", "number": "NY-2026-0417", "registered_on": "2026-01-14", "by_guardian": True}
    assert {name: body[name] for name in told} == told
    newer = registered(fresh(apprenticeship), by, number="NY-2026-0418")
    assert registration_of(apprenticeship) == newer
    assert fresh(apprenticeship).registration_number == "NY-2026-0418"
    assert verify_record(apprenticeship).findings == ()


@pytest.mark.parametrize("who", ["mentor", "auditor", "instructor", "apprentice", "outsider"])
def test_nobody_else_records_it(who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        registered(fresh(apprenticeship), request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"form": "x"}, "form"),
        ({"number": " "}, "number"),
        ({"number": "x" * 61}, "number"),
        ({"registered_on": TODAY + timedelta(days=1)}, "registered_on"),
        ({"registered_on": STARTS_ON - timedelta(days=1)}, "signed_on"),
    ],
)
def test_what_cannot_be_is_refused(
    said: dict[str, Any], field: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(AgreementInvalid) as refusal:
        registered(fresh(apprenticeship), coordinator, **said)
    assert (refusal.value.field, AgreementRegistration.objects.exists()) == (field, False)


def test_the_same_press_is_one_entry(apprenticeship: Apprenticeship, coordinator: User) -> None:
    for _time in range(2):
        registered(fresh(apprenticeship), coordinator, key="k")
    with pytest.raises(KeyReused):
        registered(fresh(apprenticeship), coordinator, key="k", number="Other")
    assert AgreementRegistration.objects.count() == 1
