"""The form of an entry's bytes is for good, written down, and can be checked without Journeybook."""

import json
import re
import subprocess
import sys
import uuid
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from accounts.models import Membership, Role, Sponsor, User
from accounts.viewer import Viewer
from acts.models import Act, Authentication, SealedText, origin
from apprenticeship import signing, signoff, takingback
from apprenticeship.kinds import record_kinds
from apprenticeship.models import (
    Apprenticeship,
    Mentorship,
    Program,
    RecordEntry,
    RecordHead,
    SignOff,
    Terms,
    Worksite,
)
from apprenticeship.record import Draft, entry_of, first_previous_hash, read
from competencies.models import RatingLevel, RatingScale, Skill, SkillSet, Standard, StandardVersion
from tests.cast import signed
from tests.record.every_kind import with_every_kind

GOLDEN = Path(__file__).with_name("golden_entry.json")
PAGE = Path(settings.BASE_DIR) / "docs" / "record-format.md"
ORIGIN = str(uuid.UUID(int=0x0A))
AT = datetime(2026, 11, 23, 14, 5, 0, 123456, tzinfo=UTC)


def number(value: int) -> uuid.UUID:
    return uuid.UUID(int=value)


def golden_drafts() -> tuple[Viewer, Draft, Draft]:
    """A signature and its taking back, from rows that no database ever saw, with fixed ids and odd words."""
    sponsor = Sponsor(id=number(1), name="Empire", slug="empire", time_zone="America/New_York")
    mentor = User(id=number(2), username="maria", name="María Álvarez")
    version = StandardVersion(id=number(3), number=2, content_hash="c" * 64, facts={"title": "Pharmacy Technician"})
    version.standard = Standard(id=number(4), slug="pharmacy-technician", title="Pharmacy Technician")
    terms = Terms(id=number(5), number=3, standard_version=version, program=Program(id=number(6), sponsor=sponsor))
    book = Apprenticeship(id=number(7), sponsor=sponsor, apprentice=User(id=number(8), name="Rosa Diaz"), terms=terms)
    mentorship = Mentorship(
        id=number(9), mentor=mentor, apprenticeship=book, qualification="CPhT", since=date(2026, 1, 5)
    )
    mentorships = Mentorship.objects.none()
    mentorships._result_cache = [mentorship]
    book._prefetched_objects_cache = {"mentorships": mentorships}  # type: ignore[attr-defined]  # as if it was read
    scale = RatingScale(id=number(10), version=version, code="performance", title="Performance")
    skill_set = SkillSet(id=number(11), version=version, order=4, title="Advanced Claim “Processing”")
    parent = Skill(id=number(12), skill_set=skill_set, code="4.1", text="Obtain prior authorization.", scale=scale)
    skill = Skill(
        id=number(13), skill_set=skill_set, code="4.2", text="Step 1: ask\tthe 💊 plan.", parent=parent, scale=scale
    )
    level = RatingLevel(id=number(14), scale=scale, code="proficient", label="Proficient", attained=True)
    level.sentence = "Does the whole task correctly and consistently, without help."
    membership = Membership(user=mentor, sponsor=sponsor, role=Role.MENTOR, since=date(2025, 1, 6))
    viewer = Viewer(user=mentor, at=AT, memberships=(membership,))
    signing_line = signoff.SignOffLine(
        apprenticeship=book,
        skill=skill,
        level=level,
        method="observed",
        observed_on=date(2026, 11, 20),
        replaces=None,
        worksite=Worksite(id=number(15), name="Clean room / B"),
    )
    line_on_its_way = signing.Signing(0, signing_line, mentorship.qualification, note=SealedText(digest="d" * 64))
    row = SignOff(id=number(16), apprenticeship=book, skill=skill, level=level, signer=mentor)
    row.entry = RecordEntry(id=number(17), apprenticeship=book, sequence=1)
    taking_back = takingback._draft(viewer, row, "no_longer_stands", SealedText(digest="e" * 64))
    return viewer, signing.draft_of(line_on_its_way, viewer), taking_back


def golden_chain() -> list[dict[str, str]]:
    viewer, *drafts = golden_drafts()
    book = drafts[0].apprenticeship
    act = Act(id=number(18), key="a key", authentication=Authentication.SESSION)
    head = RecordHead(apprenticeship=book, sequence=0, hash=first_previous_hash(ORIGIN, book.pk))
    chain = []
    for draft in drafts:
        entry = entry_of(draft, head=head, origin_id=ORIGIN, viewer=viewer, act=act)
        head.sequence, head.hash = entry.sequence, entry.hash
        chain.append({"canonical": entry.canonical, "hash": entry.hash})
    return chain


def test_the_golden_entries_keep_their_exact_bytes() -> None:
    """Who changes these bytes changes every hash to come: give the form a new number, and keep this one readable."""
    with translation.override("en"):
        assert golden_chain() == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_words_of_the_signers_language_stand_in_the_entry() -> None:
    with translation.override("es"):
        assert json.loads(golden_chain()[0]["canonical"])["body"]["meaning"]["language"] == "es"


def test_the_page_names_every_kind_and_every_part_of_an_entry(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    with_every_kind(apprenticeship, mentor=mentor, coordinator=coordinator)
    made = SignOff.objects.get(skill__code="4.2")
    names = set(read(made.entry))
    for entry in RecordEntry.objects.all():
        names |= {entry.kind, *read(entry)["body"]}
    assert names >= set(record_kinds())
    names |= {name for part in ("act", "by") for name in read(made.entry)[part]}
    names |= {name for part in ("skill", "standard", "level", "meaning") for name in read(made.entry)["body"][part]}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
    assert set(re.findall(r"^\*\*`(\w+)`\*\*", page, re.MULTILINE)) == set(record_kinds())


@pytest.fixture
def exported(apprenticeship: Apprenticeship, mentor: User, tmp_path: Path) -> Path:
    """A book of five entries as the command writes it."""
    for code in ("1.1", "1.2", "1.3", "4.1", "4.2"):
        signed(apprenticeship, mentor, code, note="Größe: 9 > 8")
    out = StringIO()
    call_command("export_record", str(apprenticeship.pk), stdout=out)
    path = tmp_path / "book.jsonl"
    path.write_bytes(out.getvalue().encode())
    return path


def check(file: Path, book: Apprenticeship, *, expected: str = "", origin_id: str = "") -> tuple[int, str]:
    """Run the program of the page in a Python that knows nothing of Journeybook."""
    program = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    words = [str(file), origin_id or origin(), str(book.pk), expected or RecordHead.objects.get(pk=book.pk).hash]
    command = [sys.executable, "-I", "-S", "-c", program, *words]
    run = subprocess.run(command, cwd=file.parent, env={}, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def test_the_program_of_the_page_agrees_with_an_exported_book(exported: Path, apprenticeship: Apprenticeship) -> None:
    last = RecordHead.objects.get(pk=apprenticeship.pk).hash
    assert check(exported, apprenticeship) == (0, f"5 entries, last hash {last}\n")


def test_it_names_where_a_forged_book_breaks(exported: Path, apprenticeship: Apprenticeship) -> None:
    whole = exported.read_bytes()
    lines = whole.splitlines(keepends=True)
    for forged, where in (
        (whole.replace(b'"code":"1.2"', b'"code":"1.9"'), "entry 3"),
        (b"".join([lines[0], *lines[2:]]), "entry 2"),
        (b"".join([lines[1], lines[0], *lines[2:]]), "entry 1"),
    ):
        exported.write_bytes(forged)
        assert check(exported, apprenticeship) == (1, f"The chain breaks at {where}.\n")
    exported.write_bytes(whole)
    assert check(exported, apprenticeship, origin_id=ORIGIN)[1] == "The chain breaks at entry 1.\n"


def test_it_knows_a_book_whose_end_is_not_the_printed_one(exported: Path, apprenticeship: Apprenticeship) -> None:
    exported.write_bytes(b"".join(exported.read_bytes().splitlines(keepends=True)[:4]))
    assert check(exported, apprenticeship)[0] == 1
    assert check(exported, apprenticeship, expected="0" * 64)[0] == 1


@pytest.mark.django_db
def test_a_book_that_is_none_is_not_exported() -> None:
    with pytest.raises(CommandError, match="There is no apprenticeship"):
        call_command("export_record", str(uuid.uuid4()))
