"""Signing and taking back by the API: the same transitions, told in the API's own way."""

from typing import Any

import pytest

from accounts.models import Sponsor, User
from apprenticeship.models import Apprenticeship, RecordEntry, RevocationKind, SignOff
from competencies.models import Skill
from tests.api.conftest import token_of
from tests.api.contract import Asker
from tests.api.sending import as_sent
from tests.cast import TODAY, fresh, make_mentorship, signed
from tests.record.every_kind import status_changed


def test_a_mentor_signs_several_skills_at_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    lines = [as_sent(apprenticeship, code) for code in ("1.2", "1.1")]
    answer = Asker(mentor).post("api_sign_offs", {"lines": lines})
    assert (answer.status, [made["skill"]["code"] for made in answer.json["results"]]) == (201, ["1.2", "1.1"])
    assert answer.json["results"][0]["by"]["name"] == "Maria Alvarez"
    assert answer.json["results"][0]["authentication"] == "session"
    assert RecordEntry.objects.count() == 2


def test_the_same_key_again_gives_the_same_answer_and_signs_nothing(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    asker, body = Asker(mentor), {"lines": [as_sent(apprenticeship)]}
    first, second = asker.post("api_sign_offs", body), asker.post("api_sign_offs", body)
    assert (first.status, first.text) == (second.status, second.text)
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")
    assert SignOff.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    asker = Asker(mentor)
    asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    other = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship, "1.2")]})
    assert (other.status, other.problem) == (422, "key-reused")
    assert SignOff.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_write_without_a_usable_key_is_refused(key: str, apprenticeship: Apprenticeship, mentor: User) -> None:
    answer = Asker(mentor).post("api_sign_offs", {"lines": [as_sent(apprenticeship)]}, key=key)
    assert (answer.status, answer.problem) == (400, "key-missing")
    assert not SignOff.objects.exists()


def test_what_somebody_else_signed_is_told_line_by_line(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    standing = signed(apprenticeship, mentor, "1.2")
    lines = [as_sent(apprenticeship, code) for code in ("1.1", "1.2")]
    answer = Asker(deputy).post("api_sign_offs", {"lines": lines})
    assert (answer.status, answer.problem, answer.pointers) == (409, "already-signed", ["#/lines/1/replaces"])
    told = answer.json["errors"][0]["standing"]
    assert (told["id"], told["by"]["name"], told["level"]["attained"]) == (str(standing.pk), "Maria Alvarez", True)
    assert SignOff.objects.count() == 1


def test_naming_what_stands_replaces_it(apprenticeship: Apprenticeship, mentor: User, deputy: User) -> None:
    standing = signed(apprenticeship, mentor)
    line = as_sent(apprenticeship, replaces=str(standing.pk))
    answer = Asker(deputy).post("api_sign_offs", {"lines": [line]})
    assert (answer.status, answer.json["results"][0]["replaces"]) == (201, str(standing.pk))


def test_every_wrong_line_and_field_is_named(apprenticeship: Apprenticeship, mentor: User) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    lines = [
        as_sent(apprenticeship),
        as_sent(apprenticeship, "1.2", level=nowhere),
        as_sent(apprenticeship, "1.3", skill=nowhere, worksite=nowhere),
    ]
    answer = Asker(mentor).post("api_sign_offs", {"lines": lines})
    assert (answer.status, answer.problem) == (400, "invalid-input")
    assert sorted(answer.pointers) == ["#/lines/1/level", "#/lines/2/skill", "#/lines/2/worksite"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"observed_on": "2026-03-03"}, "#/lines/0/observed_on"),
        ({"observed_on": "2025-12-31"}, "#/lines/0/observed_on"),
        ({"observed_on": "yesterday"}, "#/lines/0/observed_on"),
        ({"method": "guessed"}, "#/lines/0/method"),
        ({"skill": 7}, "#/lines/0/skill"),
        ({"note": "\x00"}, "#/lines/0/note"),
        ({"sponsor": "empire"}, "#/lines/0/sponsor"),
    ],
)
def test_a_wrong_line_is_pointed_at(
    change: dict[str, Any], place: str, apprenticeship: Apprenticeship, mentor: User
) -> None:
    answer = Asker(mentor).post("api_sign_offs", {"lines": [as_sent(apprenticeship, **change)]})
    assert (answer.status, answer.problem, answer.pointers) == (400, "invalid-input", [place])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[]", 400),
        ("{}", 400),
        ('{"lines": []}', 400),
        ('{"lines": [NaN]}', 400),
        ('{"lines": "x"}', 400),
        ("{", 400),
        ("[" * 100_000, 400),
        ("\x00", 400),
        (f'{{"lines": "{"x" * 1_000_000}"}}', 413),
    ],
    ids=["list", "empty", "no-lines", "nan", "text", "cut", "deep", "nul", "large"],
)
def test_a_broken_body_is_the_askers_fault(
    body: str, status: int, apprenticeship: Apprenticeship, mentor: User
) -> None:
    answer = Asker(mentor).post("api_sign_offs", body)
    assert (answer.status, answer.problem) == (status, "invalid-input" if status == 400 else "too-large")


def test_a_book_out_of_sight_is_not_there(apprenticeship: Apprenticeship, mentor: User, stranger: User) -> None:
    answer = Asker(stranger).post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem, answer.pointers) == (404, "not-found", ["#/lines/0/apprenticeship"])


@pytest.mark.parametrize("role", ["coordinator", "administrator", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_but_a_mentor_signs(role: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest) -> None:
    answer = Asker(request.getfixturevalue(role)).post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem) == (403, "not-permitted")
    assert not SignOff.objects.exists()


def test_a_mentor_signs_only_in_their_own_role_track(apprenticeship: Apprenticeship, stranger: User) -> None:
    make_mentorship(apprenticeship, stranger, role_tracks=("Another Technician",))
    skills = Skill.objects.filter(skill_set__version=apprenticeship.terms.standard_version)
    code = skills.exclude(skill_set__role_track="").values_list("code", flat=True)[0]
    answer = Asker(stranger).post("api_sign_offs", {"lines": [as_sent(apprenticeship, code)]})
    assert (answer.status, answer.problem) == (403, "not-permitted")


def test_a_token_signs_nothing(apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor) -> None:
    asker = Asker(token=token_of(mentor, sponsor))
    answer = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem) == (403, "not-permitted")
    first = signed(apprenticeship, mentor)
    assert asker.post("api_take_back", {"kind": "mistake"}, pk=first.pk).problem == "not-permitted"


def test_a_session_without_the_csrf_token_signs_nothing(apprenticeship: Apprenticeship, mentor: User) -> None:
    asker = Asker(mentor)
    asker.client.handler.enforce_csrf_checks = True
    answer = asker.post("api_sign_offs", {"lines": [as_sent(apprenticeship)]})
    assert (answer.status, answer.problem) == (403, "not-permitted")
    assert "CSRF" in answer.json["detail"]


def test_a_signature_is_taken_back_as_a_mistake_and_again_with_the_same_key(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    first, asker = signed(apprenticeship, mentor), Asker(mentor)
    answers = [asker.post("api_take_back", {"kind": "mistake"}, pk=first.pk) for _ in range(2)]
    assert [(answer.status, answer.json["sign_off"]) for answer in answers] == [(201, str(first.pk))] * 2
    assert (answers[0].text, answers[1].headers["Idempotent-Replayed"]) == (answers[1].text, "true")
    assert asker.get("api_sign_off", pk=first.pk).json["state"] == "taken_back"


def test_taking_back_needs_a_reason_where_it_no_longer_stands(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    first, body = signed(apprenticeship, mentor), {"kind": RevocationKind.NO_LONGER_STANDS}
    answer = Asker(coordinator).post("api_take_back", body, pk=first.pk)
    assert (answer.status, answer.pointers) == (400, ["#/reason"])
    told = Asker(coordinator).post("api_take_back", {**body, "reason": "Learned it wrong."}, pk=first.pk)
    assert (told.status, "Learned it wrong." in told.text) == (201, False)


def test_what_no_longer_stands_is_not_taken_back_again(apprenticeship: Apprenticeship, mentor: User) -> None:
    first, asker = signed(apprenticeship, mentor), Asker(mentor)
    asker.post("api_take_back", {"kind": "mistake"}, pk=first.pk)
    again = asker.post("api_take_back", {"kind": "mistake"}, key="key-2", pk=first.pk)
    assert (again.status, again.problem) == (409, "not-standing")


def test_a_mistake_is_taken_back_only_within_the_undo_time(
    apprenticeship: Apprenticeship, mentor: User, at_ten_on_a_monday: Any
) -> None:
    first = signed(apprenticeship, mentor)
    at_ten_on_a_monday.shift(31 * 60)
    answer = Asker(mentor).post("api_take_back", {"kind": "mistake"}, pk=first.pk)
    assert (answer.status, answer.problem) == (409, "undo-time-over")


def test_problems_are_told_in_the_askers_language(apprenticeship: Apprenticeship, mentor: User) -> None:
    answers = [Asker(mentor, language=code).post("api_sign_offs", {}, key="") for code in ("en", "es")]
    assert [answer.headers["Content-Language"] for answer in answers] == ["en", "es"]
    assert {answer.problem for answer in answers} == {"key-missing"}
    assert [answer.json["title"] for answer in answers] == [
        "An Idempotency-Key is missing",
        "Falta una Idempotency-Key",
    ]


def test_in_a_suspended_apprenticeship_nothing_is_signed_or_asked(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    lines = [as_sent(apprenticeship)]
    status_changed(fresh(apprenticeship), coordinator, "activate")
    status_changed(fresh(apprenticeship), coordinator, "suspend", reason="On leave.")
    answer = Asker(mentor).post("api_sign_offs", {"lines": lines})
    assert (answer.status, answer.problem, answer.pointers) == (409, "apprenticeship-not-running", ["#/lines/0"])
    assert "has been suspended since Mar 2, 2026" in answer.json["errors"][0]["detail"]
    ask = {"lines": [{"skill": lines[0]["skill"], "done_on": TODAY.isoformat()}]}
    refused = Asker(apprenticeship.apprentice).post("api_asks", ask, pk=apprenticeship.pk)
    assert (refused.status, refused.problem) == (409, "apprenticeship-not-running")
