"""What was signed on paper: transcribed by one person, it counts once another one has compared it with the scan."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.access import NotPermitted
from accounts.models import User
from accounts.states import State
from acts.acting import KeyReused
from apprenticeship.models import Apprenticeship, RecordEntry, SignOff, SkillStanding, Transcription
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, TooManyEntries, read
from apprenticeship.signoff import AlreadySigned, SignedWhileNotRunning, SignOffInvalid, TranscribedItOneself, sign_off
from apprenticeship.takingback import take_back
from apprenticeship.transcribing import (
    Paper,
    TranscribedWhileNotRunning,
    TranscriptionClosed,
    TranscriptionConflict,
    TranscriptionInvalid,
    transcribe_many,
)
from apprenticeship.verifying import verify_record
from reports.gathering import gather
from reports.progress import progress_of
from reports.rendering import render_paper
from tests.cast import NOW, STARTS_ON, TODAY, fresh, line, signed, skill_of, viewer_for
from tests.record.every_kind import status_changed
from tests.reports.reading import text_of
from tests.transcribing import SIGNED_ON, paper_refused, paper_verified, transcribed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_what_is_transcribed_counts_for_nothing_and_says_who_signed_on_paper(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    (row,) = transcribed(apprenticeship, coordinator, "1.1", key="t")
    entry = read(row.entry)
    assert (entry["kind"], entry["by"]["name"], entry["by"]["role"]) == ("transcription", "Carol Jones", "coordinator")
    assert entry["body"]["signer"] == {"name": "R. Alvarez", "role": "Journeyworker"}
    assert entry["body"]["meaning"]["text"].startswith("Transcribed from paper, not signed here")
    assert entry["body"]["evidence"][0]["type"] == "application/pdf"
    assert not SkillStanding.objects.exists()
    assert not SignOff.objects.exists()
    assert verify_record(fresh(apprenticeship)).is_intact


def test_another_person_verifies_it_and_it_counts_as_from_paper(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User
) -> None:
    rows = transcribed(apprenticeship, coordinator, "1.1", "2.1")
    made = paper_verified(administrator, *rows)
    body = read(made[0].entry)["body"]
    paper = {"entry": 1, "signer": "R. Alvarez", "role": "Journeyworker", "transcriber": "Carol Jones"}
    assert (body["method"], body["paper"], body["observed_on"]) == ("transcribed", paper, SIGNED_ON.isoformat())
    assert "I did not see the work" in body["meaning"]["text"]
    progress = progress_of(fresh(apprenticeship), at=NOW)
    skill = progress.skill(skill_of(apprenticeship, "1.1").pk)
    assert skill
    assert (progress.attained, skill.state, skill.settled) == (2, State.TRANSCRIBED, True)
    assert verify_record(fresh(apprenticeship)).is_intact


def test_below_the_threshold_it_is_in_training_and_a_mentor_signs_over_it(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, mentor: User
) -> None:
    (low,) = paper_verified(administrator, *transcribed(apprenticeship, coordinator, "1.1", level="in-training"))
    assert not SkillStanding.objects.get().attained
    later = transcribed(apprenticeship, coordinator, "1.1", day=SIGNED_ON + timedelta(days=1))
    (high,) = paper_verified(administrator, *later, replaces=low)
    assert (SkillStanding.objects.get().sign_off, high.replaces) == (high, low)
    signed(apprenticeship, mentor, replaces=high)
    assert verify_record(fresh(apprenticeship)).is_intact


@pytest.mark.parametrize("who", ["mentor", "administrator", "instructor", "apprentice", "auditor", "outsider"])
def test_only_a_coordinator_transcribes(apprenticeship: Apprenticeship, who: str, request: Any) -> None:
    with pytest.raises(NotPermitted):
        transcribed(apprenticeship, request.getfixturevalue(who), scans=())


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_only_those_who_run_the_program_verify_and_refuse(
    apprenticeship: Apprenticeship, coordinator: User, who: str, request: Any
) -> None:
    rows = transcribed(apprenticeship, coordinator)
    for act in (paper_verified, paper_refused):
        with pytest.raises(NotPermitted):
            act(request.getfixturevalue(who), *rows)


def test_nobody_verifies_what_they_transcribed_but_they_withdraw_it(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User
) -> None:
    rows = transcribed(apprenticeship, coordinator)
    with pytest.raises(TranscribedItOneself):
        paper_verified(coordinator, *rows)
    (void,) = paper_refused(coordinator, *rows, reason="Wrong apprentice.")
    assert read(void.entry)["body"]["meaning"]["text"].startswith("I withdraw")
    with pytest.raises(TranscriptionClosed):
        paper_verified(administrator, *rows)
    (again,) = transcribed(apprenticeship, coordinator)
    (refused,) = paper_refused(administrator, again)
    assert read(refused.entry)["body"]["meaning"]["text"].startswith("I refuse")
    assert Transcription.objects.waiting().count() == 0


def test_a_verification_by_mistake_leaves_the_line_to_be_verified_again(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User
) -> None:
    rows = transcribed(apprenticeship, coordinator)
    (made,) = paper_verified(administrator, *rows, key="v")
    with pytest.raises(TranscriptionClosed):
        paper_refused(administrator, *rows)
    take_back(viewer=viewer_for(administrator), key="m", sign_off=made, kind="mistake")
    assert Transcription.objects.waiting().count() == 1
    (second,) = paper_verified(administrator, *rows)
    take_back(viewer=viewer_for(coordinator), key="n", sign_off=second, kind="no_longer_stands", reason="Forged.")
    assert (Transcription.objects.waiting().count(), SkillStanding.objects.get().attained) == (0, False)
    assert verify_record(fresh(apprenticeship)).is_intact


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"signer": " "}, "signer_name"),
        ({"signer": "x" * 121}, "signer_name"),
        ({"role": ""}, "signer_role"),
        ({"scans": ()}, "scans"),
        ({"day": TODAY + timedelta(days=1)}, "signed_on"),
        ({"day": STARTS_ON - timedelta(days=1)}, "signed_on"),
    ],
)
def test_what_is_wrong_is_named(
    apprenticeship: Apprenticeship, coordinator: User, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(TranscriptionInvalid) as refused:
        transcribed(apprenticeship, coordinator, **changed)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not RecordEntry.objects.exists()


def test_no_line_twice_and_not_more_than_an_act_holds(apprenticeship: Apprenticeship, coordinator: User) -> None:
    with pytest.raises(TranscriptionInvalid, match="twice"):
        transcribed(apprenticeship, coordinator, "1.1", "1.1")
    with pytest.raises(TooManyEntries):
        transcribed(apprenticeship, coordinator, *["1.1"] * (MOST_ENTRIES_IN_ONE_ACT + 1))
    with pytest.raises(TranscriptionInvalid, match="Tick at least one"):
        transcribe_many(
            viewer=viewer_for(coordinator),
            key="n",
            apprenticeship=fresh(apprenticeship),
            lines=[],
            paper=Paper("A", "B", ()),
        )


def test_the_same_key_transcribes_once(apprenticeship: Apprenticeship, coordinator: User) -> None:
    (row,) = transcribed(apprenticeship, coordinator, key="k")
    scans = tuple(use.evidence_id for use in row.evidence_uses.all())
    assert transcribed(apprenticeship, coordinator, key="k", scans=scans) == [row]
    with pytest.raises(KeyReused):
        transcribed(apprenticeship, coordinator, "2.1", key="k", scans=scans)
    assert RecordEntry.objects.count() == 1


def test_what_waits_or_stands_is_not_transcribed_over(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, mentor: User
) -> None:
    rows = transcribed(apprenticeship, coordinator, "1.1")
    low = signed(apprenticeship, mentor, "2.1", level="in-training")
    signed(apprenticeship, mentor, "3.1")
    for code in ("1.1", "2.1", "3.1"):  # waits; stands of a later day; is attained
        with pytest.raises(TranscriptionConflict):
            transcribed(apprenticeship, coordinator, code)
    with pytest.raises(AlreadySigned):
        paper_verified(administrator, *rows, replaces=low)
    live = signed(apprenticeship, mentor, "1.1", level="in-training")
    for seen in (None, live):  # stale, or seen to be of a later day
        with pytest.raises(AlreadySigned):
            paper_verified(administrator, *rows, replaces=seen)


def test_nothing_is_transcribed_or_verified_while_it_rests(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User
) -> None:
    rows = transcribed(apprenticeship, coordinator, "1.1")
    status_changed(fresh(apprenticeship), coordinator, "cancel", reason="She left.")
    with pytest.raises(TranscribedWhileNotRunning):
        transcribed(apprenticeship, coordinator, "2.1")
    with pytest.raises(SignedWhileNotRunning):
        paper_verified(administrator, *rows)
    paper_refused(administrator, *rows)


def test_nobody_signs_as_transcribed_without_just_that_paper(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, administrator: User
) -> None:
    (row,) = transcribed(apprenticeship, coordinator, "2.1")
    without = line(apprenticeship, "2.1", method="transcribed")
    of_another = line(apprenticeship, "1.1", method="transcribed", observed_on=SIGNED_ON, transcription=row)
    for by, wanted in ((mentor, without), (administrator, of_another)):
        with pytest.raises(SignOffInvalid, match="Only what was transcribed"):
            sign_off(viewer=viewer_for(by), key="s", line=wanted)


def test_the_paper_record_says_that_it_is_no_electronic_signature_of_who_signed_on_paper(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User
) -> None:
    paper_verified(administrator, *transcribed(apprenticeship, coordinator))
    pdf = render_paper(gather(apprenticeship.pk, at=NOW, language="en", paper="letter"))
    words = " ".join(text_of(pdf).split())
    assert "From paper, not an electronic signature: signed on paper by R. Alvarez, Journeyworker" in words
