"""A shared device at the worksite of the cast's apprentice."""

import pytest

from accounts.models import User
from apprenticeship.models import Station, Worksite
from tests.stations.standing import registered


@pytest.fixture
def station(administrator: User, worksite: Worksite) -> Station:
    return registered(administrator, worksite).station
