"""Only the apprentice's own mentor of today signs, and nobody for themselves."""

from datetime import UTC, date, datetime

import pytest

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from accounts.viewer import build_viewer
from acts.models import Act
from apprenticeship.models import Apprenticeship, Mentorship, RecordEntry, SignOff
from apprenticeship.signoff import OutsideRoleTrack, sign_off
from tests.cast import LONG_AGO, NOW, line, make_mentorship, make_person, signed, viewer_for


def try_to_sign(person: User | None, book: Apprenticeship, code: str = "1.1", at: datetime = NOW) -> SignOff:
    return sign_off(viewer=viewer_for(person, at), key="k", line=line(book, code))


def is_refused(person: User | None, book: Apprenticeship, code: str = "1.1", at: datetime = NOW) -> bool:
    """Whether signing is refused and nothing is stored."""
    with pytest.raises(NotPermitted):
        try_to_sign(person, book, code, at)
    return not (Act.objects.filter(kind="sign_off").exists() or RecordEntry.objects.exists())


@pytest.mark.parametrize("who", ["coordinator", "administrator", "auditor", "instructor", "apprentice", "outsider"])
def test_no_other_role_signs(who: str, apprenticeship: Apprenticeship, request: pytest.FixtureRequest) -> None:
    assert is_refused(request.getfixturevalue(who), apprenticeship)


def test_an_anonymous_visitor_does_not_sign(apprenticeship: Apprenticeship) -> None:
    assert is_refused(None, apprenticeship)


def test_a_mentor_of_another_apprentice_does_not_sign(apprenticeship: Apprenticeship, sponsor: Sponsor) -> None:
    assert is_refused(make_person("Nora Other", Role.MENTOR, sponsor=sponsor), apprenticeship)


def test_nobody_signs_for_themselves_whatever_roles_they_hold(
    apprenticeship: Apprenticeship, apprentice: User, sponsor: Sponsor
) -> None:
    for role in Role:
        Membership.objects.get_or_create(user=apprentice, sponsor=sponsor, role=role, defaults={"since": LONG_AGO})
    make_mentorship(apprenticeship, apprentice)
    assert is_refused(apprentice, apprenticeship)


def test_a_mentorship_without_the_role_is_not_enough(apprenticeship: Apprenticeship, mentor: User) -> None:
    Membership.objects.filter(user=mentor).update(until=date(2026, 3, 2))
    assert is_refused(mentor, apprenticeship)


@pytest.mark.parametrize(
    ("since", "until", "may"),
    [
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 3), None, False),
        (date(2026, 1, 5), date(2026, 3, 3), True),
        (date(2026, 1, 5), date(2026, 3, 2), False),
    ],
)
def test_a_mentor_signs_only_while_the_mentorship_holds(
    since: date, until: date | None, may: bool, apprenticeship: Apprenticeship, mentor: User
) -> None:
    Mentorship.objects.filter(mentor=mentor).update(since=since, until=until)
    if may:
        assert try_to_sign(mentor, apprenticeship).signer == mentor
    else:
        assert is_refused(mentor, apprenticeship)


@pytest.mark.parametrize(
    ("at", "may"),
    [
        (datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC), True),  # a second before midnight in New York
        (datetime(2026, 3, 3, 5, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_mentorship_ends_at_midnight_of_the_sponsors_zone(
    at: datetime, may: bool, apprenticeship: Apprenticeship, mentor: User
) -> None:
    Mentorship.objects.filter(mentor=mentor).update(until=date(2026, 3, 3))
    if may:
        assert try_to_sign(mentor, apprenticeship, at=at).entry.recorded_at == at
    else:
        assert is_refused(mentor, apprenticeship, at=at)


def test_a_mentor_of_one_role_track_signs_that_and_what_is_for_everybody(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    Mentorship.objects.filter(mentor=mentor).update(role_tracks=["Laboratory Technician"])
    assert is_refused(mentor, apprenticeship, "2.1")
    with pytest.raises(OutsideRoleTrack) as refusal:
        try_to_sign(mentor, apprenticeship, "2.1")
    assert refusal.value.role_track == "Claims Processing Technician"
    viewer = viewer_for(mentor)
    for number, code in enumerate(["1.1", "8.1"]):
        assert sign_off(viewer=viewer, key=str(number), line=line(apprenticeship, code))


def test_a_token_that_may_only_read_does_not_sign(apprenticeship: Apprenticeship, mentor: User) -> None:
    viewer = build_viewer(mentor, at=NOW, allowed=[])
    with pytest.raises(NotPermitted):
        sign_off(viewer=viewer, key="k", line=line(apprenticeship))


def test_a_press_repeated_after_the_mentorship_ended_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = try_to_sign(mentor, apprenticeship)
    Mentorship.objects.filter(mentor=mentor).update(until=date(2026, 3, 2))
    with pytest.raises(NotPermitted):
        try_to_sign(mentor, apprenticeship)
    assert SignOff.objects.get() == first


def test_of_two_mentorships_the_one_that_covers_the_skill_counts(
    apprenticeship: Apprenticeship, sponsor: Sponsor
) -> None:
    both = make_person("Bea Both", Role.MENTOR, sponsor=sponsor)
    make_mentorship(apprenticeship, both, until=date(2026, 4, 1), role_tracks=("Laboratory Technician",))
    make_mentorship(apprenticeship, both, role_tracks=("Claims Processing Technician",))
    assert signed(apprenticeship, both, "2.1").signer == both
    assert signed(apprenticeship, both, "8.1").signer == both
