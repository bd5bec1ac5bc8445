"""An instructor takes the attendance of twenty people in at most 25 taps, corrects it, and prints the sheet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from apprenticeship.models import Apprenticeship, Cohort
from instruction.models import Attendance
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.cast import STARTS_ON, make_person
from tests.instruction.classroom import GENERAL, enroll
from tests.instruction.timetable import planned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAPS = 25


@pytest.fixture
def twenty(apprenticeship: Apprenticeship, cohort: Cohort) -> list[Apprenticeship]:
    version = apprenticeship.terms.standard_version
    names = [f"Person{number:02} Twenty" for number in range(1, 20)]
    people = [make_person(name, Role.APPRENTICE, sponsor=cohort.sponsor) for name in names]
    return [apprenticeship, *(enroll(person, cohort=cohort, version=version) for person in people)]


def tapping(page: Page) -> Callable[..., None]:
    """Press one thing after the other, and fail at the tap too many."""
    taps = iter(range(TAPS))

    def tap(role: str, name: str) -> None:
        next(taps)
        page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]  # a role's name

    return tap


def test_a_roll_of_twenty_takes_few_taps_and_can_be_corrected(
    enter: Enter, twenty: list[Apprenticeship], coordinator: User, instructor: User
) -> None:
    planned(coordinator, twenty, instructor=instructor, day=STARTS_ON)
    page = enter(instructor, "/classes/", width=320)
    assert_accessible(page)
    tap = tapping(page)
    tap("link", "Jan 5, 2026")
    assert_accessible(page)
    tap("link", "Take attendance")
    tap("link", "All present")
    assert_accessible(page)
    for number in (3, 7, 11):
        tap("checkbox", f"Person{number:02} Twenty")
    page.get_by_label("Hours of Rosa Diaz").click()
    page.get_by_label("First Aid/CPR (minimum 6.5 hrs.)").locator("visible=true").fill("2.5")
    tap("button", "Record this attendance")
    expect(page.get_by_text("Recorded for 17 people.")).to_be_visible()
    assert Attendance.objects.standing().count() == 17
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Correct the attendance").click()
    assert_accessible(page)
    page.get_by_role("checkbox", name="Person03 Twenty").check()
    page.get_by_role("checkbox", name="Person04 Twenty").uncheck()
    page.get_by_label("Why what was recorded is changed").fill("Two people were mixed up.")
    page.get_by_role("button", name="Record the correction").click()
    expect(page.get_by_text("What stood before for 1 stays in the record")).to_be_visible()
    page.get_by_role("link", name="Sheet to sign by hand").click()
    assert_accessible(page)
    assert Attendance.objects.standing().count() == 17


def test_a_coordinator_plans_a_class_for_two_weeks_and_cancels_one(
    enter: Enter, apprenticeship: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    page = enter(coordinator, f"/cohorts/{cohort.pk}/plan-class/")
    page.get_by_label("General Workplace Safety").fill("2")
    page.get_by_label("Date").fill("2031-03-05")
    page.get_by_label("Begins").fill("09:00")
    page.get_by_label("Ends").fill("11:00")
    page.get_by_label("Weeks").fill("2")
    page.get_by_label("Provider").fill("American Red Cross")
    page.get_by_role("button", name="Put it on the timetable").click()
    expect(page.get_by_role("link", name="Give the name of the instructor")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Instructor's name").fill("Ivan Petrov")
    page.get_by_role("button", name="Put it on the timetable").click()
    expect(page.get_by_text("2 classes are on the timetable.")).to_be_visible()
    assert_accessible(page)
    page.goto(page.url.split("?")[0] + "2031/3/")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible(page)
        assert sideways(page) == 0
    page.get_by_role("link", name=GENERAL).first.click()
    page.get_by_role("link", name="Cancel this class").click()
    page.get_by_label("Reason").fill("The room is flooded.")
    assert_accessible(page)
    page.get_by_role("button", name="Cancel this class").click()
    expect(page.get_by_text("This class is cancelled", exact=True)).to_be_visible()
    page.get_by_role("link", name="Timetable").click()
    page.get_by_role("link", name="In my calendar").click()
    page.get_by_role("button", name="Make an address").click()
    assert page.get_by_label("Address").input_value().endswith(".ics")
    assert_accessible(page)
