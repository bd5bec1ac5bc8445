"""Asking, withdrawing and sending back by the API: the same transitions, told in the API's own way."""

from typing import Any

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, RequestedSkill
from tests.api.contract import Asker
from tests.cast import TODAY, asked, signed, skill_of


def line(book: Apprenticeship, code: str = "1.1", **changes: Any) -> dict[str, Any]:
    return {"skill": str(skill_of(book, code).pk), "done_on": str(TODAY), **changes}


def test_an_apprentice_asks_lists_and_withdraws(apprenticeship: Apprenticeship, apprentice: User) -> None:
    body = {"lines": [line(apprenticeship), line(apprenticeship, "1.2")], "comment": "At the bench."}
    first = Asker(apprentice).post("api_asks", body, pk=apprenticeship.pk)
    again = Asker(apprentice).post("api_asks", body, pk=apprenticeship.pk)
    assert (first.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert RequestedSkill.objects.count() == 2
    listed = Asker(apprentice).get("api_asks", pk=apprenticeship.pk)
    assert {row["code"] for row in listed.json["results"]} == {"1.1", "1.2"}
    gone = Asker(apprentice).post("api_withdraw", {}, key="w", pk=first.json["results"][0]["id"])
    assert (gone.status, gone.json["state"]) == (201, "withdrawn")
    late = Asker(apprentice).post("api_withdraw", {}, key="w2", pk=first.json["results"][0]["id"])
    assert (late.status, late.problem) == (409, "not-under-way")


def test_a_mentor_sends_back_with_a_comment(apprenticeship: Apprenticeship, mentor: User) -> None:
    (row,) = asked(apprenticeship)
    answer = Asker(mentor).post("api_send_back", {"comment": "Show me the log."}, pk=row.pk)
    assert (answer.status, answer.json["state"]) == (201, "sent_back")
    assert Asker(mentor).post("api_send_back", {"comment": " "}, key="b", pk=row.pk).status == 400


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"skill": "00000000-0000-0000-0000-000000000000"}, "#/lines/0/skill"),
        ({"done_on": "2031-01-01"}, "#/lines/0/done_on"),
        ({"done_with": "00000000-0000-0000-0000-000000000000"}, "#/lines/0/done_with"),
        ({"level": "00000000-0000-0000-0000-000000000000"}, "#/lines/0/level"),
    ],
)
def test_wrong_input_is_pointed_at(
    apprenticeship: Apprenticeship, apprentice: User, changes: dict[str, str], pointer: str
) -> None:
    answer = Asker(apprentice).post("api_asks", {"lines": [line(apprenticeship, **changes)]}, pk=apprenticeship.pk)
    assert (answer.status, answer.problem) == (400, "invalid-input")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_what_cannot_be_asked_says_why_and_a_used_key_is_refused(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    signed(apprenticeship, mentor)
    asker = Asker(apprentice)
    refused = asker.post("api_asks", {"lines": [line(apprenticeship)]}, pk=apprenticeship.pk)
    assert (refused.status, refused.problem) == (409, "cannot-be-asked")
    assert "highest level" in refused.json["errors"][0]["detail"]
    asker.post("api_asks", {"lines": [line(apprenticeship, "1.2")]}, pk=apprenticeship.pk)
    reused = asker.post("api_asks", {"lines": [line(apprenticeship, "1.3")]}, pk=apprenticeship.pk)
    assert (reused.status, reused.problem) == (422, "key-reused")
