"""What is wrong in a line, or stale on a page, is told for each line, and nothing is stored."""

from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Sponsor, User
from accounts.viewer import Viewer
from acts.acting import KeyReused, KeyUnusable
from acts.models import Act, Authentication, SealedText
from apprenticeship import signoff
from apprenticeship.lines import LONGEST_NOTE
from apprenticeship.models import Apprenticeship, Employer, RecordEntry, RecordHead, SignOff, SkillStanding, Worksite
from apprenticeship.record import TooManyEntries
from apprenticeship.signoff import AlreadySigned, SignOffInvalid, SignOffLine, sign_off, sign_off_many
from apprenticeship.takingback import take_back
from competencies.builtin import builtin_path
from competencies.models import RatingLevel, Skill
from competencies.publishing import import_document
from competencies.reading import read_file
from tests.cast import NOW, level_of, line, signed, viewer_for


def problems_of(mentor: User, *lines: SignOffLine) -> list[tuple[int, str]]:
    """The lines and fields that are refused; nothing must have been stored."""
    with pytest.raises(SignOffInvalid) as refusal:
        sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    assert not Act.objects.filter(kind="sign_off").exists()
    assert not any(rows.exists() for rows in (RecordEntry.objects, SignOff.objects))
    assert not SealedText.objects.exists()
    assert all(problem.message for problem in refusal.value.problems)
    return [(problem.line, problem.field) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("method", {"method": "by telephone"}),
        ("method", {"method": ""}),
        ("observed_on", {"observed_on": date(2026, 3, 3)}),
        ("observed_on", {"observed_on": date(2026, 1, 4)}),
        ("note", {"note": "n" * (LONGEST_NOTE + 1)}),
        ("note", {"note": "a\x00b"}),
        ("note", {"note": "\ud800"}),
    ],
)
def test_each_wrong_field_is_named(
    field: str, wrong: dict[str, object], apprenticeship: Apprenticeship, mentor: User
) -> None:
    refused = line(apprenticeship, **wrong)  # type: ignore[arg-type]  # the names are those of `line`
    assert problems_of(mentor, line(apprenticeship, "1.2"), refused) == [(1, field)]


def test_a_level_of_another_scale_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    knowledge = RatingLevel.objects.get(code="introduced")
    assert problems_of(mentor, replace(line(apprenticeship), level=knowledge)) == [(0, "level")]


def test_a_skill_of_another_version_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    document = replace(read_file(builtin_path())[0], title="Another Title")
    operator = Viewer(user=None, at=NOW, authentication=Authentication.COMMAND)
    other = Skill.objects.get(
        skill_set__version=import_document(viewer=operator, document=document).version, code="1.1"
    )
    elsewhere = replace(line(apprenticeship), skill=other, level=level_of(other))
    with pytest.raises(SignOffInvalid) as refusal:
        sign_off(viewer=viewer_for(mentor), key="k", line=elsewhere)
    assert [problem.field for problem in refusal.value.problems] == ["skill"]


def test_a_worksite_of_another_sponsor_is_refused(
    apprenticeship: Apprenticeship, mentor: User, other_sponsor: Sponsor
) -> None:
    employer = Employer.objects.create(sponsor=other_sponsor, name="Lakeside")
    elsewhere = Worksite.objects.create(employer=employer, name="Counter")
    assert problems_of(mentor, line(apprenticeship, worksite=elsewhere)) == [(0, "worksite")]


def test_a_skill_twice_in_one_act_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    assert problems_of(mentor, line(apprenticeship), line(apprenticeship)) == [(1, "skill")]


def test_signing_nothing_is_refused(mentor: User, apprenticeship: Apprenticeship) -> None:
    assert problems_of(mentor) == [(0, "lines")]


def test_every_problem_of_every_line_is_told_at_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    wrong = line(apprenticeship, method="x", observed_on=date(2026, 3, 3), note="\x00")
    found = problems_of(mentor, line(apprenticeship, "1.2", method="x"), wrong)
    assert found == [(0, "method"), (1, "method"), (1, "observed_on"), (1, "note")]


def test_a_stale_page_learns_who_signed_when_and_at_which_level(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    first = signed(apprenticeship, deputy, level="with-coaching")
    with pytest.raises(AlreadySigned) as refusal:
        signed(apprenticeship, mentor)
    standing = refusal.value.standing[0]
    assert standing == first
    assert (str(standing.signer), standing.level.label, standing.entry.recorded_at) == (
        "Dev Patel",
        "With coaching",
        NOW,
    )


def test_one_stale_line_keeps_the_others_from_being_signed(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(apprenticeship, mentor, "1.2")
    lines = [line(apprenticeship, code) for code in ("1.1", "1.2", "1.3")]
    with pytest.raises(AlreadySigned) as refusal:
        sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    assert refusal.value.standing == {1: first}
    assert (SignOff.objects.count(), RecordEntry.objects.count(), RecordHead.objects.get().sequence) == (1, 1, 1)


def test_who_saw_a_signature_that_does_not_stand_any_more_is_told(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(apprenticeship, mentor)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=first, kind="mistake")
    with pytest.raises(AlreadySigned) as refusal:
        signed(apprenticeship, mentor, replaces=first)
    assert refusal.value.standing == {0: None}


def test_a_writer_that_did_not_lock_the_book_is_noticed(
    apprenticeship: Apprenticeship, mentor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed(apprenticeship, mentor, level="in-training")
    monkeypatch.setattr(signoff, "_refuse_wrong_state", lambda _: None)
    with pytest.raises(AlreadySigned) as refusal:
        signed(apprenticeship, mentor)
    assert refusal.value.standing == {0: first}
    assert (SignOff.objects.get(), SkillStanding.objects.get().sign_off) == (first, first)


def test_another_request_under_the_same_key_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    viewer = viewer_for(mentor)
    sign_off(viewer=viewer, key="k", line=line(apprenticeship, "1.1"))
    for other in (line(apprenticeship, "1.1", note="!"), line(apprenticeship, "1.2")):
        with pytest.raises(KeyReused):
            sign_off(viewer=viewer, key="k", line=other)
    with pytest.raises(KeyUnusable):
        sign_off(viewer=viewer, key="", line=line(apprenticeship, "1.2"))
    assert SignOff.objects.count() == 1


def test_more_than_500_lines_are_refused_before_anything_is_done(apprenticeship: Apprenticeship, mentor: User) -> None:
    with pytest.raises(TooManyEntries):
        sign_off_many(viewer=viewer_for(mentor), key="k", lines=[line(apprenticeship)] * 501)
    assert not RecordHead.objects.exists()
