"""One line for each apprentice: when something was last signed, and finding people by name."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from accounts.models import User
from apprenticeship.models import Apprenticeship, RevocationKind
from apprenticeship.takingback import take_back
from reports.overview import apprentice_lines, named_like
from tests.cast import NOW, signed, viewer_for

EVERY_BOOK = Apprenticeship.objects


def test_what_was_signed_by_mistake_ends_no_silence(mentor: User, apprenticeship: Apprenticeship) -> None:
    later = NOW + timedelta(days=3)
    signed(apprenticeship, mentor, "1.1")
    slip = signed(apprenticeship, mentor, "1.2", at=later)
    assert apprentice_lines(EVERY_BOOK.all(), at=later)[0].last_signed_at == later
    take_back(viewer=viewer_for(mentor, later), key="slip", sign_off=slip, kind=RevocationKind.MISTAKE)
    assert apprentice_lines(EVERY_BOOK.all(), at=later)[0].last_signed_at == NOW


def test_what_no_longer_stands_ends_no_silence_for_the_overview_and_the_api_alike(
    mentor: User, coordinator: User, apprenticeship: Apprenticeship, client: Client
) -> None:
    later = NOW + timedelta(days=3)
    signed(apprenticeship, mentor, "1.1")
    fallen = signed(apprenticeship, mentor, "1.2", at=later)
    take_back(
        viewer=viewer_for(coordinator, later),
        key="fallen",
        sign_off=fallen,
        kind=RevocationKind.NO_LONGER_STANDS,
        reason="She spilled it.",
    )
    client.force_login(coordinator)
    told = client.get(reverse("api_progress", args=[apprenticeship.pk])).json()
    assert apprentice_lines(EVERY_BOOK.all(), at=later)[0].last_signed_at == NOW
    assert parse_datetime(told["last_signed_at"]) == NOW


def test_people_are_found_by_the_words_of_their_name_in_any_order(apprenticeship: Apprenticeship) -> None:
    assert [named_like(EVERY_BOOK.all(), words).count() for words in ("diaz ro", "Rosa X", "")] == [1, 0, 1]


def test_a_sign_that_no_name_can_hold_is_read_as_a_blank(apprenticeship: Apprenticeship) -> None:
    assert named_like(EVERY_BOOK.all(), "diaz\x00rosa").count() == 1
