"""Files of the tests go into a folder of each test's own; people open pages at the instant of the cast."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.pages.conftest import at

__all__ = ["at"]


@pytest.fixture(autouse=True)
def files_go_into_a_folder_of_the_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
