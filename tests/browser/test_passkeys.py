"""A mentor adds a passkey, signs with it where the sponsor asks for a proof, and logs in with it."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import SigningPolicy, Sponsor, User
from acts.models import AuditEvent
from apprenticeship.asking import AskLine, ask
from apprenticeship.models import Apprenticeship, SignOff
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import PASSWORD, fresh, skill_of, viewer_for
from tests.pages.sheets import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_a_device(page: Page) -> None:
    """A device that makes passkeys and knows its owner's finger."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_signs_and_logs_in(
    enter: Enter, live_server: LiveServer, apprenticeship: Apprenticeship, sponsor: Sponsor, mentor: User
) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.EVERY)
    page = enter(mentor, "/profile/passkeys/", width=320)
    with_a_device(page)
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_label("Your password").fill("not-my-password")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    assert_accessible(page)

    page.goto(live_server.url + address(apprenticeship))
    page.get_by_role("radio", name="Proficient").check()
    page.get_by_role("radio", name="I watched the work").check()
    page.get_by_role("radio", name="Today").check()
    assert_accessible(page)
    page.get_by_role("button", name="Use passkey").click()
    expect(page.get_by_text("Signed: Proficient.")).to_be_visible()
    assert SignOff.objects.get(method="observed").entry.act.authentication == "passkey"

    viewer = viewer_for(apprenticeship.apprentice, timezone.now())
    line = AskLine(skill_of(apprenticeship, "1.2"), viewer.today(sponsor))
    ask(viewer=viewer, key="a", apprenticeship=fresh(apprenticeship), lines=[line])
    page.goto(live_server.url + address(apprenticeship, "1.2"))
    page.locator("form > .levels label.attained").click()
    expect(page.get_by_role("button", name="Use passkey")).to_be_hidden()
    page.get_by_role("button", name="Sign: We talked it through").click()
    expect(page.get_by_text("Signed:")).to_be_visible()
    assert SignOff.objects.get(method="discussion").entry.act.authentication == "passkey"

    page.context.clear_cookies()
    page.goto(live_server.url + "/accounts/login/?next=/profile/passkeys/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("My phone", exact=True)).to_be_visible()
    page.get_by_text("Remove", exact=True).click()
    page.get_by_role("button", name="Remove this passkey").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    kinds = ["passkey_added", "passkey_removed"]
    assert list(AuditEvent.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True)) == kinds
