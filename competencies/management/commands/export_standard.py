"""`manage export_standard SLUG [--number N]`: a standard of the shared library as JSON."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from competencies.exporting import json_of
from competencies.models import StandardVersion


class Command(BaseCommand):
    help = "Print a standard of the shared library in its JSON form, in the order of the page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--number", type=int, help="A version; else the newest published one, else the newest.")

    def handle(self, *args: Any, **options: Any) -> None:
        versions = StandardVersion.objects.filter(standard__owner=None, standard__slug=options["slug"])
        if options["number"] is not None:
            version = versions.filter(number=options["number"]).first()
        else:
            version = versions.newest_published() or versions.order_by("-number").first()
        if version is None:
            raise CommandError(
                _("There is no such standard in the shared library: %(slug)s") % {"slug": options["slug"]}
            )
        self.stdout.write(json_of(version), ending="")
