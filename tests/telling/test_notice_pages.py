"""The bell in the head of every page, the list behind it, and the choice of mail."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import notice_views
from accounts.models import Notice, NoticeChoice, User
from apprenticeship.models import Apprenticeship
from tests.cast import asked, signed, viewer_for
from tests.pages.conftest import at
from tests.telling.delivering import told

__all__ = ["at"]
pytestmark = pytest.mark.django_db
At = Callable[[User], Client]


def page(client: Client, address: str = "/notices/") -> str:
    return client.get(address).content.decode()


def test_the_bell_counts_what_is_not_read_on_every_page(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    client = at(mentor)
    assert "bell-number" not in page(client, "/glossary/")
    asked(apprenticeship)
    told()
    assert '<span class="bell-number" aria-hidden="true">1</span>' in page(client, "/glossary/")
    assert "Notices, 1 not read" in page(client, "/profile/")


def test_the_bell_costs_one_query_and_none_without_a_login(
    client: Client, apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    for code in ("1.1", "1.2", "1.3"):
        signed(apprenticeship, mentor, code)
    told()
    with CaptureQueriesContext(connection) as anonymous:
        client.get("/glossary/")
    with CaptureQueriesContext(connection) as logged_in:
        at(apprenticeship.apprentice).get("/glossary/")
    assert not any("accounts_notice" in query["sql"] for query in anonymous)
    assert sum("accounts_notice" in query["sql"] for query in logged_in) == 1


def test_the_list_costs_the_same_for_any_number(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    costs = []
    for codes in (["1.1"], ["1.2", "1.3", "1.4", "1.5"]):
        for code in codes:
            signed(apprenticeship, mentor, code)
        told()
        with CaptureQueriesContext(connection) as queries:
            assert page(at(apprenticeship.apprentice)).count('class="notice"') >= len(codes)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_opening_a_notice_reads_it_and_leads_to_the_request(
    apprenticeship: Apprenticeship, mentor: User, at: At
) -> None:
    rows = asked(apprenticeship)
    told()
    client, notice = at(mentor), Notice.objects.get(person=mentor)
    assert "Rosa Diaz asks for a sign-off" in page(client)
    answer = client.post(f"/notices/{notice.pk}/open/")
    assert answer.headers["Location"] == f"/requests/{rows[0].request_id}/"
    assert "bell-number" not in page(client)


def test_looking_at_the_list_changes_nothing(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    asked(apprenticeship)
    told()
    page(at(mentor))
    assert Notice.objects.get(person=mentor).is_unread


def test_what_is_over_says_so(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    asked(apprenticeship)
    told()
    signed(apprenticeship, mentor)
    told()
    assert "No longer waits" in page(at(deputy))


def test_all_can_be_marked_as_read_and_only_ones_own(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At
) -> None:
    asked(apprenticeship)
    told()
    at(mentor).post("/notices/read/")
    assert not Notice.objects.get(person=mentor).is_unread
    assert Notice.objects.get(person=deputy).is_unread


def test_many_notices_stand_on_several_pages(
    apprenticeship: Apprenticeship, mentor: User, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_views, "ON_A_PAGE", 2)
    for code in ("1.1", "1.2", "1.3"):
        signed(apprenticeship, mentor, code)
    told()
    client = at(apprenticeship.apprentice)
    assert "Page 1 of 2" in page(client)
    assert page(client, "/notices/?page=2").count('class="notice"') == 1


def test_without_notices_the_page_says_what_will_stand_there(coordinator: User, at: At) -> None:
    assert "Nothing to tell you yet" in page(at(coordinator))


def test_a_choice_of_mail_is_kept(mentor: User, at: At) -> None:
    client = at(mentor)
    client.post("/profile/notices/", {"waiting": "daily", "answers": "never", "due": "at_once"})
    chosen = dict(NoticeChoice.objects.filter(person=mentor).values_list("group", "way"))
    assert chosen == {"waiting": "daily", "answers": "never", "due": "at_once"}
    assert 'value="daily" id="id_waiting_1" checked' in page(client, "/profile/notices/")


def test_a_choice_that_is_none_is_refused_and_keeps_the_rest(mentor: User, at: At) -> None:
    answer = at(mentor).post("/profile/notices/", {"waiting": "hourly", "answers": "never", "due": "daily"})
    assert answer.status_code == 400
    assert 'value="never" id="id_answers_2" checked' in answer.content.decode()
    assert not NoticeChoice.objects.exists()


def test_a_notice_of_another_is_hidden(apprenticeship: Apprenticeship, mentor: User, deputy: User, at: At) -> None:
    asked(apprenticeship)
    told()
    notice = Notice.objects.get(person=mentor)
    assert at(deputy).post(f"/notices/{notice.pk}/open/").status_code == 404
    assert Notice.objects.visible_to(viewer_for(deputy)).get() != notice
