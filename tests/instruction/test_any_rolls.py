"""Whatever is recorded, corrected and taken back in whatever order: hours are never counted twice and never lost."""

import random
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.verifying import verify_record
from instruction.models import Attendance
from instruction.roll_checks import RollInvalid
from instruction.voiding import void_class_hours
from tests.cast import viewer_for
from tests.instruction.timetable import day_after, planned, roll


@pytest.mark.parametrize("seed", [1, 2])
def test_what_stands_is_what_was_said_last(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, seed: int
) -> None:
    dice = random.Random(seed)  # a test, no secret
    classes = [planned(coordinator, [rosa, luis], day=day_after(-number))[0] for number in range(2)]
    said: dict[tuple[object, object], Decimal] = {}
    for _ in range(10):
        one = dice.choice(classes)
        rows = list(Attendance.objects.standing().for_voiding().filter(class_topic__session__planned=one))
        if rows and dice.random() < 0.2:
            gone = dice.choice(rows)
            void_class_hours(viewer=viewer_for(coordinator), key=str(gone.pk), attendances=[gone], reason="Not there")
            said[one.pk, gone.apprenticeship_id] = Decimal(0)
            continue
        hours = [(book, str(dice.choice(("0", "1.25", "4")))) for book in (rosa, luis)]
        try:
            roll(coordinator, one, hours, seen=[row.pk for row in rows], reason="As it was")
        except RollInvalid:  # nothing changes
            continue
        said.update({(one.pk, book.pk): Decimal(told) for book, told in hours})
    for book in (rosa, luis):
        standing = Attendance.objects.standing().filter(apprenticeship=book).aggregate(whole=Sum("hours"))["whole"]
        assert (standing or 0) == sum(told for (_one, pk), told in said.items() if pk == book.pk)
        assert verify_record(book).findings == ()
