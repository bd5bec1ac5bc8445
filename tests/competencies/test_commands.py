"""The operator's commands: import a page or JSON, publish it, print it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from competencies.builtin import builtin_path
from competencies.document import as_json
from competencies.exporting import document_of
from competencies.models import Skill, Standard, StandardVersion, VersionStatus
from tests.competencies.pages_by_hand import PRINTED, page, printed_page

pytestmark = pytest.mark.django_db
SLUG = "outsourcing-compounding-pharmacy-technician"


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_the_printed_page_can_be_imported_and_published() -> None:
    told = run("import_standard", PRINTED, "--publish")
    assert "12 skill sets, 49 skills." in told
    assert "Safety, Health, and the Workplace: 44 hours, 8 topics" in told
    assert "Version 1 is published." in told
    assert StandardVersion.objects.get().status == VersionStatus.PUBLISHED
    assert Skill.objects.filter(parent__isnull=False).count() == 7


def test_a_second_import_says_that_nothing_changed() -> None:
    run("import_standard", PRINTED)
    assert "Version 1 has this content already." in run("import_standard", PRINTED)
    assert StandardVersion.objects.count() == 1


def test_what_the_export_prints_is_the_file_that_was_imported() -> None:
    run("import_standard", builtin_path())
    assert run("export_standard", SLUG) == builtin_path().read_text(encoding="utf-8")


def test_an_exported_page_can_be_imported_again_without_a_change(tmp_path: Path) -> None:
    run("import_standard", PRINTED)
    exported = tmp_path / "exported.json"
    exported.write_text(run("export_standard", SLUG), encoding="utf-8")
    assert "Version 1 has this content already." in run("import_standard", exported)


def test_doubtful_lines_are_listed_and_stop_the_publishing(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(page("First Things", "Do this.", "Sort it", "Count.", "Clean it", "Wipe.", sets=2, skills=4))
    with pytest.raises(CommandError, match=r"(?s)must be settled.*line 6: “Sort it” Is this.*line 8: “Clean it”"):
        run("import_standard", file, "--publish")
    assert StandardVersion.objects.get().is_draft
    assert "line 6: “Sort it”" in run("import_standard", file)


def test_a_draft_is_settled_by_editing_its_export(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(page("First Things", "Do this.", "Step 1: open it", sets=1, skills=2))
    run("import_standard", file)
    data = as_json(document_of(StandardVersion.objects.get()))
    data["skill_sets"][0]["skills"][0]["steps"] = [data["skill_sets"][0]["skills"].pop()]
    del data["doubts"]
    settled = tmp_path / "settled.json"
    settled.write_text(json.dumps(data), encoding="utf-8")
    assert "Version 2 is published." in run("import_standard", settled, "--publish")


def test_a_file_that_is_no_standard_is_refused_in_words_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all")
    with pytest.raises(CommandError, match="This is not the page of a standard"):
        run("import_standard", file, "--publish")
    assert not Standard.objects.exists()


def test_an_earlier_content_is_not_published_over_a_newer_one(tmp_path: Path) -> None:
    run("import_standard", PRINTED, "--publish")
    file = tmp_path / "page.txt"
    file.write_text(printed_page().replace("Assessing compliance.", "Assess compliance."), encoding="utf-8")
    run("import_standard", file, "--publish")
    with pytest.raises(CommandError, match="newer version"):
        run("import_standard", PRINTED, "--publish")


def test_the_export_gives_the_published_version_unless_another_is_asked_for(tmp_path: Path) -> None:
    run("import_standard", builtin_path(), "--publish")
    file = tmp_path / "page.txt"
    file.write_text(printed_page().replace("Assessing compliance.", "Assess compliance."), encoding="utf-8")
    run("import_standard", file)
    assert "Assessing compliance." in run("export_standard", SLUG)
    assert "Assess compliance." in run("export_standard", SLUG, "--number", "2")


def test_an_unknown_standard_cannot_be_exported() -> None:
    with pytest.raises(CommandError, match="no such standard"):
        run("export_standard", "nowhere")
