"""Two order the same document at the same instant, and a worker is done before the second one looks again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from apprenticeship.models import Apprenticeship
from reports import jobs
from reports.documents import request_document
from reports.models import FailureReason, JobState, RenderJob
from tests.at_once import at_once
from tests.cast import NOW, viewer_for

# On SQLite the second waits for the first to commit before it looks at all.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_lane("postgres")]


def order(person: User, book: Apprenticeship, key: str) -> RenderJob:
    later = NOW + timedelta(minutes=1)
    return request_document(viewer=viewer_for(person, later), key=key, apprenticeship=book, language="en")


@pytest.fixture
def failed(job: RenderJob) -> RenderJob:
    """The document's only job so far came to nothing, so whoever asks again orders it again."""
    ended = {"state": JobState.FAILED, "finished_at": NOW, "reason": FailureReason.WORKER_LOST}
    RenderJob.objects.filter(pk=job.pk).update(**ended)
    return job


def quicker(person: User, book: Apprenticeship, orders: list[RenderJob]) -> Callable[..., Any]:
    """Lets `person` order just before the second order is written, and a worker end it just after."""

    def between(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if orders or not sql.startswith('INSERT INTO "reports_renderjob"'):
            return execute(sql, params, many, context)
        orders.extend(at_once([lambda: order(person, book, "quicker")]))
        try:
            return execute(sql, params, many, context)
        except IntegrityError:
            at_once([lambda: jobs.run(orders[0].pk, clock=lambda: NOW + timedelta(minutes=2))])
            raise

    return between


def test_the_second_gets_the_job_that_is_done_already(
    failed: RenderJob, book: Apprenticeship, apprentice: User, mentor: User
) -> None:
    orders: list[RenderJob] = []
    with connection.execute_wrapper(quicker(mentor, book, orders)):
        second = order(apprentice, book, "second")
    assert [second] == orders
    assert (second.state, RenderJob.objects.count()) == (JobState.DONE, 2)
    assert second != failed
