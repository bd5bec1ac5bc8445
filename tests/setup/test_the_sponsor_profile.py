"""What a sponsor says of itself: who keeps it, what is refused, and what it leaves behind."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import NoticeGroup, Sponsor, User, Way
from accounts.notices import ways_of
from accounts.sponsor_profile import Profile, ProfileInvalid, set_profile
from acts.acting import KeyReused
from acts.models import AuditEvent
from tests.cast import viewer_for


def keep(by: User, sponsor: Sponsor, *, key: str = "", **said: Any) -> Sponsor:
    profile = replace(Profile.of(Sponsor.objects.get(pk=sponsor.pk)), **said)
    return set_profile(viewer=viewer_for(by), key=key or str(uuid.uuid4()), sponsor=sponsor, profile=profile)


def test_it_is_kept_with_a_trace_that_repeats_nothing_typed(administrator: User, sponsor: Sponsor) -> None:
    kept = keep(administrator, sponsor, name="Empire Guild", time_zone="America/Chicago", contact="Ada, 555-0100")
    keep(administrator, sponsor)  # nothing new, no trace
    assert (kept.name, str(kept.zone), kept.contact) == ("Empire Guild", "America/Chicago", "Ada, 555-0100")
    (trace,) = AuditEvent.objects.filter(kind="sponsor_profile_set").values_list("data", flat=True)
    zone = {"from": "America/New_York", "to": "America/Chicago"}
    assert trace == {"name": {}, "contact": {}, "time_zone": zone}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("contact", "nul\x00"),
        ("time_zone", "Nyack"),
        ("time_zone", "Etc/GMT+5"),
        ("undo_minutes", -1),
        ("undo_minutes", 1441),
        ("default_language", "fr"),
        ("usual_mail", {"waiting": "pigeon"}),
        ("usual_mail", {"gossip": "daily"}),
    ],
)
def test_what_no_sponsor_says_is_refused(administrator: User, sponsor: Sponsor, name: str, value: Any) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        keep(administrator, sponsor, **{name: value})
    assert refused.value.field == name
    assert Profile.of(Sponsor.objects.get(pk=sponsor.pk)) == Profile.of(sponsor)


@pytest.mark.parametrize("role", ["coordinator", "mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_only_an_administrator_keeps_it(role: str, sponsor: Sponsor, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        keep(request.getfixturevalue(role), sponsor, name="Another")


def test_the_same_key_keeps_it_once(administrator: User, sponsor: Sponsor) -> None:
    keep(administrator, sponsor, key="k", undo_minutes=10)
    with pytest.raises(KeyReused):
        keep(administrator, sponsor, key="k", undo_minutes=20)
    assert keep(administrator, sponsor, key="k").undo_minutes == 10


def test_the_usual_mail_is_that_of_the_sponsor_until_somebody_chooses(
    administrator: User, mentor: User, sponsor: Sponsor
) -> None:
    kept = keep(administrator, sponsor, usual_mail={"waiting": "never"})
    mentor.notice_choices.create(group=NoticeGroup.DUE, way=Way.AT_ONCE)
    ways = ways_of([mentor.pk], sponsor=kept)[mentor.pk]
    assert ways == {NoticeGroup.WAITING: Way.NEVER, NoticeGroup.ANSWERS: Way.DAILY, NoticeGroup.DUE: Way.AT_ONCE}


def test_the_page_keeps_what_was_typed_and_says_what_to_do(
    client: Client, administrator: User, sponsor: Sponsor
) -> None:
    client.force_login(administrator)
    address = reverse("sponsor_profile", args=[sponsor.pk])
    mail = {f"mail_{group}": "never" for group in NoticeGroup}
    said = {"key": str(uuid.uuid4()), "name": "Empire Guild", "time_zone": "Nyack", "undo_minutes": "30", **mail}
    wrong = client.post(address, said)
    assert wrong.status_code == 400
    assert 'value="Nyack"' in wrong.content.decode()
    assert "for example America/New_York" in wrong.content.decode()
    page = client.post(address, {**said, "time_zone": "America/Chicago"}, follow=True).content.decode()
    assert "<h1>Empire Guild</h1>" in page
    assert Sponsor.objects.get(pk=sponsor.pk).usual_mail == dict.fromkeys(NoticeGroup.values, "never")


def test_each_finds_on_the_set_up_page_what_they_may_open(
    client: Client, administrator: User, coordinator: User, sponsor: Sponsor
) -> None:
    shown = []
    for person in (administrator, coordinator):
        client.force_login(person)
        shown.append(client.get(reverse("sponsor_setup")).content.decode())
    only_administrator = [reverse("sponsor_profile", args=[sponsor.pk]), reverse("stations"), reverse("photographs")]
    assert [[f'href="{address}"' in page for address in only_administrator] for page in shown] == [
        [True] * 3,
        [False] * 3,
    ]
    assert reverse("certificate_kinds") in shown[1]
