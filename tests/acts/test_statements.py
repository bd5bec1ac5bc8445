"""Statements made once give what Django's own would give, on every use."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from acts.models import Act, Authentication
from acts.statements import Ready, insert, update
from apprenticeship.models import Apprenticeship, SignOff
from tests.cast import NOW, signed

SIGNED = Ready(
    lambda book: SignOff.objects.filter(apprenticeship=book).select_related("level__scale", "note", "entry"), "book"
)


def act_of(actor: User, key: str) -> Act:
    return Act(actor=actor, key=key, kind="sign_off", request_hash="", at=NOW, authentication=Authentication.SESSION)


def test_a_ready_query_gives_the_rows_with_what_is_joined(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor, note="Well done.")
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            (row,) = SIGNED(book=apprenticeship.pk)
            assert (row, row.level.scale, row.entry.hash) == (made, made.level.scale, made.entry.hash)
            assert row.note
            assert (row.note.text, row.observed_on, row.replaces_id) == ("Well done.", made.observed_on, None)
        assert len(asked) == 1


def test_a_ready_query_leaves_a_missing_relation_blank(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor)
    assert SIGNED(book=apprenticeship.pk)[0].note is None
    assert SIGNED(book=uuid.uuid4()) == []


def test_inserting_unless_there_says_whether_it_did(mentor: User) -> None:
    assert insert([act_of(mentor, "a"), act_of(mentor, "b")]) == 2
    assert insert([act_of(mentor, "b"), act_of(mentor, "c")], unless_there=True) == 1
    assert list(Act.objects.order_by("key").values_list("key", flat=True)) == ["a", "b", "c"]
    assert insert([]) == 0


def test_inserting_twice_is_refused_by_the_database(mentor: User) -> None:
    insert([act_of(mentor, "a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([act_of(mentor, "a")])


def test_a_row_is_updated_in_the_fields_named_and_no_other(mentor: User) -> None:
    act = act_of(mentor, "a")
    insert([act])
    act.result_ids, act.kind = ["1"], "other"
    assert update(act, "result_ids") == 1
    stored = Act.objects.get()
    assert (stored.result_ids, stored.kind) == (["1"], "sign_off")
    assert update(act_of(mentor, "b"), "result_ids") == 0
