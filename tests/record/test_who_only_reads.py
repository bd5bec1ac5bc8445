"""A viewer of a record: a mentor of the sponsor who reads one book and signs, answers and takes back nothing."""

import pytest
from django.test import Client

from accounts.access import NotPermitted, Permission, permits
from accounts.models import Role, Sponsor, User
from apprenticeship.answering import may_answer, send_back, signers_of
from apprenticeship.asking import AskInvalid, AskLine, ask
from apprenticeship.bulk_sheet import sheet_of_apprentices, skills_to_sign
from apprenticeship.models import Apprenticeship, MentorshipRole, RequestedSkill
from apprenticeship.signoff import may_sign, sign_off
from apprenticeship.takingback import take_back
from reports.queue import queue_of
from tests.cast import (
    TODAY,
    asked,
    fresh,
    line,
    make_mentorship,
    make_person,
    signed,
    skill_of,
    viewer_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def onlooker(apprenticeship: Apprenticeship, sponsor: Sponsor) -> User:
    person = make_person("Olga Looker", Role.MENTOR, sponsor=sponsor)
    make_mentorship(apprenticeship, person, role=MentorshipRole.VIEWER)
    return person


def test_a_viewer_reads_the_record_and_may_do_nothing_else(apprenticeship: Apprenticeship, onlooker: User) -> None:
    book, viewer = fresh(apprenticeship), viewer_for(onlooker)
    assert book in Apprenticeship.objects.visible_to(viewer)
    allowed = {p for p in Permission if permits(viewer, p, on=book)}
    assert Permission.READ_RECORD in allowed
    assert not allowed & {
        Permission.SIGN_OFF,
        Permission.SEND_BACK,
        Permission.TAKE_BACK,
        Permission.READ_SEALED_TEXT,
        Permission.READ_REQUESTS,
        Permission.REQUEST_DOCUMENT,
    }


def test_every_way_to_sign_or_answer_is_closed_to_a_viewer(
    apprenticeship: Apprenticeship, onlooker: User, mentor: User
) -> None:
    made = signed(apprenticeship, mentor, "1.2")
    (row,) = asked(apprenticeship)
    row = RequestedSkill.objects.select_related("skill__skill_set", "apprenticeship__sponsor").get(pk=row.pk)
    viewer = viewer_for(onlooker)
    with pytest.raises(NotPermitted):
        sign_off(viewer=viewer, key="s", line=line(apprenticeship))
    with pytest.raises(NotPermitted):
        send_back(viewer=viewer, key="b", asked=[row], comment="No.")
    with pytest.raises(NotPermitted):
        take_back(viewer=viewer, key="t", sign_off=made, kind="no_longer_stands", reason="No.")
    book = fresh(apprenticeship)
    assert not may_sign(viewer, book, "")
    assert not may_answer(viewer, row)
    assert queue_of(viewer) == ()


def test_a_viewer_stands_on_no_sheet_and_in_no_list_of_signers(apprenticeship: Apprenticeship, onlooker: User) -> None:
    book, viewer = fresh(apprenticeship), viewer_for(onlooker)
    assert skills_to_sign(viewer) == []
    assert sheet_of_apprentices(viewer, skill_of(apprenticeship, "1.1")).lines == ()
    assert "Olga Looker" not in signers_of([(book, "")], viewer=viewer)[book.pk, ""]
    with pytest.raises(AskInvalid, match="one of your mentors"):
        ask(
            viewer=viewer_for(apprenticeship.apprentice),
            key="a",
            apprenticeship=book,
            lines=[AskLine(skill_of(apprenticeship, "1.1"), TODAY, done_with=onlooker)],
        )


def test_who_views_one_record_and_mentors_the_same_signs(apprenticeship: Apprenticeship, mentor: User) -> None:
    apprenticeship.mentorships.filter(mentor=mentor).update(until=TODAY.replace(day=28))
    make_mentorship(apprenticeship, mentor, role=MentorshipRole.VIEWER)
    assert may_sign(viewer_for(mentor), fresh(apprenticeship), "")
    assert apprenticeship not in Apprenticeship.objects.only_viewed_by(viewer_for(mentor))


def test_the_home_of_a_viewer_names_whose_record_they_may_read(apprenticeship: Apprenticeship, onlooker: User) -> None:
    client = Client()
    client.force_login(onlooker)
    page = client.get("/mentor/").content.decode()
    assert "You may read" in page
    assert f"/records/{apprenticeship.pk}/" in page
    record = client.get(f"/records/{apprenticeship.pk}/").content.decode()
    assert "Sign 1.1" not in record
    assert "/cohorts/" not in record
