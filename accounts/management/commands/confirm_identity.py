"""`manage confirm_identity NAME SPONSOR`: the operator confirms who a sponsor's first administrator is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.acceptance import IdentityInvalid, confirm_as_operator
from accounts.models import IdentityMeans, Sponsor, User
from accounts.viewer import Viewer
from acts.models import Authentication


class Command(BaseCommand):
    help = "Confirm whose an account is. Afterwards that person confirms the others, on the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the sign-in name")
        parser.add_argument("sponsor", help="the sponsor's short name (slug)")
        parser.add_argument("--how", choices=IdentityMeans.values, default=IdentityMeans.DOCUMENT)

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username__iexact=options["username"]).first()
        sponsor = Sponsor.objects.filter(slug=options["sponsor"]).first()
        if person is None or sponsor is None:
            raise CommandError("There is no such account, or no such sponsor.", returncode=2)
        operator = Viewer(user=None, at=timezone.now(), authentication=Authentication.COMMAND)
        try:
            with transaction.atomic():
                confirm_as_operator(sponsor=sponsor, person=person, how=options["how"], operator=operator)
        except IdentityInvalid as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(f"Confirmed: {person.name}, with {sponsor.name}.")
