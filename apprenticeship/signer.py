"""What a signature says of its signer, told before it is given: the same facts that its entry will carry."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Role
from accounts.templatetags.look import full
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship


@dataclass(frozen=True)
class SignerFacts:
    """Printed name and role, the qualification on this day (each that differs), and the time
    with its zone; the entry takes the moment at which the button is pressed.
    """

    name: str
    role: str
    qualifications: tuple[str, ...]
    times: tuple[str, ...]


def signer_facts(viewer: Viewer, pairs: Iterable[tuple[Apprenticeship, str]]) -> SignerFacts:
    """The facts of `viewer` for what they sign: each book with the role track of the skill. No query."""
    qualifications, zones = {}, {}
    for book, role_track in pairs:
        if words := book.qualification_of(viewer, covering=role_track):
            qualifications[words] = True
        zones[book.sponsor.time_zone] = full(viewer.at.astimezone(book.sponsor.zone))
    return SignerFacts(viewer.person.name, str(Role.MENTOR.label), tuple(qualifications), tuple(zones.values()))
