"""`manage create_sponsor NAME --administrator MAIL --name ...`: the first start, and each new sponsor."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.acceptance import IdentityInvalid
from accounts.founding import Founding, FoundingRefused, found
from accounts.invitations import link_of
from accounts.models import IdentityMeans
from accounts.people import PeopleInvalid
from accounts.viewer import Viewer
from acts.models import Authentication


class Command(BaseCommand):
    help = (
        "Make a sponsor and print the link by which its first administrator comes in, once and within 14 days. "
        "You confirm thereby who they are: hand the link to nobody else. Run again, it prints a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sponsor", help="the sponsor's name, as registered")
        parser.add_argument("--administrator", required=True, metavar="MAIL", help="mail address of the administrator")
        parser.add_argument("--name", required=True, help="their name, as it shall be printed")
        parser.add_argument("--time-zone", default="America/New_York", help="default: America/New_York")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--how", choices=IdentityMeans.values, default=IdentityMeans.DOCUMENT)

    def handle(self, *args: Any, **options: Any) -> None:
        founding = Founding(
            sponsor=options["sponsor"].strip(),
            name=options["name"],
            email=options["administrator"],
            time_zone=options["time_zone"],
            language=options["language"],
            how=options["how"],
        )
        operator = Viewer(user=None, at=timezone.now(), authentication=Authentication.COMMAND)
        try:
            invitation = found(founding, operator=operator)
        except (FoundingRefused, PeopleInvalid, IdentityInvalid) as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(f"{invitation.sponsor.name}: the link for {invitation.name}, good once, for 14 days:")
        self.stdout.write(link_of(invitation) or "")
