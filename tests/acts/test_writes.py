"""Rows that are sent together arrive in their order, and another's work is never written over."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from acts.models import Act, Authentication
from acts.statements import Ready, Writes
from apprenticeship.models import Apprenticeship, SignOff, SkillStanding
from apprenticeship.standing import MOVING
from tests.cast import NOW, signed

SIGNED = Ready(lambda skills: SignOff.objects.filter(skill__in=skills).order_by("entry__sequence"), "skills")


def act_of(actor: User, key: str) -> Act:
    return Act(actor=actor, key=key, kind="sign_off", request_hash="", at=NOW, authentication=Authentication.SESSION)


@pytest.mark.parametrize("prepared", [True, False])
def test_what_waits_is_sent_in_its_order(prepared: bool, mentor: User, settings: Any) -> None:
    settings.PREPARED_STATEMENTS = prepared
    writes, act = Writes(), act_of(mentor, "a")
    writes.insert([act])
    act.kind = "other"
    writes.update(act, "kind")
    writes.insert([act_of(mentor, "a"), act_of(mentor, "b")], unless_there=True)
    with CaptureQueriesContext(connection) as sent:
        assert writes.send() == 1
    assert len(sent) == (1 if prepared and connection.vendor == "postgresql" else 3)
    assert sorted(Act.objects.values_list("key", "kind")) == [("a", "other"), ("b", "sign_off")]
    assert writes.send() == 0


def test_a_list_of_ids_gives_the_rows_of_all_of_them(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = [signed(apprenticeship, mentor, code) for code in ("1.1", "1.2", "8.1")]
    assert SIGNED(skills=[made[2].skill_id, made[0].skill_id]) == [made[0], made[2]]
    assert SIGNED(skills=[made[1].skill_id, uuid.uuid4()]) == [made[1]]
    assert SIGNED(skills=[]) == []
    assert SIGNED(skills=[*(uuid.uuid4() for _ in range(99)), *(row.skill_id for row in made)]) == made


def test_only_rows_that_still_are_what_was_seen_are_moved(apprenticeship: Apprenticeship, mentor: User) -> None:
    first, second = signed(apprenticeship, mentor, "1.1"), signed(apprenticeship, mentor, "1.2")
    rows = list(SkillStanding.objects.order_by("pk"))
    for row in rows:
        row.sign_off_id, row.attained, row.due_on = None, False, None
    writes = Writes()
    writes.update_unmoved(rows, *MOVING, still=[first.pk, first.pk])
    assert writes.send() == 1
    assert list(SkillStanding.objects.order_by("pk").values_list("sign_off", "attained")) == [
        (None, False),
        (second.pk, True),
    ]
