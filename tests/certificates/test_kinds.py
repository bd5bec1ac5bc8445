"""Kinds of certificates that a sponsor adds: one for each title, whatever letters it is written in."""

import pytest

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from instruction.certificate_kinds import KindInvalid, add_kind
from instruction.models import CertificateKind
from tests.at_once import at_once
from tests.cast import viewer_for

TITLES = (
    *("Sterile compounding certification, level one", "Sterile compounding certification, level two"),
    *("消毒", "化学", "kind", "CPR!", "CPR"),
)


def added(by: User, sponsor: Sponsor, title: str) -> CertificateKind:
    return add_kind(viewer=viewer_for(by), sponsor=sponsor, title=title)


def test_each_title_is_a_kind_of_its_own_and_the_same_one_is_given_back(sponsor: Sponsor, coordinator: User) -> None:
    made = [added(coordinator, sponsor, title) for title in TITLES]
    assert [kind.title for kind in made] == [*TITLES]
    assert len({kind.code for kind in made}) == len(TITLES)
    assert added(coordinator, sponsor, "  cpr ") == made[-1]


@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "auditor", "apprentice", "outsider"])
def test_only_a_coordinator_adds_one(who: str, sponsor: Sponsor, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        added(request.getfixturevalue(who), sponsor, "CPR")


def test_a_title_that_cannot_be_is_refused(sponsor: Sponsor, coordinator: User) -> None:
    for title in (" ", "x" * 121, "a\x00b"):
        with pytest.raises(KindInvalid):
            added(coordinator, sponsor, title)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_add_one_of_a_title(sponsor: Sponsor, coordinator: User) -> None:
    first, second = at_once([lambda: added(coordinator, sponsor, "CPR")] * 2)
    assert first == second
