"""The first start: one command, one link, and the first administrator is in without any other tool."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import IdentityConfirmation, Role, Sponsor, User
from acts.models import AuditEvent
from tests.cast import PASSWORD


def create(
    *more: str, sponsor: str = "Harbor Pharmacy", mail: str = "ada@example.org", name: str = "Ada Brooks"
) -> str:
    out = io.StringIO()
    call_command("create_sponsor", sponsor, "--administrator", mail, "--name", name, *more, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def path_of(link: str, settings_url: str) -> str:
    return link.removeprefix(settings_url)


def test_the_first_administrator_comes_in_by_the_link_and_invites(client: Client, db: None, settings) -> None:  # type: ignore[no-untyped-def]
    link = create("--time-zone", "America/Chicago")
    form = {"name": "Ada Brooks", "language": "en", "password": PASSWORD, "again": PASSWORD}
    assert client.post(path_of(link, settings.SITE_URL), form).status_code == 302
    sponsor, person = Sponsor.objects.get(), User.objects.get()
    assert (sponsor.slug, sponsor.time_zone, person.email) == ("harbor-pharmacy", "America/Chicago", "ada@example.org")
    assert person.memberships.get().role == Role.ADMINISTRATOR
    assert IdentityConfirmation.objects.get(person=person).confirmed_by is None
    assert AuditEvent.objects.filter(kind="sponsor_made").count() == 1
    assert client.get(f"/sponsors/{sponsor.pk}/invite/").status_code == 200


def test_a_lost_link_is_replaced_until_somebody_has_come(client: Client, db: None, settings) -> None:  # type: ignore[no-untyped-def]
    first, second = create(), create()
    assert client.get(path_of(first, settings.SITE_URL)).status_code == 410
    assert client.get(path_of(second, settings.SITE_URL)).status_code == 200
    with pytest.raises(CommandError):
        create(mail="other@example.org")
    form = {"name": "Ada Brooks", "language": "en", "password": PASSWORD, "again": PASSWORD}
    client.post(path_of(second, settings.SITE_URL), form)
    with pytest.raises(CommandError):
        create()


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ((), {"mail": "no mail"}),
        ((), {"name": " "}),
        ((), {"sponsor": "!!!"}),
        (("--time-zone", "Mars/Olympus"), {}),
    ],
)
def test_what_is_wrong_makes_nothing(db: None, more: tuple[str, ...], wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        create(*more, **wrong)
    assert not Sponsor.objects.exists()
    assert not User.objects.exists()
