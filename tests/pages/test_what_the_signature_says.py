"""All that a signature says is read before it is given, afterwards on the page, and in its entry (21 CFR 11.50)."""

import json
from collections.abc import Callable

from django.test import Client

from accounts.models import SigningPolicy, Sponsor, User
from apprenticeship.models import Apprenticeship, SignOff, Worksite
from tests.cast import PASSWORD
from tests.pages import many
from tests.pages.sheets import address, sheet

At = Callable[[User], Client]
MEANING = "I watched the apprentice do this on the date given and judge that the level stated was shown."


def test_before_after_and_in_the_entry_it_says_the_same(
    apprenticeship: Apprenticeship, worksite: Worksite, sponsor: Sponsor, mentor: User, at: At
) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.REAUTHENTICATE)
    browser = at(mentor)
    before = browser.get(address(apprenticeship)).content.decode()
    for words in (
        "Maria Alvarez, Mentor",
        "CPhT",
        "March 2, 2026, 10:00 EST",
        "password or passkey that you now enter",
    ):
        assert words in before
    assert MEANING in before
    filled = sheet(apprenticeship, worksite=str(worksite.pk), password=PASSWORD)
    after = browser.post(address(apprenticeship), filled, follow=True).content.decode()
    said = f"Maria Alvarez, Mentor · CPhT · {worksite.name} · March 2, 2026, 10:00 EST · password, within 15 minutes"
    assert said in after
    assert MEANING in after
    entry = json.loads(SignOff.objects.get().entry.canonical)
    assert (entry["by"]["name"], entry["by"]["role"], entry["by"]["qualification"]) == (
        "Maria Alvarez",
        "mentor",
        "CPhT",
    )
    assert (entry["recorded_at"], entry["zone"]) == ("2026-03-02T15:00:00.000000Z", "America/New_York")
    assert (entry["body"]["worksite"]["name"], entry["body"]["meaning"]["text"]) == (worksite.name, MEANING)
    assert entry["act"]["authentication"] == "reauthenticated"


def test_the_sheet_of_many_says_it_too(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    page = at(mentor).get(many.address(apprenticeship, "1.1", "1.2")).content.decode()
    assert "CPhT" in page
    assert "March 2, 2026, 10:00 EST" in page
    assert "signed-in session" in page
    sent = many.sheet(apprenticeship, "1.1", "1.2")
    after = at(mentor).post(many.address(apprenticeship, "1.1", "1.2"), sent, follow=True).content.decode()
    assert "Maria Alvarez, Mentor · CPhT" in after
    assert "March 2, 2026, 10:00 EST · signed-in session" in after
    assert after.count(MEANING) == 1
