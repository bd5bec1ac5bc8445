"""The list of notices to the agency: found, ordered, ticked and downloaded by those who oversee the sponsor."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from apprenticeship.models import AgencyNotice, Apprenticeship, StatusChange
from tests.cast import STARTS_ON, TODAY, fresh, make_apprenticeship, make_person
from tests.record.every_kind import status_changed

At = Callable[[User], Client]
LIST = "/agency-notices/"


def suspended(book: Apprenticeship, by: User, days: int = 0) -> StatusChange:
    status_changed(fresh(book), by, "activate", on=STARTS_ON)
    return status_changed(fresh(book), by, "suspend", on=TODAY - timedelta(days=days), reason="On leave.")


def another(book: Apprenticeship, name: str) -> Apprenticeship:
    return make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=book.sponsor), book.terms)


def test_what_is_due_late_and_told_stands_in_its_list(
    apprenticeship: Apprenticeship, coordinator: User, auditor: User, at: At
) -> None:
    due, late = suspended(apprenticeship, coordinator), suspended(another(apprenticeship, "Tom Twin"), coordinator, 50)
    page = at(auditor).get(LIST).content.decode()
    assert (page.index("Tom Twin") < page.index("Rosa Diaz"), "45 days left" in page) == (True, True)
    assert 'name="changes"' not in page
    page = at(auditor).get(LIST, {"show": "late"}).content.decode()
    assert ("Tom Twin" in page, "Rosa Diaz" in page) == (True, False)
    sent = {"key": str(uuid.uuid4()), "changes": [str(late.pk)], "told_on": TODAY.isoformat()}
    assert "Noted for 1 change." in at(coordinator).post(LIST, sent, follow=True).content.decode()
    page = at(auditor).get(LIST, {"show": "told"}).content.decode()
    assert ("told on Mar 2, 2026" in page, str(due.pk) in page) == (True, False)


@pytest.mark.parametrize("wrong", [{"told_on": ""}, {"told_on": "2026-03-09"}, {"changes": []}, {"changes": ["x"]}])
def test_what_is_refused_keeps_ticks_and_day(
    wrong: dict[str, Any], apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    change = suspended(apprenticeship, coordinator)
    sent = {"key": str(uuid.uuid4()), "changes": [str(change.pk)], "told_on": TODAY.isoformat()} | wrong
    response = at(coordinator).post(LIST, sent)
    page = response.content.decode()
    assert (response.status_code, AgencyNotice.objects.count()) == (400, 0)
    assert (f'value="{change.pk}" checked' in page) == (sent["changes"] == [str(change.pk)])
    assert f'value="{sent["told_on"]}"' in page or not sent["told_on"]


def test_the_list_comes_as_a_file_that_no_spreadsheet_computes(
    apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    suspended(another(apprenticeship, "=1+1 Formula"), coordinator)
    suspended(apprenticeship, coordinator)
    text = at(coordinator).get(f"{LIST}list.csv", {"order": "name"}).content.decode("utf-8-sig")
    rows = text.splitlines()
    assert rows[0].startswith("Name,Program,Registration number,Step")
    assert rows[1].startswith("'=1+1 Formula")
    assert rows[2].endswith("Suspend,Suspended,2026-03-02,2026-04-16,")


def test_a_longer_list_asks_no_more_queries(
    apprenticeship: Apprenticeship, coordinator: User, at: At, django_assert_max_num_queries: Any
) -> None:
    suspended(apprenticeship, coordinator)
    client = at(coordinator)
    client.get(LIST)
    with django_assert_max_num_queries(30) as short:
        client.get(LIST)
    for number in range(8):
        suspended(another(apprenticeship, f"Twin{number} Again"), coordinator)
    with django_assert_max_num_queries(len(short)):
        client.get(LIST)
