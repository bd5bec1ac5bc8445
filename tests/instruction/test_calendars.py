"""Classes in one's own calendar: the file by the letter of RFC 5545, and an address that can be ended."""

import re

from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from instruction.calendars import escaped, folded
from instruction.models import CalendarAddress, PlannedClass
from instruction.planning import cancel_class
from tests.cast import NOW, viewer_for
from tests.instruction.timetable import planned


def address_of(client: Client, who: User) -> str:
    client.force_login(who)
    page = client.post(reverse("calendar_address")).content.decode()
    client.logout()
    found = re.search(r"/calendar/[\w-]+\.ics", page)
    assert found
    return found[0]


def recently(*rows: PlannedClass) -> None:
    """Pages look at the real clock: move the classes near it."""
    from django.utils import timezone  # the tests' own clock is NOW

    for row in rows:
        lasts = row.ends_at - row.starts_at
        PlannedClass.objects.filter(pk=row.pk).update(starts_at=timezone.now(), ends_at=timezone.now() + lasts)


def test_texts_are_escaped_and_long_lines_folded_between_letters() -> None:
    assert escaped("a,b;c\\d\r\ne\x07") == "a\\,b\\;c\\\\d\\ne"
    line = "DESCRIPTION:" + "ñ" * 100
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


def test_a_calendar_shows_ones_own_classes_and_no_names(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    own = planned(coordinator, [rosa, luis], instructor=instructor, outline="Chapter 1; bring pens", weeks=2)
    other = planned(coordinator, [luis])
    recently(*own, *other)
    for who in (rosa.apprentice, instructor):
        answer = client.get(address_of(client, who))
        text = answer.content.decode().replace("\r\n ", "")
        assert text.count("BEGIN:VEVENT") == 2
        assert str(other[0].pk) not in text
        assert "Chapter 1\\; bring pens" in text
        assert "Luis" not in text
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/calendar; charset=utf-8", "no-store")


def test_a_cancelled_class_is_marked_so(client: Client, rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    cancel_class(viewer=viewer_for(coordinator, NOW), key="c", planned=one, reason="Snow", seen=1)
    recently(one)
    text = client.get(address_of(client, rosa.apprentice)).content.decode()
    assert "\r\nSTATUS:CANCELLED\r\n" in text
    assert "\r\nSEQUENCE:1\r\n" in text


def test_a_renewed_address_ends_the_older_one_and_off_ends_both(client: Client, rosa: Apprenticeship) -> None:
    first, second = address_of(client, rosa.apprentice), address_of(client, rosa.apprentice)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert CalendarAddress.objects.get().digest not in second
    client.force_login(rosa.apprentice)
    client.post(reverse("calendar_address"), {"off": "1"})
    assert client.get(second).status_code == 404


def test_a_closed_account_shows_no_calendar(client: Client, rosa: Apprenticeship) -> None:
    address = address_of(client, rosa.apprentice)
    User.objects.filter(pk=rosa.apprentice_id).update(is_active=False)
    assert client.get(address).status_code == 404
