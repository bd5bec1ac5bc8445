"""What other systems read of the apprentice's OK, of a disagreement and of its answer."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.api.contract import Asker
from tests.cast import signed


def skill_told(machine: Asker, book: Apprenticeship, code: str) -> dict[str, Any]:
    told = machine.get("api_progress", pk=book.pk).json
    return next(skill for part in told["sets"] for skill in part["skills"] if skill["code"] == code)


def test_what_lacks_its_ok_waits_and_does_not_count(
    apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    told = skill_told(machine, apprenticeship, "1.1")
    assert (told["state"], told["attained"], told["needs_counter_signature"]) == ("waiting", False, True)
    assert told["counter_signature"] is None
    (word,) = agreed(made)
    told = skill_told(machine, apprenticeship, "1.1")
    assert (told["state"], told["counter_signature"]["agrees"]) == ("signed_off", True)
    assert machine.get("api_sign_off", pk=made.pk).json["counter_signature"]["id"] == str(word.pk)


def test_a_disagreement_and_its_answer_are_told_without_their_words(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, machine: Asker
) -> None:
    made = signed(apprenticeship, mentor)
    answered(disagreed(made, "I was on leave."), coordinator, words="The log says otherwise.")
    answers = [machine.get("api_sign_off", pk=made.pk), machine.get("api_progress", pk=apprenticeship.pk)]
    for answer in answers:
        assert "on leave" not in answer.text
        assert "otherwise" not in answer.text
    told = answers[0].json["counter_signature"]
    assert told.keys() == skill_told(machine, apprenticeship, "1.1")["counter_signature"].keys()
    assert (told["agrees"], told["answer_due"], told["by"]["role"]) == (False, "2026-03-16", "apprentice")
    assert (told["answer"]["outcome"], told["answer"]["by"]["name"]) == ("stands", "Carol Jones")


def test_a_list_of_signatures_costs_the_same_with_many_words(
    apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            machine.get("api_sign_offs")
        return len(queries)

    disagreed(signed(apprenticeship, mentor, "1.1"))
    cost()
    few = cost()
    for code in ("1.2", "1.3", "1.4"):
        disagreed(signed(apprenticeship, mentor, code))
    assert cost() == few
