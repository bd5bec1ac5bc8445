"""Every address times every visitor, by every method that it serves and others in turn: from the URL resolver."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.http import FileResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django.fixtures import Settings

from accounts.checks import every_pattern
from accounts.models import Role, Sponsor, User
from apprenticeship.models import (
    Apprenticeship,
    Cohort,
    CounterSignature,
    Evidence,
    EvidenceDraft,
    MentorshipRole,
    RequestedSkill,
    SignOff,
    Station,
    Worksite,
)
from competencies.models import Skill
from instruction.models import ClassSession, PlannedClass
from reports import jobs
from reports.documents import request_document
from reports.models import RenderJob
from tests.access.api_doors import API_DOORS
from tests.access.doors import DOORS as PAGE_DOORS
from tests.access.doors import VISITORS, Door, Meets
from tests.agreements import disagreed
from tests.cast import NOW, asked, fresh, make_mentorship, make_person, signed, viewer_for
from tests.evidence.files import uploaded
from tests.instruction.classroom import attend
from tests.instruction.timetable import planned
from tests.stations.standing import registered

LOGIN_ADDRESS = "/accounts/login/"
DOORS = {**PAGE_DOORS, **API_DOORS}


@dataclass
class World:
    """One apprentice's book with a signature, an asking and class hours in it, and everybody who may come along."""

    visitors: dict[str, User | None]
    apprenticeship: Apprenticeship
    cohort: Cohort
    skill: Skill
    sign_off: SignOff
    disagreement: CounterSignature
    asked: RequestedSkill
    session: ClassSession
    planned: PlannedClass
    job: RenderJob
    station: Station
    evidence: Evidence
    draft: EvidenceDraft


@pytest.fixture
def world(
    sponsor: Sponsor,
    mentor: User,
    deputy: User,
    coordinator: User,
    administrator: User,
    instructor: User,
    apprentice: User,
    auditor: User,
    outsider: User,
    apprenticeship: Apprenticeship,
    cohort: Cohort,
    worksite: Worksite,
    settings: Settings,
    tmp_path: Path,
) -> World:
    onlooker = make_person("Olga Looker", Role.MENTOR, sponsor=sponsor)
    make_mentorship(apprenticeship, onlooker, role=MentorshipRole.VIEWER)
    settings.MEDIA_ROOT = tmp_path
    file = uploaded(apprenticeship, mentor).pk
    first = signed(apprenticeship, mentor, evidence=(file,))
    (waiting,) = asked(apprenticeship, "1.2")
    (attended,) = attend(coordinator, [apprenticeship], instructor=instructor)
    visitors: dict[str, User | None] = {
        "anonymous": None,
        "roleless": User.objects.create_user(username="nobody", name="No Body", password="harbor-lantern-42"),
        "outsider": outsider,
        "stranger": make_person("Stella Other", Role.MENTOR, sponsor=sponsor),
        "mentor": mentor,
        "deputy": deputy,
        "onlooker": onlooker,
        "coordinator": coordinator,
        "administrator": administrator,
        "instructor": instructor,
        "apprentice": apprentice,
        "auditor": auditor,
    }
    return World(
        visitors,
        apprenticeship,
        cohort,
        first.skill,
        first,
        disagreed(signed(apprenticeship, mentor, "1.3")),
        waiting,
        attended.class_topic.session,
        planned(coordinator, [apprenticeship], instructor=instructor)[0],
        made_document(apprenticeship, apprentice),
        registered(administrator, worksite, "Matrix tablet").station,
        Evidence.objects.get(pk=file),
        EvidenceDraft.objects.get(pk=uploaded(apprenticeship, apprentice).pk),
    )


def made_document(apprenticeship: Apprenticeship, apprentice: User) -> RenderJob:
    """The apprentice's record, ordered and made; what stands in the file is of no matter here."""
    order = request_document(
        viewer=viewer_for(apprentice), key="order", apprenticeship=fresh(apprenticeship), language="en"
    )
    job = jobs.claim(order.pk, at=NOW)
    assert job
    jobs.finish(job, b"%PDF-1.7", at=NOW)
    return job


def patterns() -> list[tuple[str, URLPattern]]:
    return list(every_pattern())


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(str(pattern.name) for _, pattern in patterns()) == sorted(DOORS)


def test_no_address_is_without_a_name() -> None:
    assert [address for address, pattern in patterns() if not pattern.name] == []


# Which rows a visitor sees is asked of both databases by test_visible_rows; which door opens is decided in Python.
@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_door_opens_only_to_whom_it_should(visitor: str, world: World) -> None:
    """One visitor walks along all doors; every answer is compared with the table."""
    wrong = []
    for number, (name, door) in enumerate(DOORS.items()):
        client = arriving(world.visitors[visitor])
        for method in tried(door, number + VISITORS.index(visitor)):
            answer = knock(client, reverse(name, kwargs=dict(door.parts(world))), method)
            if not is_expected(answer, door, visitor, method):
                wrong.append(f"{method} {name}: {answer.status_code}, expected {door.meets(visitor, method).value}")
    assert wrong == []


def tried(door: Door, turn: int) -> list[str]:
    """The methods to knock with: reading, what the door serves, and one of the others; POST last, it may end the visit.

    The others meet 405 or the refusal of the page. They take turns, so that every door hears each of them from
    several visitors, and every visitor tries each of them at many doors.
    """
    others = [method for method in ("PUT", "PATCH", "DELETE") if method not in door.methods]
    served = [method for method in ("PUT", "PATCH", "DELETE") if method in door.methods]
    return ["GET", *served, *([others[turn % len(others)]] if others else []), "POST"]


def arriving(user: User | None) -> Client:
    """A fresh visit of `user`, or of somebody who is not logged in."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def knock(client: Client, address: str, method: str) -> HttpResponseBase:
    """One request with an empty body."""
    answer: HttpResponseBase = client.generic(method, address, content_type="application/x-www-form-urlencoded")
    if isinstance(answer, FileResponse):
        answer.getvalue()  # read to its end, so that the file is closed
    return answer


def is_expected(answer: HttpResponseBase, door: Door, visitor: str, method: str) -> bool:
    """Whether the answer is what the table says; a method that the address does not know meets 405 or less."""
    meets, expected, status = met(answer), door.meets(visitor, method), answer.status_code
    if status >= 500:
        return False
    if method not in door.methods:
        return status == 405 or meets is expected is not Meets.PASS
    return meets is expected and status != 405


def met(answer: HttpResponseBase) -> Meets:
    if answer.status_code == 401 or (
        answer.status_code == 302 and answer.headers["Location"].startswith(f"{LOGIN_ADDRESS}?")
    ):
        return Meets.LOGIN
    return {403: Meets.FORBIDDEN, 404: Meets.HIDDEN}.get(answer.status_code, Meets.PASS)
