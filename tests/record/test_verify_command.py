"""`manage verify_record` names what is off and says it by its exit code."""

import os
import subprocess
import sys
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import User
from apprenticeship.heads import write_heads
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead, SignOff
from tests.cast import NOW, signed
from tests.record.forging import forge


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    """A book of two entries, the second with a note."""
    signed(apprenticeship, mentor, "1.1")
    signed(apprenticeship, mentor, "1.2", note="Well done.")
    return apprenticeship


def verify(*names: object, **options: object) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("verify_record", *map(str, names), stdout=out, **options)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def test_intact_books_end_with_0(book: Apprenticeship) -> None:
    head = RecordHead.objects.get(apprenticeship=book).hash[:16]
    expected = f"{book.pk} 2 entries {head} intact\n1 books are intact.\n"
    assert verify(all=True) == verify(book.pk) == (0, expected)


def test_a_book_that_is_off_ends_with_1_and_names_its_first_entry(book: Apprenticeship) -> None:
    forge(RecordEntry.objects.filter(sequence=1), hash="0" * 64)
    code, printed = verify(all=True)
    assert code == 1
    assert "OFF at entry 1: The entry's bytes do not give its hash." in printed
    assert "    entry 2: The entry does not follow from the one before it." in printed
    assert "1 of 1 books are off" in printed


def test_only_the_books_that_were_named_are_checked(book: Apprenticeship) -> None:
    forge(SignOff.objects.filter(entry__sequence=1), method="discussion")
    assert verify(book.pk)[0] == 1
    code, printed = verify(uuid.uuid4())
    assert (code, "There is no apprenticeship" in printed) == (2, True)


def test_without_a_name_it_asks_for_one(db: None) -> None:
    assert verify() == (2, "Name the apprenticeships to check, or say --all.")


def test_heads_that_agree_pass_and_others_end_with_1(book: Apprenticeship, tmp_path: Path) -> None:
    path = write_heads(tmp_path, at=NOW)
    assert verify(all=True, heads=tmp_path)[0] == 0
    path.write_text(path.read_text().replace(RecordHead.objects.get().hash, "0" * 64))
    code, printed = verify(all=True, heads=tmp_path)
    assert (code, "OFF at entry 2: The book is not the one that heads-2026-03-02.json" in printed) == (1, True)


def test_a_book_that_is_gone_and_a_strange_file_end_with_1(book: Apprenticeship, tmp_path: Path) -> None:
    text = write_heads(tmp_path, at=NOW).read_text()
    other = str(uuid.uuid4())
    (tmp_path / "heads-2026-03-03.json").write_text(text.replace(str(book.pk), other))
    code, printed = verify(all=True, heads=tmp_path)
    assert (code, f"{other} is gone, though heads-2026-03-03.json witnessed it." in printed) == (1, True)
    (tmp_path / "heads-2026-03-03.json").write_text(text.replace('"origin": "', '"origin": "x'))
    code, printed = verify(all=True, heads=tmp_path)
    assert (code, "heads-2026-03-03.json was written by another installation." in printed) == (1, True)


def test_a_folder_without_heads_or_with_a_broken_one_does_not_pass(book: Apprenticeship, tmp_path: Path) -> None:
    assert verify(all=True, heads=tmp_path)[0] == 2
    (tmp_path / "heads-2026-03-03.json").write_text("{")
    assert verify(all=True, heads=tmp_path) == (1, "heads-2026-03-03.json cannot be read as a file of heads.")


@pytest.mark.django_db(transaction=True)
def test_the_shell_sees_the_exit_code(book: Apprenticeship) -> None:
    assert shell("--all") == 0
    RecordHead.objects.update(hash="0" * 64)
    assert shell("--all") == 1
    assert shell("no-id") == shell() == 2


def shell(*words: str) -> int:
    """The exit code of the command in a process of its own, on the test's database."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = f"postgres://postgres@/{name}?host={connection.settings_dict['HOST']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "manage.py", "verify_record", *words]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, check=False)
    return run.returncode
