"""How many hours on the job a day may have with a sponsor: who sets it, what is refused, and what it leaves behind."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.daily_cap import CapInvalid, set_daily_cap
from tests.cast import viewer_for


def cap(by: User, sponsor: Sponsor, hours: str | None, *, key: str = "") -> Sponsor:
    wanted = None if hours is None else Decimal(hours)
    return set_daily_cap(viewer=viewer_for(by), key=key or str(uuid.uuid4()), sponsor=sponsor, hours=wanted)


def test_it_is_set_changed_and_lifted_with_a_trace_of_each(administrator: User, sponsor: Sponsor) -> None:
    said = [cap(administrator, sponsor, hours).most_work_hours_a_day for hours in ("10", "10.00", "8.25", None)]
    assert said == [Decimal(10), Decimal(10), Decimal("8.25"), None]
    traces = AuditEvent.objects.filter(kind="daily_cap_set").order_by("pk").values_list("data", flat=True)
    assert sorted(str(row["from"]) for row in traces) == ["10.00", "8.25", "None"]  # nothing said twice


@pytest.mark.parametrize("hours", ["0", "-1", "24.25", "8.1", "NaN", "Infinity"])
def test_hours_that_no_day_has_are_refused(administrator: User, sponsor: Sponsor, hours: str) -> None:
    with pytest.raises(CapInvalid):
        cap(administrator, sponsor, hours)
    sponsor.refresh_from_db()
    assert sponsor.most_work_hours_a_day is None


@pytest.mark.parametrize("role", ["coordinator", "mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_only_an_administrator_sets_it(role: str, sponsor: Sponsor, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        cap(request.getfixturevalue(role), sponsor, "8")


def test_the_same_key_sets_it_once(administrator: User, sponsor: Sponsor) -> None:
    cap(administrator, sponsor, "8", key="k")
    cap(administrator, sponsor, "9")
    assert cap(administrator, sponsor, "8", key="k").most_work_hours_a_day == Decimal(9)
    with pytest.raises(KeyReused):
        cap(administrator, sponsor, "7", key="k")


def test_the_page_shows_what_holds_keeps_what_was_typed_and_is_in_the_set_up(
    client: Client, administrator: User, sponsor: Sponsor
) -> None:
    client.force_login(administrator)
    address = reverse("daily_cap", args=[sponsor.pk])
    wrong = client.post(address, {"key": str(uuid.uuid4()), "hours": "25"})
    assert wrong.status_code == 400
    assert "at most 24" in wrong.content.decode()
    assert 'value="25"' in wrong.content.decode()
    page = client.post(address, {"key": str(uuid.uuid4()), "hours": "10.5"}, follow=True).content.decode()
    assert 'value="10.5"' in page
    assert f'href="{address}"' in client.get(reverse("sponsor_setup")).content.decode()
