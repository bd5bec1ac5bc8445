"""Browsers that are stations, and what is tapped on them."""

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Worksite
from tests.stations.standing import PIN, registered


def device_at(worksite: Worksite, administrator: User, name: str = "Lab tablet") -> Client:
    """A browser that the administrator made a station of `worksite`."""
    client = Client()
    client.cookies[settings.STATION_COOKIE_NAME] = registered(administrator, worksite, name).secret
    return client


def unlock(device: Client, person: User, pin: str = PIN) -> HttpResponseBase:
    """`person` taps their name and enters `pin`."""
    return device.post(reverse("station_unlock", args=[person.pk]), {"pin": pin})


def is_locked(device: Client) -> bool:
    """Whether it is nobody's turn."""
    return device.get(reverse("station_turn")).status_code == 302
