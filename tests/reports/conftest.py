"""What the tests of documents share: a book with two signatures, and files that vanish with the test."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship
from reports.documents import request_document
from reports.models import RenderJob
from tests.cast import fresh, signed, viewer_for


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The ids that were put into a queue, instead of a broker that somebody listens to."""
    ids: list[tuple[str, str]] = []

    def send_task(_name: str, *, kwargs: dict[str, str], queue: str, retry: bool) -> None:
        ids.append((queue, kwargs["job_id"]))

    monkeypatch.setattr("reports.jobs.current_app.send_task", send_task)
    return ids


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    """Rosa's book with skills 1.1 and 2.1 signed."""
    signed(apprenticeship, mentor, "1.1")
    signed(apprenticeship, mentor, "2.1")
    return fresh(apprenticeship)


@pytest.fixture
def job(book: Apprenticeship, apprentice: User, sent: list[tuple[str, str]]) -> RenderJob:
    """Rosa asked for her record; nothing has taken the job up yet."""
    return request_document(viewer=viewer_for(apprentice), key="first", apprenticeship=book, language="en")
