"""Who becomes an apprentice's mentor after an asking is told that it waits for them, once."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Notice, Role, Sponsor, User
from acts.models import OutboxMessage
from acts.tasks import relay_outbox
from apprenticeship import reminding, tasks, telling
from apprenticeship.asking import withdraw
from apprenticeship.models import Apprenticeship
from tests.at_once import at_once
from tests.cast import NOW, TODAY, asked, make_mentorship, make_person, signed, viewer_for
from tests.telling.delivering import notices, told

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def newcomer(sponsor: Sponsor) -> User:
    """A mentor of the sponsor with no apprentices yet."""
    return make_person("Nils Later", Role.MENTOR, sponsor=sponsor)


def test_a_mentor_who_comes_later_is_told_once_of_all_that_waits(
    apprenticeship: Apprenticeship, mentor: User, newcomer: User
) -> None:
    asked(apprenticeship, "1.1", "1.2")
    told()
    assert reminding.tell_later_signers(at=LATER) == 0
    make_mentorship(apprenticeship, newcomer)
    assert (reminding.tell_later_signers(at=LATER), reminding.tell_later_signers(at=LATER)) == (1, 0)
    told(LATER)
    assert reminding.tell_later_signers(at=LATER) == 0
    assert (notices(newcomer), notices(mentor)) == (["asked"], ["asked"])
    notice = Notice.objects.get(person=newcomer)
    assert ([row[1] for row in notice.data["rows"]], notice.at) == (["1.1", "1.2"], LATER)


def test_who_is_there_before_the_delivery_is_told_by_the_asking_alone(
    apprenticeship: Apprenticeship, newcomer: User
) -> None:
    asked(apprenticeship)
    make_mentorship(apprenticeship, newcomer)
    assert reminding.tell_later_signers(at=LATER) == 0
    told(LATER)
    assert reminding.tell_later_signers(at=LATER) == 0
    assert notices(newcomer) == ["asked"]


def test_a_mentor_is_told_only_of_what_they_may_sign_and_from_when(
    apprenticeship: Apprenticeship, newcomer: User
) -> None:
    asked(apprenticeship, "2.1", "8.1")
    told()
    mentorship = make_mentorship(apprenticeship, newcomer)
    mentorship.role_tracks, mentorship.since = ["Laboratory Technician"], TODAY + timedelta(days=1)
    mentorship.save()
    assert reminding.tell_later_signers(at=LATER) == 0
    tomorrow = NOW + timedelta(days=1)
    assert reminding.tell_later_signers(at=tomorrow) == 1
    told(tomorrow)
    assert [row[1] for row in Notice.objects.get(person=newcomer).data["rows"]] == ["8.1"]


@pytest.mark.parametrize("ended", ["signed", "withdrawn"])
def test_what_ended_before_the_delivery_is_told_to_nobody(
    apprenticeship: Apprenticeship, mentor: User, newcomer: User, ended: str
) -> None:
    (row,) = asked(apprenticeship)
    told()
    make_mentorship(apprenticeship, newcomer)
    reminding.tell_later_signers(at=LATER)
    if ended == "signed":
        signed(apprenticeship, mentor)
    else:
        withdraw(viewer=viewer_for(apprenticeship.apprentice), key="w", asked=row)
    told(LATER)
    assert notices(newcomer) == []


def test_a_worker_that_dies_in_between_neither_forgets_nor_repeats_it(
    apprenticeship: Apprenticeship, newcomer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object, **_rest: object) -> None:
        raise KeyboardInterrupt

    asked(apprenticeship)
    told()
    make_mentorship(apprenticeship, newcomer)
    monkeypatch.setattr(reminding, "announce", dies)
    with pytest.raises(KeyboardInterrupt):
        reminding.tell_later_signers(at=LATER)
    monkeypatch.undo()
    assert reminding.tell_later_signers(at=LATER) == 1
    monkeypatch.setattr(telling, "refresh", dies)
    with pytest.raises(KeyboardInterrupt):
        told(LATER)
    monkeypatch.undo()
    assert notices(newcomer) == []
    assert reminding.tell_later_signers(at=LATER) == 0
    told(LATER + timedelta(hours=1))
    assert notices(newcomer) == ["asked"]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_tell_a_later_mentor_once(apprenticeship: Apprenticeship, newcomer: User) -> None:
    asked(apprenticeship)
    told()
    make_mentorship(apprenticeship, newcomer)
    assert sorted(at_once([lambda: reminding.tell_later_signers(at=LATER)] * 2)) == [0, 1]
    assert OutboxMessage.objects.filter(payload__telling="waits_for_you").count() == 1


def test_the_timed_task_tells_a_later_mentor(apprenticeship: Apprenticeship, newcomer: User) -> None:
    asked(apprenticeship)
    told()
    make_mentorship(apprenticeship, newcomer)
    with time_machine.travel(LATER, tick=False):
        tasks.remind()
        relay_outbox()
    assert notices(newcomer) == ["asked"]
