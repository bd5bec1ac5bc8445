"""Files of the tests go into a folder of each test's own."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def files_go_into_a_folder_of_the_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
