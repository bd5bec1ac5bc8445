"""The printed page becomes a document word for word; what is not certain is a doubt, never a guess."""

from decimal import Decimal
from pathlib import Path

import pytest

from competencies.document import Fault, NotAStandard, PrintedCounts, Question, StandardDocument
from competencies.reading import LARGEST_FILE, read_file, read_page
from tests.competencies.pages_by_hand import PRINTED, own_lines, page, printed_lines, printed_page

TITLES = [
    ("Workplace and Safety Orientation", "", 6),
    ("Data Entry/Order Origination", "Claims Processing Technician", 4),
    ("Prescription Claim Processing", "Claims Processing Technician", 6),
    ("Advanced Claim Processing", "Claims Processing Technician", 8),
    ("Basic Treatment Work and Telephone Use", "Pharmacy Communications Technician", 2),
    ("Monitoring Treatment", "Pharmacy Communications Technician", 5),
    ("Advanced Treatment Work", "Pharmacy Communications Technician", 2),
    ("Drug Material Selection", "Laboratory Technician", 5),
    ("Reducing Particle Size", "Laboratory Technician", 3),
    ("Packing, Containerization, and Shipping", "Laboratory Technician", 3),
    ("Triage and Order Management", "Laboratory Technician", 1),
    ("Durable Medical Equipment", "Pharmacy Medical Equipment Technician", 4),
]


@pytest.fixture(scope="module")
def document() -> StandardDocument:
    return read_page(printed_page())


def questions(text: str) -> list[tuple[str, Question]]:
    return [(doubt.text, doubt.question) for doubt in read_page(text).doubts]


# ---------------------------------------------------------------- the printed page


def test_the_head_is_read_and_blanks_stay_blank(document: StandardDocument) -> None:
    assert document.title == "Outsourcing (Compounding) Pharmacy Technician"
    assert (document.approach, document.source) == ("competency", "New York State Department of Labor")
    assert (document.onet_code, document.rapids_code, document.registration_agency) == ("", "", "")
    assert (document.job_hours_min, document.job_hours_max, document.instruction_hours) == (None, None, None)
    assert document.dates_printed == ("2021-07-16", "2021-07-16")
    assert document.counts_printed == PrintedCounts(skill_sets=12, skills=49)


def test_twelve_sets_with_their_tracks_hold_forty_nine_skills(document: StandardDocument) -> None:
    found = [(part.title, part.role_track, len(list(part.all_skills()))) for part in document.skill_sets]
    assert found == TITLES
    assert sum(1 for _ in document.all_skills()) == 49


def test_the_skills_stand_word_for_word_in_the_order_of_the_page(document: StandardDocument) -> None:
    printed = [line for line in printed_page().split("\n") if line.strip()]
    start = printed.index("12 skill sets | 49 total skills") + 1
    expected = printed[start : printed.index("Technical Instruction")]
    found = []
    for part in document.skill_sets:
        found.append(f"{part.title}: {part.role_track}" if part.role_track else part.title)
        found += [skill.text for skill in part.all_skills()]
    assert found == expected


def test_the_page_leaves_no_doubt(document: StandardDocument) -> None:
    assert document.doubts == ()


def test_every_line_of_the_page_is_in_the_document_exactly_once(document: StandardDocument) -> None:
    assert printed_lines(document) == own_lines(printed_page())


def test_seven_steps_belong_to_obtaining_prior_authorization(document: StandardDocument) -> None:
    (parent,) = document.skill_sets[3].skills
    assert parent.text == "Obtain prior authorization through multi-step process, including but not limited to:"
    assert [step.text[:7] for step in parent.steps] == [f"Step {n}:" for n in range(1, 8)]
    assert [parent.code, *(step.code for step in parent.steps)] == [f"4.{n}" for n in range(1, 9)]


def test_one_course_of_44_hours_has_eight_topics_with_what_they_say(document: StandardDocument) -> None:
    (course,) = document.courses
    assert (course.title, course.required_hours, len(course.topics)) == (
        "Safety, Health, and the Workplace",
        Decimal(44),
        8,
    )
    minimums = {topic.title: topic.minimum_hours for topic in course.topics if topic.minimum_hours is not None}
    assert minimums == {"First Aid/CPR (minimum 6.5 hrs.)": Decimal("6.5")}
    assert [topic.title for topic in course.topics if topic.conditional] == ["Lockout/Tagout (where appropriate)"]
    assert [topic.law for topic in course.topics] == [""] * 7 + ["Section 201-g of the Labor Law"]


def test_the_page_says_nothing_of_kinds_scales_or_recurrence(document: StandardDocument) -> None:
    assert document.scales == ()
    assert {skill.kind for skill in document.all_skills()} == {"performance"}
    assert {topic.recurrence for topic in document.courses[0].topics} == {""}


# ---------------------------------------------------------------- the counts settle it


def test_a_skill_that_lost_its_stop_is_still_a_skill_because_the_counts_say_so() -> None:
    text = printed_page().replace("equipment for use.", "equipment for use")
    assert [len(list(part.all_skills())) for part in read_page(text).skill_sets] == [size for _, _, size in TITLES]
    assert read_page(text).doubts == ()


def test_a_title_with_a_stop_is_still_a_title_because_the_counts_say_so() -> None:
    text = printed_page().replace("Particle Size: Laboratory Technician", "Particle Size: Laboratory Technician.")
    assert read_page(text).skill_sets[8].role_track == "Laboratory Technician."
    assert read_page(text).doubts == ()


def test_two_lines_that_could_change_places_are_both_doubtful() -> None:
    text = page(
        "First Things", "Do this.", "Sort the stock", "Count it.", "Clean the bench", "Wipe it.", sets=2, skills=4
    )
    assert questions(text) == [
        ("Sort the stock", Question.TITLE_OR_SKILL),
        ("Clean the bench", Question.TITLE_OR_SKILL),
    ]


def test_sentence_case_titles_are_found_when_only_they_lack_a_stop() -> None:
    text = page("First things", "Do this.", "Sort the stock", "Count it.", sets=2, skills=2)
    document = read_page(text)
    assert [part.title for part in document.skill_sets] == ["First things", "Sort the stock"]
    assert document.doubts == ()


def test_skills_in_title_capitals_make_every_such_line_doubtful_but_the_first() -> None:
    text = page("First Things", "Do this.", "Safety Card", "Count it.", "Forklift Card", "Wipe it.", sets=2, skills=4)
    assert [line for line, _ in questions(text)] == ["Safety Card", "Forklift Card"]


@pytest.mark.parametrize(("sets", "skills"), [(2, 9), (3, 3), (0, 6), (6, 0), (9999, 9999)])
def test_counts_that_no_reading_gives_are_doubtful(sets: int, skills: int) -> None:
    text = page(
        "First Things", "Do this.", "And that.", "Second Things", "Count it.", "Wipe it.", sets=sets, skills=skills
    )
    assert (f"{sets} skill sets | {skills} total skills", Question.COUNTS_DIFFER) in questions(text)
    assert printed_lines(read_page(text)) == own_lines(text)


def test_a_line_lost_from_the_page_is_noticed() -> None:
    text = printed_page().replace("Assessing compliance.\n", "")
    document = read_page(text)
    assert [doubt.question for doubt in document.doubts] == [Question.COUNTS_DIFFER]
    assert len(document.skill_sets) == 12


def test_a_title_lost_from_the_page_is_noticed() -> None:
    text = printed_page().replace("Monitoring Treatment: Pharmacy Communications Technician\n", "")
    assert [line for line, _ in questions(text)] == ["12 skill sets | 49 total skills"]


# ---------------------------------------------------------------- steps


def test_a_step_that_nothing_announces_is_doubtful_and_stands_alone() -> None:
    text = page("First Things", "Do this.", "Step 1: open it", sets=1, skills=2)
    assert questions(text) == [("Step 1: open it", Question.STEP_WITHOUT_PARENT)]
    assert [skill.steps for skill in read_page(text).skill_sets[0].skills] == [(), ()]


def test_a_step_out_of_order_is_doubtful_and_still_a_step() -> None:
    text = page("First Things", "Do this, including:", "Step 1: open it", "Step 3: close it", sets=1, skills=3)
    assert questions(text) == [("Step 3: close it", Question.STEP_OUT_OF_ORDER)]
    assert len(read_page(text).skill_sets[0].skills[0].steps) == 2


# ---------------------------------------------------------------- the head


def test_codes_and_hours_are_taken_where_they_are_printed() -> None:
    head = ("O*Net Code", "29-2052.00", "Rapids Code", "0844CB", "Req. Hours", "2,000-2,600")
    document = read_page(page("First Things", "Do this.", sets=1, skills=1, head=head))
    assert (document.onet_code, document.rapids_code) == ("29-2052.00", "0844CB")
    assert (document.job_hours_min, document.job_hours_max) == (Decimal(2000), Decimal(2600))
    assert document.doubts == ()


def test_a_number_that_could_be_code_or_hours_is_doubtful() -> None:
    head = ("O*Net Code", "Rapids Code", "Req. Hours", "Jul 16, 2021", "2000")
    text = page("First Things", "Do this.", sets=1, skills=1, head=head)
    assert questions(text) == [("2000", Question.NOT_UNDERSTOOD)]
    assert (read_page(text).rapids_code, read_page(text).job_hours_min) == ("", None)


def test_a_line_of_the_head_that_nobody_knows_is_kept_as_a_doubt() -> None:
    text = page("First Things", "Do this.", sets=1, skills=1, head=("Wages rise twice a year.",))
    (doubt,) = read_page(text).doubts
    assert (doubt.line, doubt.text, doubt.placed) == (3, "Wages rise twice a year.", False)


def test_a_page_that_does_not_say_its_approach_is_a_draft() -> None:
    text = "A Trade\n1 skill set | 1 total skill\nFirst Things\nDo this."
    assert questions(text) == [("A Trade", Question.APPROACH_MISSING)]


def test_a_line_after_a_blank_one_may_not_be_a_topic_any_more() -> None:
    text = page(
        "First Things",
        "Do this.",
        "Technical Instruction",
        "Safety - 4 req. hrs",
        "Ladders",
        "",
        "Imprint",
        sets=1,
        skills=1,
    )
    assert questions(text) == [("Imprint", Question.AFTER_A_GAP)]


# ---------------------------------------------------------------- what is no standard


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b" \n\r\n\t", Fault.EMPTY),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Fault.NOT_TEXT),
        (b"1 skill set | 1 total skill\n\x00", Fault.NOT_TEXT),
        (b"caf\xe9", Fault.NOT_TEXT),
        (b"Dear all, the meeting is at noon.", Fault.NO_COUNTS),
        (b"1 skill set | 1 total skill\nFirst Things\nDo this.", Fault.NO_TITLE),
        (b"A Trade\n1 skill set | 1 total skill\nFirst Things", Fault.NO_SKILLS),
        (b"A Trade\n" + b"x" * 4001, Fault.LINE_TOO_LONG),
        (b"x\n" * 5001, Fault.TOO_MANY_LINES),
        (b"{", Fault.NOT_JSON),
        (b"{}", Fault.NOT_THE_FORM),
        (b'{"a":' * 60_000, Fault.NOT_JSON),
    ],
)
def test_what_is_no_standard_is_refused_with_its_reason(tmp_path: Path, content: bytes, fault: Fault) -> None:
    file = tmp_path / "standard.txt"
    file.write_bytes(content)
    with pytest.raises(NotAStandard) as refusal:
        read_file(file)
    assert refusal.value.fault == fault


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "standard.txt"
    with file.open("wb") as sparse:
        sparse.truncate(100_000_000)
    with pytest.raises(NotAStandard) as refusal:
        read_file(file)
    assert refusal.value.fault == Fault.TOO_LARGE


def test_an_endless_file_is_read_no_further_than_the_limit() -> None:
    with pytest.raises(NotAStandard) as refusal:
        read_file(Path("/dev/zero"))
    assert (refusal.value.fault, refusal.value.detail) == (Fault.TOO_LARGE, str(LARGEST_FILE))


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.txt"):
        with pytest.raises(NotAStandard) as refusal:
            read_file(path)
        assert refusal.value.fault == Fault.UNREADABLE


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path, document: StandardDocument) -> None:
    file = tmp_path / "standard.txt"
    file.write_bytes(b"\xef\xbb\xbf" + PRINTED.read_bytes().replace(b"\n", b"\r\n"))
    assert read_file(file) == (document, True)
