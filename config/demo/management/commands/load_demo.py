"""`manage load_demo`: the invented sponsor of the demo; does nothing where it is there already."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.models import Authentication
from competencies.builtin import load_builtin
from config.demo.agreements import say_what_they_think
from config.demo.demands import meet_demands
from config.demo.histories import live_through
from config.demo.inviting import invite_some
from config.demo.people import SPONSOR_SLUG, make_world
from config.demo.tablet import set_up_tablet
from config.demo.telling import let_it_be_told


class Command(BaseCommand):
    help = "Load the built-in standard and the demo's sponsor with its people and their histories, once."

    def handle(self, *args: Any, **options: Any) -> None:
        if Sponsor.objects.filter(slug=SPONSOR_SLUG).exists():
            return
        now = timezone.now()
        adopted = Viewer(user=None, at=now - timedelta(days=640), authentication=Authentication.COMMAND)
        with transaction.atomic():
            version = load_builtin(viewer=adopted)
            world = make_world(version, today=now.date())
            set_up_tablet(world, now=now)
            live_through(world, version, now=now)
            meet_demands(world, now=now)
            say_what_they_think(world, now=now)
            invite_some(world, now=now)
            let_it_be_told(now=now)
