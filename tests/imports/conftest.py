"""The cohort of two of the class hours, and a folder for the files."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.instruction.conftest import cohort, luis, rosa

__all__ = ["cohort", "luis", "rosa"]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
