"""The first start: the operator makes a sponsor and invites its first administrator, who invites everybody else."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.acceptance import confirm_as_operator
from accounts.invitations import renew
from accounts.models import Invitation, Membership, Role, Sponsor
from accounts.people import NewPerson, bring_in
from accounts.roles import NewRole
from accounts.viewer import Viewer
from acts.auditing import note_event

LONGEST_NAME = 200


class FoundingRefused(Exception):
    """The sponsor can't be made so, or has its administrator already; nothing is stored."""


@dataclass(frozen=True)
class Founding:
    """What the operator says: the sponsor and its first administrator, and how they made sure who that is."""

    sponsor: str
    name: str
    email: str
    time_zone: str
    language: str
    how: str


def found(founding: Founding, *, operator: Viewer) -> Invitation:
    """Make the sponsor and invite its first administrator, whose identity the operator confirms.

    Once more with the same name, while no administrator has come, makes a new link: the one before opens nothing
    any more. Raises FoundingRefused, PeopleInvalid and IdentityInvalid.
    """
    with transaction.atomic():
        known = Sponsor.objects.filter(slug=_slug(founding)).first()
        if known:
            return _again(known, founding, operator)
        sponsor = Sponsor.objects.create(name=founding.sponsor, slug=_slug(founding), time_zone=founding.time_zone)
        note_event(
            "sponsor_made",
            at=operator.at,
            sponsor_id=sponsor.pk,
            subject=f"sponsor:{sponsor.pk}",
            data={"by": "operator"},
        )
        role = NewRole(Role.ADMINISTRATOR, operator.today(sponsor))
        person = NewPerson(founding.name, founding.email, (role,), founding.language)
        (brought,) = bring_in([person], viewer=operator, sponsor=sponsor, act=None)
        confirm_as_operator(sponsor=sponsor, person=brought.person, how=founding.how, operator=operator)
        if brought.invitation is None:
            raise FoundingRefused(_("Nobody was invited."))
        return brought.invitation


def _slug(founding: Founding) -> str:
    """The sponsor's short name; raises FoundingRefused for a name or a zone that can't be."""
    slug = slugify(founding.sponsor)[:50].strip("-")
    if not slug or len(founding.sponsor) > LONGEST_NAME:
        raise FoundingRefused(_("Give the sponsor a name of letters, at most 200."))
    if founding.time_zone not in available_timezones():
        raise FoundingRefused(_("There is no such time zone. Write it as America/New_York."))
    return slug


def _again(sponsor: Sponsor, founding: Founding, operator: Viewer) -> Invitation:
    administrators = Membership.objects.filter(sponsor=sponsor, role=Role.ADMINISTRATOR).select_related("user")
    waiting = administrators.filter(pending=True, user__invitations__email=founding.email.strip().lower()).first()
    if waiting is None or administrators.accepted().exists():
        raise FoundingRefused(
            _("This sponsor is there already. Its administrator invites people. A new link takes the same mail.")
        )
    return renew(sponsor=sponsor, person=waiting.user, email=founding.email.strip().lower(), by=operator, act=None)
