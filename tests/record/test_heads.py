"""The daily file of heads notices what a database that was cut and mended cannot know of itself."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from accounts.models import User
from apprenticeship.heads import (
    HeadFileUnreadable,
    compare_with_heads,
    lost_books,
    read_heads,
    strange_files,
    write_heads,
)
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead, SignOff, SkillStanding
from apprenticeship.tasks import write_daily_heads
from apprenticeship.verifying import verify_record
from tests.cast import NOW, signed
from tests.record.forging import remove, rewrite


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    """A book of three entries."""
    for code in ("1.1", "1.2", "1.3"):
        signed(apprenticeship, mentor, code)
    return apprenticeship


def cut_off_last(book: Apprenticeship) -> None:
    """Remove the last entry with everything that rests on it."""
    last = RecordEntry.objects.filter(apprenticeship=book).order_by("-sequence")[:1].get()
    remove(SkillStanding.objects.filter(sign_off__entry=last))
    remove(SignOff.objects.filter(entry=last))
    remove(RecordEntry.objects.filter(pk=last.pk))


def mend_head(book: Apprenticeship) -> None:
    last = RecordEntry.objects.filter(apprenticeship=book).latest("sequence")
    RecordHead.objects.filter(apprenticeship=book).update(sequence=last.sequence, hash=last.hash)


def test_the_file_of_a_day_names_every_book_with_its_end(book: Apprenticeship, tmp_path: Path) -> None:
    path = write_heads(tmp_path / "heads", at=NOW)
    content = json.loads(path.read_text())
    head = RecordHead.objects.get(apprenticeship=book)
    assert (path.name, content["at"]) == ("heads-2026-03-02.json", "2026-03-02T15:00:00.000000Z")
    assert content["books"] == {str(book.pk): {"sequence": 3, "hash": head.hash}}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_first_file_of_a_day_is_kept(book: Apprenticeship, mentor: User, tmp_path: Path) -> None:
    first = write_heads(tmp_path, at=NOW).read_text()
    signed(book, mentor, "1.4")
    assert write_heads(tmp_path, at=NOW + timedelta(hours=3)).read_text() == first
    assert write_heads(tmp_path, at=NOW + timedelta(days=1)).name == "heads-2026-03-03.json"


def test_a_book_that_only_grew_agrees_with_all_earlier_files(
    book: Apprenticeship, mentor: User, tmp_path: Path
) -> None:
    for day in range(3):
        write_heads(tmp_path, at=NOW + timedelta(days=day))
        signed(book, mentor, f"2.{day + 1}")
    files = read_heads(tmp_path)
    assert [len(file.books) for file in files] == [1, 1, 1]
    assert (compare_with_heads(book, files), strange_files(files), lost_books(files)) == ([], [], {})


def test_a_tail_that_was_cut_off_is_noticed_without_any_file(book: Apprenticeship) -> None:
    cut_off_last(book)
    finding = verify_record(book).findings[0]
    assert (finding.sequence, finding.what) == (3, "The end of the book is cut off: entries up to 3 are missing.")


def test_with_a_mended_head_only_the_file_notices(book: Apprenticeship, tmp_path: Path) -> None:
    write_heads(tmp_path, at=NOW)
    cut_off_last(book)
    mend_head(book)
    assert verify_record(book).is_intact
    finding = compare_with_heads(book, read_heads(tmp_path))[0]
    assert (finding.sequence, finding.what) == (3, "The book is not the one that heads-2026-03-02.json witnessed.")


def test_a_history_that_was_written_anew_is_noticed_by_the_file(book: Apprenticeship, tmp_path: Path) -> None:
    write_heads(tmp_path, at=NOW)
    rewrite(book, lambda content: content.update(zone="America/Chicago"), sequence=2)
    assert verify_record(book).is_intact  # the zone stands in no row
    assert [finding.sequence for finding in compare_with_heads(book, read_heads(tmp_path))] == [3]


def test_a_book_that_is_gone_and_a_file_from_elsewhere_are_named(book: Apprenticeship, tmp_path: Path) -> None:
    gone = str(uuid.uuid4())
    content = {"format": 1, "origin": str(uuid.uuid4()), "books": {gone: {"sequence": 1, "hash": "0" * 64}}}
    (tmp_path / "heads-2026-01-01.json").write_text(json.dumps(content))
    files = read_heads(tmp_path)
    assert lost_books(files) == {gone: "heads-2026-01-01.json"}
    assert strange_files(files) == ["heads-2026-01-01.json"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"origin": "x", "books": {"no id": {}}}', '{"origin": "", "books": []}']
)
def test_a_file_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "heads-2026-01-01.json").write_text(text)
    with pytest.raises(HeadFileUnreadable, match=r"heads-2026-01-01\.json"):
        read_heads(tmp_path)


def test_the_daily_task_and_the_command_write_to_the_folder_of_the_settings(
    book: Apprenticeship, settings: LazySettings, tmp_path: Path
) -> None:
    settings.HEADS_DIR = tmp_path
    write_daily_heads()
    call_command("write_heads")
    assert len(read_heads(tmp_path)) == 1
