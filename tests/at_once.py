"""Doing things at the same instant: real threads, each with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all `acts` together; gives what each returned, or the exception it raised, in their order.

    Only for tests with real commits: other threads do not see an open transaction.
    """
    outcomes: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(10)
            outcomes[place] = acts[place]()
        except Exception as error:  # whatever it is, the test compares it
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "the acts wait for each other"
    return outcomes
