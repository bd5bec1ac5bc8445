"""What a mentor is qualified for carries their signatures: asked at each, printed beside it, and refused in words."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import Qualification, Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship, Mentorship
from apprenticeship.qualifying import (
    QualificationEnded,
    QualificationInvalid,
    add_qualification,
    end_qualification,
    tracks_of,
)
from apprenticeship.record import read
from apprenticeship.signoff import NotQualified, OutsideRoleTrack, sign_off
from tests.cast import NOW, TODAY, asked, fresh, line, signed, viewer_for
from tests.mentors.qualifications import qualified
from tests.telling.delivering import notices, told

pytestmark = pytest.mark.django_db
CLAIMS, LABORATORY = "Claims Processing Technician", "Laboratory Technician"
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def added(by: User, sponsor: Sponsor, person: User, key: str = "add", **said: Any) -> Qualification:
    wanted: dict[str, Any] = {"name": "CPhT-Adv", "since": TODAY, **said}
    return add_qualification(viewer=viewer_for(by), key=key, sponsor=sponsor, person=person, **wanted)


def test_the_one_that_names_the_role_is_printed_before_one_for_all(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, sponsor: Sponsor
) -> None:
    qualified(sponsor, mentor, "Registered Pharmacist")
    added(coordinator, sponsor, mentor, name=" CPhT, claims ", role_tracks=[CLAIMS], certificate="A-1")
    printed = [read(signed(apprenticeship, mentor, code).entry)["by"]["qualification"] for code in ("1.1", "2.1")]
    assert printed == ["Registered Pharmacist", "CPhT, claims"]
    assert AuditEvent.objects.get(kind="qualification_added").data == {"person": str(mentor.pk)}


NOT_TODAY = {
    "ran out yesterday": ({"valid_until": YESTERDAY}, "ended on Mar 1, 2026"),
    "was ended": ({"ended_on": TODAY}, "ended on Mar 2, 2026"),
    "begins tomorrow": ({"since": TOMORROW}, "counts from Mar 3, 2026 on, not before"),
    "reaches another role": ({"tracks": (LABORATORY,)}, "does not reach skills of the role"),
}


@pytest.mark.parametrize("case", NOT_TODAY)
def test_what_does_not_hold_today_carries_no_signature_and_says_why(
    case: str, apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor, client: Client
) -> None:
    given, words = NOT_TODAY[case]
    qualified(sponsor, mentor, **given)  # type: ignore[arg-type]  # the names are those of `qualified`
    with pytest.raises(NotQualified) as refusal:
        sign_off(viewer=viewer_for(mentor), key="k", line=line(apprenticeship, "2.1"))
    assert words in refusal.value.why
    client.force_login(mentor)
    for_all = reverse("sign_many", args=[apprenticeship.pk])
    skill = line(apprenticeship, "2.1").skill
    one = reverse("sign_off", args=[apprenticeship.pk, skill.pk])
    pages = [one] if case == "reaches another role" else [one, f"{for_all}?set={skill.skill_set_id}"]
    if case == "begins tomorrow":
        Qualification.objects.update(since=date(2999, 1, 1))  # the pages ask the clock
        words = "counts from Jan 1, 2999 on"
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, words in answer.content.decode()) == (HTTPStatus.FORBIDDEN, True)


def test_its_last_day_still_counts(apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor) -> None:
    qualified(sponsor, mentor, "CPhT", valid_until=TODAY)
    signed(apprenticeship, mentor)
    with pytest.raises(NotQualified):
        signed(apprenticeship, mentor, "1.2", at=NOW + timedelta(days=1))


def test_the_api_says_the_same_sentence(
    apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor, client: Client
) -> None:
    qualified(sponsor, mentor, valid_until=YESTERDAY)
    client.force_login(mentor)
    wanted = line(apprenticeship, "1.1")
    body = {
        "apprenticeship": str(apprenticeship.pk),
        "skill": str(wanted.skill.pk),
        "level": str(wanted.level.pk),
        "method": "observed",
        "observed_on": "2026-03-02",
        "replaces": None,
    }
    answer = client.post(
        "/api/v1/sign-offs/", {"lines": [body]}, content_type="application/json", headers={"Idempotency-Key": "a"}
    )
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "“CPhT” ended on Mar 1, 2026" in answer.json()["detail"]


def test_a_mentorship_may_still_narrow_it(apprenticeship: Apprenticeship, mentor: User, sponsor: Sponsor) -> None:
    qualified(sponsor, mentor)
    Mentorship.objects.filter(mentor=mentor).update(role_tracks=[LABORATORY])
    with pytest.raises(OutsideRoleTrack):
        sign_off(viewer=viewer_for(mentor), key="k", line=line(apprenticeship, "2.1"))


def test_what_is_asked_goes_to_those_whose_qualification_holds(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, sponsor: Sponsor
) -> None:
    qualified(sponsor, mentor, valid_until=YESTERDAY)
    qualified(sponsor, deputy, tracks=(CLAIMS,))
    asked(apprenticeship, "2.1")
    told()
    assert (notices(mentor), notices(deputy)) == ([], ["asked"])


WRONG = {
    "no words": ({"name": " "}, "name"),
    "too long": ({"name": "x" * 201}, "name"),
    "signs that no record keeps": ({"certificate": "\x00"}, "certificate"),
    "valid until before it begins": ({"valid_until": YESTERDAY}, "valid_until"),
    "a role that no standard has": ({"role_tracks": ["Astronaut"]}, "role_tracks"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_refused_beside_its_field(
    case: str, apprenticeship: Apprenticeship, mentor: User, coordinator: User, sponsor: Sponsor
) -> None:
    given, field = WRONG[case]
    with pytest.raises(QualificationInvalid) as refusal:
        added(coordinator, sponsor, mentor, **given)  # type: ignore[arg-type]  # the names are those of the act
    assert (refusal.value.field, Qualification.objects.count()) == (field, 0)
    assert CLAIMS in tracks_of(sponsor)


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider", "coordinator"])
def test_nobody_else_enters_one_and_nobody_their_own(
    who: str, sponsor: Sponsor, mentor: User, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    row = qualified(sponsor, by if who == "coordinator" else mentor)
    with pytest.raises(NotPermitted):
        added(by, sponsor, row.person)
    with pytest.raises(NotPermitted):
        end_qualification(viewer=viewer_for(by), key="end", qualification=row, on=TODAY)


def test_ending_one_is_done_once_and_never_in_the_past(sponsor: Sponsor, mentor: User, administrator: User) -> None:
    row, viewer = qualified(sponsor, mentor), viewer_for(administrator)
    with pytest.raises(QualificationInvalid, match="The day is over"):
        end_qualification(viewer=viewer, key="a", qualification=row, on=YESTERDAY)
    for _time in range(2):
        assert end_qualification(viewer=viewer, key="b", qualification=row, on=TODAY).ended_on == TODAY
    with pytest.raises(QualificationEnded):
        end_qualification(viewer=viewer, key="c", qualification=row, on=TOMORROW)
    with pytest.raises(KeyReused):
        end_qualification(viewer=viewer, key="b", qualification=row, on=TOMORROW)
    assert AuditEvent.objects.filter(kind="qualification_ended").count() == 1


def test_a_coordinator_enters_ends_and_finds_them_on_pages(
    apprenticeship: Apprenticeship, sponsor: Sponsor, mentor: User, coordinator: User, client: Client
) -> None:
    client.force_login(coordinator)
    page = f"/sponsors/{sponsor.pk}/mentors/{mentor.pk}/"
    assert "as it came with their apprentices: CPhT" in " ".join(client.get(page).content.decode().split())
    body = {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a1", "name": "CPhT-Adv", "since": "2026-01-01"}
    answer = client.post(f"{page}qualifications/add/", {**body, "valid_until": "2025-01-01", "role_tracks": [CLAIMS]})
    assert (answer.status_code, f'value="{CLAIMS}" checked' in answer.content.decode()) == (400, True)
    assert client.post(f"{page}qualifications/add/", {**body, "valid_until": "2026-02-01"}).status_code == 302
    assert "CPhT-Adv" in client.get("/qualifications/?show=over").content.decode()
    assert "CPhT-Adv" in client.get("/qualifications/list.csv?show=over").content.decode()
    assert "1 qualification of a mentor has run out" in client.get("/cohorts/").content.decode()
    renewed = qualified(sponsor, mentor, "CPhT-Adv 2")
    assert "CPhT-Adv" not in client.get("/qualifications/?show=over").content.decode()
    end = {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a2", "on": "2999-01-01"}
    assert client.post(f"/qualifications/{renewed.pk}/end/", end).status_code == 302
    assert "ended on Jan 1, 2999" in client.get(page).content.decode()
    assert fresh(apprenticeship).qualification_of(viewer_for(mentor)) == "CPhT-Adv 2"
    assert Role.MENTOR in viewer_for(mentor).roles_with(sponsor.pk)
