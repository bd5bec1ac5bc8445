"""Certificates, and what stands beside class hours, for other systems."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.certificates.bringing import brought, confirmed
from tests.instruction.classroom import FIRST_AID, topic_of
from tests.instruction.earning import earned, exam, undone, waived

pytestmark = pytest.mark.django_db


def test_certificates_say_how_they_stand(
    client: Client, apprenticeship: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    first = brought(apprenticeship, apprentice, number="1")
    confirmed(first, coordinator)
    confirmed(brought(apprenticeship, apprentice, number="2", renews=first), coordinator)
    brought(apprenticeship, apprentice, number="3")
    client.force_login(apprentice)
    found = client.get(reverse("api_certificates", args=[apprenticeship.pk])).json()["certificates"]
    states = {one["number"]: (one["state"], one["entry"], one["due_on"]) for one in found}
    assert states == {
        "1": ("renewed", 1, "2028-02-02"),
        "2": ("confirmed", 2, "2028-02-02"),
        "3": ("waiting", None, "2028-02-02"),
    }


def test_what_stands_beside_classes_is_told_with_what_was_taken_back(
    client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    earned(coordinator, apprenticeship, hours="2.5")
    undone(coordinator, waived(coordinator, apprenticeship).entry)
    exam(coordinator, apprenticeship)
    client.force_login(coordinator)
    found = client.get(reverse("api_beside_classes", args=[apprenticeship.pk])).json()
    (hours,), (waiver,), (test,) = found["other_hours"], found["waivers"], found["tests"]
    assert (hours["hours"], hours["way"], hours["entry"]) == ("2.5", "self_study", 1)
    assert hours["topic"] == str(topic_of(apprenticeship, FIRST_AID).pk)
    assert (waiver["taken_back"], test["score"], test["passed"]) == (True, "41", True)
    assert found["sign_offs"] == []
