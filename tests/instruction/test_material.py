"""Files of planned classes: who opens them, what is refused, and where they go with a series, a copy, an edit."""

import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from acts.models import StoredFile
from apprenticeship.models import Apprenticeship, Cohort
from instruction.models import ClassFile, PlannedClass
from instruction.planning import PlanConflict, PlanInvalid, cancel_class, edit_class
from instruction.sponsor_files import clear_drafts, keep
from tests.cast import NOW, viewer_for
from tests.evidence.conftest import files_go_into_a_folder_of_the_test
from tests.evidence.files import HTML, PDF, photo
from tests.instruction.test_timetable_pages import filled, read
from tests.instruction.timetable import a_plan, planned, roll

__all__ = ["files_go_into_a_folder_of_the_test"]
OUTLINE, SHEET = PDF + b"outline", PDF + b"sheet"


def draft(by: User, data: bytes = OUTLINE, *, name: str = "outline.pdf", key: str = "k") -> ClassFile:
    viewer = viewer_for(by)
    return keep(ClassFile, viewer=viewer, key=key, sponsor=viewer.sponsors[0], file=BytesIO(data), name=name)


def names(one: PlannedClass) -> list[str]:
    return [row.name for row in one.files.in_order()]


def change(by: User, one: PlannedClass, books: list[Apprenticeship], *files: ClassFile, key: str = "e") -> PlannedClass:
    plan = a_plan(books, files=[row.pk for row in files])
    return edit_class(viewer=viewer_for(by), key=key, planned=one, plan=plan, seen=one.version)


def test_each_week_of_a_series_has_the_files(rosa: Apprenticeship, coordinator: User) -> None:
    made = planned(coordinator, [rosa], weeks=3, files=[draft(coordinator).pk])
    assert [names(one) for one in made] == [["outline.pdf"]] * 3
    assert not ClassFile.objects.filter(planned=None).exists()
    assert StoredFile.objects.count() == 1


def test_an_edit_adds_and_takes_out_and_bytes_go_with_their_last_use(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    one, other = planned(coordinator, [rosa], weeks=2, files=[draft(coordinator).pk])
    roll(coordinator, one, [(rosa, "4")])  # what was attended keeps its class, but not its papers
    one = change(coordinator, one, [rosa], draft(coordinator, SHEET, name="sheet.pdf"))
    assert (names(one), names(other)) == (["sheet.pdf"], ["outline.pdf"])
    assert StoredFile.objects.count() == 2
    change(coordinator, one, [rosa], key="once more")
    change(coordinator, other, [rosa], key="and the other")
    assert not StoredFile.objects.exists()


def test_a_stale_or_cancelled_class_keeps_its_files(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa], files=[draft(coordinator).pk])
    cancel_class(viewer=viewer_for(coordinator), key="c", planned=one, reason="Snow", seen=1)
    with pytest.raises(PlanConflict):
        change(coordinator, one, [rosa])
    assert names(one) == ["outline.pdf"]


def test_files_of_somebody_else_or_too_many_are_refused(
    rosa: Apprenticeship, coordinator: User, administrator: User, outsider: User
) -> None:
    many = [draft(coordinator, PDF + bytes([65 + n]), key=str(n)).pk for n in range(11)]
    foreign = [draft(administrator, SHEET).pk, draft(outsider, SHEET).pk, uuid.uuid4()]
    for files in ([foreign[0]], [foreign[1]], [foreign[2]], many):
        with pytest.raises(PlanInvalid) as refused:
            planned(coordinator, [rosa], files=files)
        assert [problem.field for problem in refused.value.problems] == ["files"]
    assert not PlannedClass.objects.exists()


def test_those_who_may_see_the_class_open_its_files_and_nobody_else(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User, outsider: User
) -> None:
    picture = draft(coordinator, photo(), name="board.jpg", key="p")
    (one,) = planned(coordinator, [rosa], instructor=instructor, files=[draft(coordinator).pk, picture.pk])
    for who in (rosa.apprentice, instructor, coordinator):
        assert "outline.pdf" in read(client, who, "planned_class", one.pk)
        assert "outline.pdf" in read(client, who, "timetable", query="?show=held")
        answers = [client.get(reverse("class_file", args=[row.pk])) for row in one.files.in_order()]
        kept = [row.file.size for row in one.files.in_order()]
        assert [len(answer.getvalue()) for answer in answers] == kept
    unused = draft(coordinator, SHEET, key="unused")
    for who, file in ((luis.apprentice, one.files.first()), (outsider, one.files.first()), (coordinator, unused)):
        client.force_login(who)
        assert file
        assert client.get(reverse("class_file", args=[file.pk])).status_code == 404


def test_a_refused_form_keeps_its_files_and_a_copy_begins_with_those_of_the_class(
    client: Client, rosa: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    client.force_login(coordinator)
    address, form = reverse("plan_class", args=[cohort.pk]), filled(rosa, weeks="1")
    files = [SimpleUploadedFile("outline.pdf", OUTLINE), SimpleUploadedFile("page.pdf", HTML)]
    page = client.post(address, {**form, "files": files})
    assert page.status_code == 400
    assert "page.pdf: This is neither a photo" in page.content.decode()
    assert "Not every file could be taken" in page.content.decode()
    client.post(address, {**form, "evidence": [str(ClassFile.objects.get().pk)]})
    one = PlannedClass.objects.get()
    assert names(one) == ["outline.pdf"]
    there = str(one.files.get().pk)
    assert f'value="{there}" checked' in read(client, coordinator, "plan_class", cohort.pk, query=f"?copy={one.pk}")
    client.post(f"{address}?copy={one.pk}", {**filled(rosa, weeks="1"), "evidence": [there]})
    client.post(reverse("edit_class", args=[one.pk]), filled(rosa, seen="1"))
    assert [names(one) for one in PlannedClass.objects.order_by("planned_at")] == [[], ["outline.pdf"]]


def test_the_same_form_twice_plans_once_and_a_draft_is_cleared_after_a_day(
    client: Client, rosa: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    client.force_login(coordinator)
    form = filled(rosa, weeks="1")
    for _time in range(2):
        files = [SimpleUploadedFile("outline.pdf", OUTLINE)]
        assert client.post(reverse("plan_class", args=[cohort.pk]), {**form, "files": files}).status_code == 302
    assert ClassFile.objects.exclude(planned=None).count() == 1
    ClassFile.objects.filter(planned=None).update(uploaded_at=NOW)
    assert clear_drafts(ClassFile, at=NOW.replace(year=2027)) == 1
    assert StoredFile.objects.count() == 1
