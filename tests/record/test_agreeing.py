"""The apprentice's OK: where it is demanded a skill waits for it, and the last word about a signature counts."""

from datetime import timedelta

from accounts.models import User
from apprenticeship import standing
from apprenticeship.models import Apprenticeship, RecordEntry, SkillStanding
from apprenticeship.record import read
from apprenticeship.takingback import take_back
from apprenticeship.verifying import verify_record
from tests.agreements import agreed, demands_ok, disagreed
from tests.cast import NOW, signed, viewer_for


def row(book: Apprenticeship, code: str = "1.1") -> SkillStanding:
    return SkillStanding.objects.get(apprenticeship=book, skill__code=code)


def rows(book: Apprenticeship) -> list[tuple[object, ...]]:
    values = ("skill", "sign_off", "revocation", "counter_signature", "attained", "due_on")
    return sorted(SkillStanding.objects.filter(apprenticeship=book).values_list(*values), key=str)


def test_what_demands_an_ok_counts_only_with_it(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    assert (row(apprenticeship).attained, row(apprenticeship).counter_signature) == (False, None)
    (word,) = agreed(made)
    assert (row(apprenticeship).attained, row(apprenticeship).counter_signature) == (True, word)
    assert verify_record(apprenticeship).is_intact


def test_an_agreement_is_an_entry_that_can_be_read_alone(apprenticeship: Apprenticeship, mentor: User) -> None:
    (word,) = agreed(signed(apprenticeship, mentor))
    content = read(word.entry)
    body = content["body"]
    assert (word.entry.kind, content["by"]["name"], content["by"]["role"]) == (
        "counter_signature",
        "Rosa Diaz",
        "apprentice",
    )
    assert (body["sign_off"], body["skill"]["code"], body["level"]["attained"], body["agrees"]) == (
        1,
        "1.1",
        True,
        True,
    )
    assert body["meaning"]["text"] == "I have read this sign-off of my work, and I agree with it."
    assert (body["reason"], body["answer_due"]) == (None, None)


def test_where_no_ok_is_demanded_a_word_changes_nothing_of_what_counts(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    made = signed(apprenticeship, mentor)
    disagreed(made)
    assert row(apprenticeship).attained
    agreed(made)
    assert row(apprenticeship).attained
    assert verify_record(apprenticeship).is_intact


def test_several_are_agreed_with_in_one_act(apprenticeship: Apprenticeship, mentor: User) -> None:
    demands_ok(apprenticeship, "1.1", "1.2", "1.3")
    made = [signed(apprenticeship, mentor, code) for code in ("1.1", "1.2", "1.3")]
    words = agreed(*made)
    assert [word.sign_off for word in words] == made
    assert len({word.entry.act_id for word in words}) == 1
    assert [word.entry.sequence for word in words] == [4, 5, 6]
    assert all(row(apprenticeship, code).attained for code in ("1.1", "1.2", "1.3"))


def test_the_last_word_counts(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    disagreed(made)
    assert not row(apprenticeship).attained
    agreed(made)
    assert row(apprenticeship).attained
    disagreed(made)
    assert not row(apprenticeship).attained
    assert RecordEntry.objects.filter(kind="counter_signature").count() == 3
    assert verify_record(apprenticeship).is_intact


def test_a_parent_waits_for_the_ok_of_a_step(apprenticeship: Apprenticeship, mentor: User) -> None:
    demands_ok(apprenticeship, "4.4")
    steps = [signed(apprenticeship, mentor, f"4.{number}") for number in range(2, 9)]
    signed(apprenticeship, mentor, "4.1")
    assert not row(apprenticeship, "4.1").attained
    agreed(steps[2])
    assert row(apprenticeship, "4.1").attained
    disagreed(steps[2])
    assert not row(apprenticeship, "4.1").attained


def test_signing_again_asks_for_a_new_ok(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(demands_ok(apprenticeship, "1.1"), mentor)
    agreed(first)
    second = signed(apprenticeship, mentor, replaces=first)
    assert (row(apprenticeship).counter_signature, row(apprenticeship).attained) == (None, False)
    agreed(second)
    assert row(apprenticeship).attained


def test_a_mistake_restores_what_stood_before_with_its_ok(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(demands_ok(apprenticeship, "1.1"), mentor)
    (word,) = agreed(first)
    second = signed(apprenticeship, mentor, replaces=first)
    agreed(second)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=second, kind="mistake")
    now = row(apprenticeship)
    assert (now.sign_off, now.counter_signature, now.attained) == (first, word, True)
    assert verify_record(apprenticeship).is_intact


def test_taking_back_ends_what_was_agreed_to(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    agreed(made)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind="no_longer_stands", reason="Out of practice.")
    now = row(apprenticeship)
    assert (now.sign_off, now.counter_signature, now.attained) == (None, None, False)
    assert verify_record(apprenticeship).is_intact


def test_rebuilding_gives_the_same_rows(apprenticeship: Apprenticeship, mentor: User) -> None:
    demands_ok(apprenticeship, "1.1", "1.2", "4.2")
    agreed(signed(apprenticeship, mentor, "1.1"))
    disagreed(signed(apprenticeship, mentor, "1.2"))
    signed(apprenticeship, mentor, "4.2")
    signed(apprenticeship, mentor, "4.1")
    undone = signed(apprenticeship, mentor, "1.3")
    agreed(undone)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=undone, kind="mistake")
    before = rows(apprenticeship)
    standing.rebuild(apprenticeship)
    assert rows(apprenticeship) == before


def test_an_ok_may_come_long_after(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    agreed(made, at=NOW + timedelta(days=90))
    assert row(apprenticeship).attained
