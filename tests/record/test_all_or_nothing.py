"""An act that fails after any of its writes leaves nothing behind, and can be tried again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.signoff import sign_off_many
from apprenticeship.takingback import take_back
from tests.cast import line, signed, viewer_for

WRITES = ("INSERT", "UPDATE", "DELETE")
prepared_or_not = pytest.mark.parametrize("prepared", [True, False], ids=["together", "one by one"])


class PowerCut(Exception):
    """What the tests throw in after a write."""


@contextmanager
def power_cut_after(number: int) -> Iterator[list[str]]:
    """Raise PowerCut as soon as `number` writes have reached the database; gives the writes so far."""
    seen: list[str] = []

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = run(sql, params, many, context)
        if sql.startswith(WRITES) or "EXECUTE write" in sql:
            seen.append(sql)
            if len(seen) == number:
                raise PowerCut
        return result

    with connection.execute_wrapper(execute):
        yield seen


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all our tables."""
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in ("acts", "apprenticeship")]
    return {model.__name__: sorted(model._default_manager.values_list(), key=str) for model in ours}


def writes_that_roll_back(act: Callable[[], object]) -> int:
    """Cut the power after the first write, the second … until the act passes; how many writes it has."""
    before, number = everything(), 0
    while True:
        number += 1
        try:
            with power_cut_after(number) as seen:
                act()
        except PowerCut:
            assert everything() == before, f"left behind after {seen[-1]}"
        else:
            assert everything() != before
            return number - 1


@prepared_or_not
def test_signing_is_all_or_nothing(prepared: bool, apprenticeship: Apprenticeship, mentor: User, settings: Any) -> None:
    settings.PREPARED_STATEMENTS = prepared
    seen = signed(apprenticeship, mentor, "4.2", level="in-training")
    lines = [line(apprenticeship, "4.1", note="Well done."), line(apprenticeship, "4.2", replaces=seen)]
    taken = writes_that_roll_back(lambda: sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines))
    assert taken >= (3 if prepared else 8)


@prepared_or_not
@pytest.mark.parametrize("kind", ["mistake", "no_longer_stands"])
def test_taking_back_is_all_or_nothing(
    kind: str, prepared: bool, apprenticeship: Apprenticeship, mentor: User, settings: Any
) -> None:
    settings.PREPARED_STATEMENTS = prepared
    made = signed(apprenticeship, mentor)
    taken = writes_that_roll_back(
        lambda: take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind=kind, reason="Out of practice.")
    )
    assert taken >= (3 if prepared else 6)
