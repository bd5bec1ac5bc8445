"""A mentor signs a skill: one entry, one signature, one thing that stands."""

import pytest

from accounts.models import User
from acts.models import Act
from apprenticeship.models import Apprenticeship, RecordHead, SignOff, SkillStanding, Worksite
from apprenticeship.record import read
from apprenticeship.signoff import sign_off, sign_off_many
from apprenticeship.verifying import verify_record
from tests.cast import NOW, TODAY, line, signed, skill_of, viewer_for

CLAIMS = ("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8")
"""The seven steps of skill 4.1."""


def standing_of(book: Apprenticeship, code: str) -> SkillStanding:
    return SkillStanding.objects.get(apprenticeship=book, skill=skill_of(book, code))


def test_a_signed_skill_stands_and_the_book_has_one_entry(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = sign_off(viewer=viewer_for(mentor), key="k", line=line(apprenticeship, "1.1"))
    standing = standing_of(apprenticeship, "1.1")
    assert (standing.sign_off, standing.attained, standing.revocation) == (made, True, None)
    head = RecordHead.objects.get(apprenticeship=apprenticeship)
    assert (head.sequence, head.hash) == (1, made.entry.hash)
    assert verify_record(apprenticeship).is_intact


def test_the_entry_can_be_read_without_any_other_table(
    apprenticeship: Apprenticeship, mentor: User, worksite: Worksite
) -> None:
    entry = read(signed(apprenticeship, mentor, "1.1", worksite=worksite, note="Second try.").entry)
    assert entry["by"] == {"id": str(mentor.pk), "name": "Maria Alvarez", "role": "mentor", "qualification": "CPhT"}
    assert (entry["recorded_at"], entry["zone"]) == ("2026-03-02T15:00:00.000000Z", "America/New_York")
    assert entry["act"]["authentication"] == "session"
    body = entry["body"]
    assert body["skill"]["text"].startswith("Learn and employ Standard Operating Procedures")
    assert body["level"] == {
        "code": "proficient",
        "label": "Proficient",
        "sentence": "Does the whole task correctly and consistently, without help.",
        "attained": True,
    }
    assert (body["method"], body["observed_on"], body["worksite"]["name"]) == ("observed", "2026-03-02", "Clean room")
    assert body["meaning"]["text"].startswith("I watched the apprentice do this on the date given")


def test_a_note_is_sealed_and_stands_nowhere_in_the_entry(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor, note="Needed two attempts.")
    assert made.note
    assert made.note.text == "Needed two attempts."
    assert read(made.entry)["body"]["note"] == made.note.digest
    assert "attempts" not in made.entry.canonical


def test_a_level_below_the_threshold_is_signed_but_not_attained(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor, level="in-training")
    standing = standing_of(apprenticeship, "1.1")
    assert (standing.sign_off, standing.attained) == (made, False)
    assert "still being learned" in read(made.entry)["body"]["meaning"]["text"]


@pytest.mark.parametrize(
    ("method", "words"),
    [("observed", "I watched"), ("work_product", "I examined work"), ("discussion", "I talked this through")],
)
def test_watching_is_said_only_of_what_was_watched(
    method: str, words: str, apprenticeship: Apprenticeship, mentor: User
) -> None:
    meaning = read(signed(apprenticeship, mentor, method=method).entry)["body"]["meaning"]["text"]
    assert meaning.startswith(words)


def test_rating_again_passes_the_signature_it_replaces(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(apprenticeship, mentor, level="in-training")
    second = signed(apprenticeship, mentor, replaces=first)
    assert (second.replaces, read(second.entry)["body"]["replaces"]) == (first, 1)
    standing = standing_of(apprenticeship, "1.1")
    assert (standing.sign_off, standing.attained) == (second, True)


def test_the_apprentices_deputy_signs_as_well(apprenticeship: Apprenticeship, deputy: User) -> None:
    assert signed(apprenticeship, deputy).signer == deputy


def test_several_lines_are_one_act_with_one_entry_each(apprenticeship: Apprenticeship, mentor: User) -> None:
    codes = ["1.1", "1.2", "2.1"]
    lines = [line(apprenticeship, code) for code in codes]
    made = sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    assert [sign_off.skill.code for sign_off in made] == codes
    assert len({sign_off.entry.act_id for sign_off in made}) == Act.objects.filter(kind="sign_off").count() == 1
    assert [sign_off.entry.sequence for sign_off in made] == [1, 2, 3]


def test_in_one_act_steps_come_before_their_parent(apprenticeship: Apprenticeship, mentor: User) -> None:
    lines = [line(apprenticeship, code) for code in ("4.1", *CLAIMS)]
    made = sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    assert made[0].skill.code == "4.1"
    assert made[0].entry.sequence == 8
    assert standing_of(apprenticeship, "4.1").attained


def test_a_parent_is_attained_only_with_all_its_steps(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, "4.1")
    for code in CLAIMS:
        assert not standing_of(apprenticeship, "4.1").attained
        low = signed(apprenticeship, mentor, code, level="in-training")
        assert not standing_of(apprenticeship, "4.1").attained
        signed(apprenticeship, mentor, code, replaces=low)
    assert standing_of(apprenticeship, "4.1").attained


def test_steps_alone_do_not_attain_their_parent(apprenticeship: Apprenticeship, mentor: User) -> None:
    sign_off_many(viewer=viewer_for(mentor), key="k", lines=[line(apprenticeship, code) for code in CLAIMS])
    parents = SkillStanding.objects.filter(apprenticeship=apprenticeship, skill__code="4.1")
    assert not parents.exists()
    low = signed(apprenticeship, mentor, "4.1", level="in-training")
    assert not standing_of(apprenticeship, "4.1").attained
    signed(apprenticeship, mentor, "4.1", replaces=low)
    assert standing_of(apprenticeship, "4.1").attained


def test_the_same_press_again_gives_the_first_signature(apprenticeship: Apprenticeship, mentor: User) -> None:
    viewer, lines = viewer_for(mentor), [line(apprenticeship, "1.1"), line(apprenticeship, "1.2")]
    first = sign_off_many(viewer=viewer, key="k", lines=lines)
    later = viewer_for(mentor, NOW.replace(hour=16))
    assert sign_off_many(viewer=later, key="k", lines=lines) == first
    assert SignOff.objects.count() == 2


def test_the_day_observed_may_be_the_first_of_the_apprenticeship(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor, observed_on=apprenticeship.starts_on, late_reason="Entered from paper.")
    assert made.observed_on < TODAY
