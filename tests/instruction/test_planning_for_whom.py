"""Whom a class is planned for: single apprentices, whole cohorts, several of them, and nobody of another sponsor."""

import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import StandardVersion
from instruction.models import PlannedClass
from instruction.planning import PlanInvalid
from tests.cast import make_person
from tests.instruction.classroom import enroll, topic_of
from tests.instruction.test_timetable_pages import filled, read
from tests.instruction.timetable import planned


@pytest.fixture
def mia(sponsor: Sponsor, published_standard: StandardVersion) -> Apprenticeship:
    """Of another cohort of the same sponsor."""
    spring = Cohort.objects.create(sponsor=sponsor, name="Spring 2026")
    return enroll(make_person("Mia Chen", Role.APPRENTICE, sponsor=sponsor), cohort=spring, version=published_standard)


@pytest.fixture
def stranger(outsider: User, published_standard: StandardVersion) -> Apprenticeship:
    """Of another sponsor."""
    theirs = outsider.memberships.get().sponsor
    person = make_person("Zoe Stranger", Role.APPRENTICE, sponsor=theirs)
    return enroll(person, cohort=Cohort.objects.create(sponsor=theirs, name="Theirs"), version=published_standard)


def expected(one: PlannedClass) -> list[str]:
    return sorted(one.expected.values_list("apprenticeship__apprentice__name", flat=True))


def test_the_page_offers_everybody_of_the_sponsor_and_begins_with_the_cohort(
    client: Client, rosa: Apprenticeship, mia: Apprenticeship, stranger: Apprenticeship, coordinator: User
) -> None:
    page = read(client, coordinator, "plan_class", rosa.cohort_id)
    ticked = dict(re.findall(r'name="people" value="([^"]+)"( checked)?', page))
    assert ticked == {str(rosa.pk): " checked", str(mia.pk): ""}
    assert "Everybody in this cohort" in page
    assert "Zoe Stranger" not in page


def test_single_ones_and_whole_cohorts_come_together(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, mia: Apprenticeship, coordinator: User
) -> None:
    client.force_login(coordinator)
    address, form = reverse("plan_class", args=[rosa.cohort_id]), filled(luis, weeks="1")
    assert client.post(address, {**form, "cohorts": [str(mia.cohort_id)]}).status_code == 302
    one = PlannedClass.objects.get()
    assert expected(one) == ["Luis Ortiz", "Mia Chen"]
    assert "Fall 2025, Spring 2026" in read(client, coordinator, "timetable", query="?show=held")
    changed = filled(rosa, seen="1", people=[], cohorts=[str(rosa.cohort_id)])
    client.post(reverse("edit_class", args=[one.pk]), changed)
    assert expected(one) == ["Luis Ortiz", "Rosa Diaz"]


def test_a_person_or_cohort_of_another_sponsor_is_refused_in_the_words_for_nobody(
    client: Client, rosa: Apprenticeship, cohort: Cohort, stranger: Apprenticeship, coordinator: User
) -> None:
    client.force_login(coordinator)
    for field, foreign in (("people", stranger.pk), ("cohorts", stranger.cohort_id)):
        said = []
        for pk in (foreign, uuid.uuid4()):
            sent = filled(rosa, **{field: [str(rosa.pk), str(pk)] if field == "people" else [str(pk)]})
            answer = client.post(reverse("plan_class", args=[cohort.pk]), sent)
            assert answer.status_code == 400
            said.append(set(re.findall(r'class="error">.*?</svg>([^<]+)', answer.content.decode())))
        assert said == [{"Somebody who was chosen cannot be chosen here. Look at the names once more."}] * 2
    with pytest.raises(PlanInvalid, match="not all apprentices of this sponsor"):
        planned(coordinator, [rosa, stranger])
    assert not PlannedClass.objects.exists()


def test_nobody_and_more_than_there_is_room_for_are_refused_with_the_numbers(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, mia: Apprenticeship, coordinator: User
) -> None:
    client.force_login(coordinator)
    address = reverse("plan_class", args=[rosa.cohort_id])
    assert "Choose at least one apprentice." in client.post(address, filled(rosa, people=[])).content.decode()
    whole = [str(rosa.cohort_id), str(mia.cohort_id)]
    page = client.post(address, filled(rosa, people=[], cohorts=whole, capacity="2")).content.decode()
    assert "There is room for 2, and 3 are chosen." in page
    assert len(re.findall(r'name="cohorts"[^>]* checked', page)) == 1  # the other one is the cohort's own


def test_whom_no_topic_counts_for_is_named(
    rosa: Apprenticeship, mia: Apprenticeship, coordinator: User, published_standard: StandardVersion
) -> None:
    other = StandardVersion.objects.get(pk=published_standard.pk)
    other.pk, other.number = uuid.uuid4(), "2"
    other.save(force_insert=True)
    assert mia.cohort
    sam = enroll(make_person("Sam Other", Role.APPRENTICE, sponsor=mia.sponsor), cohort=mia.cohort, version=other)
    with pytest.raises(PlanInvalid, match="no topic of this class counts for them: Sam Other"):
        planned(coordinator, [rosa, mia, sam], topics=[(topic_of(rosa), Decimal(4))])


def test_the_page_takes_as_many_queries_for_one_apprentice_as_for_many(
    client: Client, rosa: Apprenticeship, sponsor: Sponsor, coordinator: User, published_standard: StandardVersion
) -> None:
    counts = []
    for size in (1, 4):
        while Apprenticeship.objects.filter(sponsor=sponsor).count() < size:
            person = make_person(f"P{uuid.uuid4().hex[:6]} Doe", Role.APPRENTICE, sponsor=sponsor)
            enroll(person, cohort=Cohort.objects.create(sponsor=sponsor, name=person.name), version=published_standard)
        read(client, coordinator, "plan_class", rosa.cohort_id)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("plan_class", args=[rosa.cohort_id]))
        counts.append(len(asked))
    assert counts[0] == counts[1]
