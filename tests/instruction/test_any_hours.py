"""Whatever is recorded, corrected and taken back in whatever order: hours are never counted twice and never lost."""

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.models import Apprenticeship, WorkHours, Worksite
from apprenticeship.verifying import verify_record
from apprenticeship.work_days import WorkConflict
from apprenticeship.work_sums import work_of_sets
from instruction.earning import RecordedBefore
from instruction.models import Attendance, OtherHours
from instruction.roll_checks import RollInvalid
from instruction.sums import hours_of
from instruction.voiding import void_class_hours
from instruction.years import program_hours
from tests.cast import NOW, TODAY, fresh, make_mentorship, viewer_for
from tests.instruction.earning import earned, undone
from tests.instruction.timetable import day_after, planned, roll
from tests.working import decided, logged, reviewed, work_line, work_taken_back

NONE = Decimal(0)


class Ledger:
    """Two books in which hours are written as somebody might, and beside them what was said last of each place."""

    def __init__(self, seed: int, books: list[Apprenticeship], coordinator: User, mentor: User) -> None:
        self.dice = random.Random(seed)  # a test, no secret
        self.books, self.coordinator, self.mentor = books, coordinator, mentor
        self.worksite = Worksite.objects.create(employer=books[0].employer, name="Clean room")
        self.classes = [planned(coordinator, books, day=day_after(-number))[0] for number in range(2)]
        self.said: dict[tuple[Any, ...], Decimal] = {}

    def go_on(self) -> None:
        """One thing more; what is refused changes nothing."""
        acts: list[Callable[[Apprenticeship], None]] = [self.attend, self.attend, self.study, self.work, self.take_back]
        self.dice.choice(acts)(self.dice.choice(self.books))

    def attend(self, _book: Apprenticeship) -> None:
        """A roll for both, or the correction of it."""
        one = self.dice.choice(self.classes)
        seen = Attendance.objects.standing().filter(class_topic__session__planned=one)
        hours = [(book, self.dice.choice(("0", "1.25", "4"))) for book in self.books]
        try:
            roll(self.coordinator, one, hours, seen=seen.values_list("pk", flat=True), reason="As it was")
        except RollInvalid:
            return
        self.said.update({("class", book.pk, one.pk): Decimal(told) for book, told in hours})

    def study(self, book: Apprenticeship) -> None:
        school, hours = self.dice.choice("AB"), self.dice.choice(("0.5", "6.5"))
        place = ("paper", book.pk, school)
        try:
            earned(self.coordinator, book, hours=hours, provider=school)
        except RecordedBefore:
            assert self.said[place]
        else:
            assert not self.said.get(place)
            self.said[place] = Decimal(hours)

    def work(self, book: Apprenticeship) -> None:
        """A day that is approved, half of them with fewer hours than were logged."""
        day, order = day_after(-self.dice.choice((1, 2))), self.dice.choice((1, 2))
        stands = any(self.said.get(("work", book.pk, day, of_set)) for of_set in (1, 2))
        line = work_line(book, "8", day=day, order=order, worksite=self.worksite)
        hours = self.dice.choice(("same", "6.25"))
        try:
            reviewed(self.mentor, [decided(log, hours, "Left early") for log in logged(line)])
        except WorkConflict:
            assert stands
        else:
            assert not stands
            self.said["work", book.pk, day, order] = Decimal(8 if hours == "same" else hours)

    def take_back(self, book: Apprenticeship) -> None:
        """Something that stands, of whatever sort."""
        attended = list(Attendance.objects.standing().for_voiding().filter(apprenticeship=book))
        papers = list(OtherHours.objects.standing().filter(apprenticeship=book).select_related("entry"))
        worked = list(WorkHours.objects.standing().filter(apprenticeship=book).select_related("entry", "skill_set"))
        standing = sorted([*attended, *papers, *worked], key=lambda row: row.entry.sequence)
        row = self.dice.choice(standing) if standing else None
        if isinstance(row, Attendance):
            viewer = viewer_for(self.coordinator)
            void_class_hours(viewer=viewer, key=str(row.pk), attendances=[row], reason="Not there")
            self.said["class", book.pk, row.class_topic.session.planned_id] = NONE
        elif isinstance(row, OtherHours):
            undone(self.coordinator, row.entry)
            self.said["paper", book.pk, row.provider] = NONE
        elif isinstance(row, WorkHours):
            work_taken_back(self.mentor, [row])
            self.said["work", book.pk, row.worked_on, row.skill_set.order] = NONE

    def told(self, book: Apprenticeship, *sorts: str) -> Decimal:
        """The hours that were said last, of these sorts."""
        return sum((hours for place, hours in self.said.items() if place[0] in sorts and place[1] == book.pk), NONE)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_stands_is_what_was_said_last(
    rosa: Apprenticeship,
    luis: Apprenticeship,
    coordinator: User,
    mentor: User,
    seed: int,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for book in (rosa, luis):
        make_mentorship(book, mentor)
    ledger = Ledger(seed, [rosa, luis], coordinator, mentor)
    for _ in range(25):
        ledger.go_on()
    assert {place[0] for place in ledger.said} == {"class", "paper", "work"}
    for book in (rosa, luis):
        of_courses = sum((course.recorded for course in hours_of(book)), NONE)
        assert of_courses == program_hours(fresh(book), today=TODAY).recorded == ledger.told(book, "class", "paper")
        on_the_job = sum((work.approved for work in work_of_sets(fresh(book), at=NOW)), NONE)
        assert on_the_job == ledger.told(book, "work")
        assert verify_record(book).findings == ()
