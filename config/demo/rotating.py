"""Rotation in the demo: Kofi is at the order desk since he began, and goes to the laboratory in a month.

Too few journeyworkers were counted at the laboratory.
"""

from datetime import datetime, timedelta

from apprenticeship.models import Apprenticeship, Worksite
from apprenticeship.ratio import count_journeyworkers
from apprenticeship.rotation import Stay, assign_place
from config.demo.people import CLAIMS, LABORATORY, DemoWorld
from config.demo.verified import signing_as


def rotated(world: DemoWorld, *, now: datetime) -> None:
    """Ruth enters where Kofi is, and plans where he goes next."""
    book = Apprenticeship.objects.with_context().get(pk=world.books["kofi"].pk)
    today = book.sponsor.local_date(now)
    sites = Worksite.objects.filter(employer=book.employer).select_related("employer")
    desk, laboratory = sites.get(name__startswith="Order desk"), sites.get(name__startswith="Compounding lab")
    stays = (Stay(desk, CLAIMS, book.starts_on), Stay(laboratory, LABORATORY, today + timedelta(days=30)))
    for number, stay in enumerate(stays):
        ruth = signing_as(world.people["ruth"], at=now - timedelta(hours=5, minutes=9 - number))
        assign_place(viewer=ruth, key=f"demo-place-{number}", apprenticeships=[book], stay=stay)
    counts = {desk: 9, laboratory: 3}
    for site, number in counts.items():
        ruth = signing_as(world.people["ruth"], at=now - timedelta(hours=4))
        key = f"demo-count-{number}"
        count_journeyworkers(viewer=ruth, key=key, worksite=site, on=today - timedelta(days=12), number=number)
