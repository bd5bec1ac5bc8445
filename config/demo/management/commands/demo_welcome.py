"""`manage demo_welcome --address URL`: one record through the worker, and who may log in as what."""

import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.viewer import build_viewer
from apprenticeship.models import Apprenticeship
from config.demo.people import PASSWORD, SPONSOR_SLUG
from config.demo.tablet import PIN
from reports.documents import request_document
from reports.models import JobState, RenderJob

WAIT_AT_MOST = 60.0
TRY = (
    # sign-in name, role, what to try
    ("dana", "mentor", "open Priya's record, sign a skill, take it back"),
    ("marcus", "mentor", "in Luis's record, where he is deputy, he may sign laboratory skills only"),
    ("elena", "mentor and instructor", "change roles at the top right"),
    ("nadia", "mentor, new", "in Chloe's record, what comes before a first signature; ruth confirms who she is"),
    ("ruth", "coordinator", "the cohort as a grid; record the hours of a class"),
    ("priya", "apprentice", "her record; download it as a PDF"),
    ("luis", "apprentice", "the same in Spanish"),
    ("joan", "auditor", "read everything, change nothing, verify a record"),
    ("grace", "instructor", "take the attendance of her last class; her timetable"),
    (
        "sam",
        "sponsor administrator",
        "everything of the sponsor; access tokens for the API; Stations: make a browser a tablet",
    ),
)


class Command(BaseCommand):
    help = "Send one record through the worker, then print the address, the PDF's path and the accounts to try."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        path = self.rendered_record()
        width = max(len(name) for name, _role, _what in TRY)
        roles = max(len(role) for _name, role, _what in TRY)
        self.stdout.write(f"\nJourneybook is ready at {options['address']}")
        self.stdout.write(f"A record that the worker rendered: {path}\n")
        self.stdout.write(f"Log in with one of these names and the password {PASSWORD}\n")
        for name, role, what in TRY:
            self.stdout.write(f"  {name:<{width}}  {role:<{roles}}  {what}")
        self.stdout.write(f"On a shared tablet (sam registers one under Stations) everybody's signing PIN is {PIN}")
        self.stdout.write("")

    def rendered_record(self) -> Path:
        """Order Priya's record as she would, wait for the worker, and say where the file lies."""
        priya = User.objects.get(username="priya")
        book = Apprenticeship.objects.with_context().get(apprentice=priya, sponsor__slug=SPONSOR_SLUG)
        now = timezone.now()
        job = request_document(
            viewer=build_viewer(priya, at=now),
            key=f"welcome-{now.isoformat()}",
            apprenticeship=book,
            language="en",
        )
        deadline = time.monotonic() + WAIT_AT_MOST
        while not job.is_over:
            if time.monotonic() > deadline:
                raise CommandError(f"The worker did not render the record within {WAIT_AT_MOST:g} s.")
            time.sleep(0.1)
            job = RenderJob.objects.select_related("document__file").get(pk=job.pk)
        if job.state == JobState.FAILED or job.document.file is None:
            raise CommandError(f"The worker could not render the record: {job.get_reason_display()}")
        # Stored files have names that tell nothing; a person wants one that opens by a click.
        return Path(shutil.copyfile(job.document.file.file.path, settings.VAR_DIR / "priya-nair-record.pdf"))
