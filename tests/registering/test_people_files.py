"""People from a file: each row is looked at by itself and beside the others; all are brought in as one act, or none."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import import_jobs
from accounts.access import NotPermitted
from accounts.import_models import FileImport, ImportState
from accounts.importing import ImportMoved, check_of, order_import, record_ordered
from accounts.models import Invitation, Membership, Role, Sponsor, User
from acts.models import Act, AuditEvent
from apprenticeship.import_kinds import PEOPLE
from apprenticeship.models import Apprenticeship, Cohort, Mentorship
from tests.cast import NOW, make_person, make_terms, viewer_for
from tests.imports.bringing import checked, kept, lines, said, workbook

COLUMNS = (
    "role",
    "name",
    "email",
    "starts on",
    "program",
    "registration number",
    "employer",
    "worksite",
    "cohort",
    "role track",
    "primary mentor",
    "deputy mentors",
)
HEAD = ",".join(COLUMNS)
LUIS = {
    "role": "apprentice",
    "name": "Luis Ortiz",
    "email": "luis@example.org",
    "starts on": "2026-03-02",
    "employer": "Empire Compounding",
    "worksite": "Clean room",
    "cohort": "winter 2026",
}
NEW_MENTOR = {"role": "mentor", "name": "Nora Vance", "email": "nora@example.org"}
LATER = NOW + timedelta(minutes=5)


def row(facts: dict[str, str], **more: str) -> str:
    told = facts | {name.replace("_", " "): value for name, value in more.items()}
    return ",".join(f'"{told.get(column, "")}"' for column in COLUMNS)


def one(by: User, *rows: str) -> dict[int, str]:
    return said(checked(by, PEOPLE, lines(HEAD, *rows)))


def ordered(by: User, brought: FileImport) -> FileImport:
    """The file after the press, and after a worker was there."""
    order_import(viewer=viewer_for(by), brought=brought, seen=check_of(brought))
    import_jobs.run(brought.pk, clock=lambda: NOW)
    return FileImport.objects.select_related("sponsor").get(pk=brought.pk)


def everybody() -> tuple[int, ...]:
    return tuple(table.objects.count() for table in (User, Membership, Invitation, Apprenticeship, Mentorship))


def test_people_come_in_with_their_mentor_of_the_same_file_as_one_act(
    apprenticeship: Apprenticeship, coordinator: User, deputy: User
) -> None:
    rows = [
        row(LUIS, primary_mentor="nora@example.org", deputy_mentors="Dev Patel"),
        row(NEW_MENTOR, role="mentor; instructor"),
    ]
    brought = checked(coordinator, PEOPLE, lines(HEAD, *rows))
    assert said(brought) == {2: "new", 3: "new"}
    before = everybody()
    done = ordered(coordinator, brought)
    book = Apprenticeship.objects.get(apprentice__name="Luis Ortiz")
    assert done.state == ImportState.RECORDED
    assert [now - then for now, then in zip(everybody(), before, strict=True)] == [2, 3, 2, 1, 2]
    assert (book.cohort, book.worksite) == (apprenticeship.cohort, apprenticeship.worksite)
    assert {(m.mentor.name, m.role) for m in book.mentorships.all()} == {
        ("Nora Vance", "primary"),
        ("Dev Patel", "deputy"),
    }
    act = Act.objects.get(kind="bring_in_people")
    assert (act, act.actor, act.result_ids) == (done.act, coordinator, [str(book.pk)])
    assert AuditEvent.objects.filter(kind="apprentice_registered", actor_id=coordinator.pk).count() == 1


def test_the_same_file_twice_changes_nothing(apprenticeship: Apprenticeship, coordinator: User) -> None:
    file = lines(
        HEAD,
        row(LUIS, primary_mentor="nora vance"),
        row(NEW_MENTOR),
        row(LUIS, name="Ana Ruiz", email="", registration_number="NY-7"),
    )
    ordered(coordinator, checked(coordinator, PEOPLE, file))
    before = everybody()
    again = checked(coordinator, PEOPLE, file, at=LATER)
    assert said(again) == {2: "there", 3: "there", 4: "there"}
    with pytest.raises(ImportMoved):
        order_import(viewer=viewer_for(coordinator), brought=again, seen=check_of(again))
    assert everybody() == before
    told = one(coordinator, row(LUIS, starts_on="2026-02-02", worksite=""), row(NEW_MENTOR, name="Nora Other"))
    assert told[2].startswith("starts_on: They are registered with")
    assert told[3].startswith("email: Nora Vance has this mail address with you")


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"role": "boss"}, "role: “boss” is no role"),
        ({"role": ""}, "role: Nothing stands here"),
        ({"role": "coordinator", **dict.fromkeys(COLUMNS[3:], "")}, "role: Only an administrator gives this role"),
        ({"name": ""}, "name: Nothing stands here"),
        ({"name": "n" * 121}, "name: Enter the name"),
        ({"email": "luis"}, "email: This is no mail address"),
        ({"email": ""}, "email: Enter the mail address or a registration number"),
        ({"starts on": "03/04/2026"}, "starts_on: “03/04/2026” can be read in more than one way"),
        ({"starts on": ""}, "starts_on: Nothing stands here"),
        ({"starts on": "2028-01-01"}, "starts_on: Enter the day on which the apprenticeship begins"),
        ({"program": "Welding"}, "program: No program of yours"),
        ({"employer": "Theirs"}, "employer: No employer of yours has this name"),
        ({"worksite": "Roof"}, "worksite: Empire Compounding has no worksite of this name"),
        ({"cohort": "Summer"}, "cohort: No cohort of yours has this name"),
        ({"role track": "Welder"}, "role_track: The standard of these terms has no such role track"),
        ({"registration number": "n" * 61}, "registration_number: Enter the number"),
        ({"registration number": "NY-1"}, "registration_number: Rosa Diaz has this registration number"),
        ({"primary mentor": "Rosa Diaz"}, "primary_mentor: “Rosa Diaz” is no mentor of yours, nor in this file"),
        ({"primary mentor": "maria; dev"}, "primary_mentor: Only one is the primary mentor"),
        (
            {"primary mentor": "maria", "deputy mentors": "dev; maria"},
            "deputy_mentors: The primary mentor is no deputy",
        ),
        (
            {"role": "apprentice; mentor", "primary mentor": "luis@example.org"},
            "primary_mentor: Nobody is their own mentor",
        ),
        ({"role": "mentor"}, "employer: Only rows of apprentices say this"),
        ({"role": "mentor", **dict.fromkeys(COLUMNS[2:], "")}, "email: Enter the mail address"),
    ],
)
def test_a_wrong_cell_is_named_by_its_column(
    facts: dict[str, str], wrong: str, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    Apprenticeship.objects.update(registration_number="NY-1")
    before = everybody()
    told = one(coordinator, row(LUIS | facts))
    assert told[2].startswith(wrong)
    assert everybody() == before


def test_a_mail_or_number_that_stands_twice_is_refused(apprenticeship: Apprenticeship, coordinator: User) -> None:
    told = one(
        coordinator,
        row(LUIS, registration_number="7"),
        row(LUIS, email="LUIS@example.org"),
        row(LUIS, email="ana@example.org", registration_number="7"),
    )
    assert (told[2], told[3], told[4]) == (
        "new",
        "email: Row 2 says this already.",
        "registration_number: Row 2 says this already.",
    )


def test_a_mail_of_another_sponsor_is_told_like_any_other(
    apprenticeship: Apprenticeship, coordinator: User, outsider: User
) -> None:
    assert one(coordinator, row(NEW_MENTOR, email=outsider.email)) == {2: "new"}
    told = one(coordinator, row(LUIS, primary_mentor=outsider.email))[2]
    assert told.replace(outsider.email, "x@y.z") == one(coordinator, row(LUIS, primary_mentor="x@y.z"))[2]


def test_two_mentors_of_one_name_and_one_who_comes_too_late_are_told(
    apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor
) -> None:
    make_person("Same Name", Role.MENTOR, sponsor=sponsor)
    late = row(NEW_MENTOR, starts_on="2026-05-01")
    told = one(
        coordinator,
        row(LUIS, primary_mentor="Same Name"),
        row(NEW_MENTOR, name="Same Name"),
        row(LUIS, name="Ana Ruiz", email="ana@example.org", primary_mentor="late@example.org"),
        late.replace("nora@", "late@"),
    )
    assert told[2].startswith("primary_mentor: Several mentors have the name “Same Name”")
    assert told[4].startswith("primary_mentor: Nora Vance does not hold the role of a mentor on")


def test_of_two_programs_the_file_says_which(
    apprenticeship: Apprenticeship, coordinator: User, sponsor: Sponsor
) -> None:
    make_terms(sponsor, apprenticeship.terms.standard_version, "Second program")
    told = one(coordinator, row(LUIS), row(LUIS, email="ana@example.org", program="second program, 1"))
    assert (told[2], told[3]) == ("program: Nothing stands here.", "new")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace('","', '";"').replace(HEAD, HEAD.replace(",", ";")).encode(),
    ],
)
def test_a_byte_order_mark_and_semicolons_are_read(
    encode: Any, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    assert said(checked(coordinator, PEOPLE, encode("\n".join([HEAD, row(LUIS, name="Luis Peña")])))) == {2: "new"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lines(HEAD, *[row(LUIS)] * 2001), "more than 2000 rows"),
        (lines("name,email", "a,b"), "Missing columns: Role."),
        (workbook('<sheetData/><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'), "merged"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(data: bytes, why: str, coordinator: User) -> None:
    assert why in checked(coordinator, PEOPLE, data).problem


def test_latin_1_is_refused_at_once_and_a_formula_in_its_cell(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    with pytest.raises(Exception, match="not UTF-8"):
        kept(coordinator, PEOPLE, "\n".join([HEAD, row(LUIS, name="Luis Peña")]).encode("latin-1"))
    head = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("role", "name", "email"))
    cells = '<c t="str"><v>mentor</v></c><c><f>A1</f><v>x</v></c><c t="str"><v>n@example.org</v></c>'
    sheet = f"<sheetData><row>{head}</row><row>{cells}</row></sheetData>"
    assert said(checked(coordinator, PEOPLE, workbook(sheet)))[2].startswith("name: This is a formula")


def test_an_administrator_brings_in_coordinators(apprenticeship: Apprenticeship, administrator: User) -> None:
    brought = checked(administrator, PEOPLE, lines(HEAD, row(NEW_MENTOR, role="Program coordinator")))
    ordered(administrator, brought)
    assert Membership.objects.get(user__name="Nora Vance").role == Role.COORDINATOR


def test_what_changed_since_the_press_is_checked_again_and_nothing_is_written(
    apprenticeship: Apprenticeship, coordinator: User, cohort: Cohort
) -> None:
    brought = checked(coordinator, PEOPLE, lines(HEAD, row(NEW_MENTOR), row(LUIS)))
    Cohort.objects.filter(pk=cohort.pk).update(name="Spring 2026")
    before = everybody()
    assert ordered(coordinator, brought).state == ImportState.QUEUED
    assert everybody() == before
    assert not Act.objects.filter(kind="bring_in_people").exists()


def test_a_worker_that_dies_leaves_nothing_and_the_next_one_writes_all_once(
    apprenticeship: Apprenticeship, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = checked(coordinator, PEOPLE, lines(HEAD, row(NEW_MENTOR), row(LUIS)))
    for _press in range(2):
        order_import(viewer=viewer_for(coordinator), brought=brought, seen=check_of(brought))
    dead = import_jobs._claim(brought.pk, at=NOW)
    assert dead
    before = everybody()
    import_jobs.run(brought.pk, clock=lambda: NOW)
    assert everybody() == before
    import_jobs.sweep(at=LATER)
    import_jobs.run(brought.pk, clock=lambda: LATER)
    with pytest.raises(ImportMoved):
        record_ordered(dead, at=LATER)  # the dead one was only slow, and everybody is there
    monkeypatch.setattr("accounts.importing._new_rows", lambda *_given: [])
    record_ordered(dead, at=LATER)  # it had looked at the rows before
    assert Apprenticeship.objects.filter(apprentice__name="Luis Ortiz").count() == 1
    assert Act.objects.filter(kind="bring_in_people").count() == 1


def test_a_write_that_fails_three_times_is_given_up(
    apprenticeship: Apprenticeship, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = checked(coordinator, PEOPLE, lines(HEAD, row(NEW_MENTOR), row(LUIS)))
    before = everybody()
    monkeypatch.setattr("apprenticeship.people_files.write_registrations", broken)
    order_import(viewer=viewer_for(coordinator), brought=brought, seen=check_of(brought))
    for _attempt in range(4):
        import_jobs.run(brought.pk, clock=lambda: NOW)
    assert FileImport.objects.get().state == ImportState.FAILED
    assert everybody() == before


def broken(*_given: object, **_options: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("who", ["mentor", "apprentice", "auditor", "instructor", "outsider"])
def test_nobody_else_brings_people_in(
    who: str, apprenticeship: Apprenticeship, coordinator: User, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    brought = checked(coordinator, PEOPLE, lines(HEAD, row(NEW_MENTOR)))
    with pytest.raises(NotPermitted):
        order_import(viewer=viewer_for(person), brought=brought, seen=check_of(brought))
    if who != "outsider":
        with pytest.raises(NotPermitted):
            kept(person, PEOPLE, lines(HEAD, row(NEW_MENTOR)))


def test_checking_and_writing_ask_as_much_for_many_rows_as_for_few(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    asked = []
    for batch, many in (("warm", 1), ("a", 2), ("b", 30)):
        rows = [
            row(LUIS, name=f"{batch} {n}", email=f"{batch}{n}@example.org", primary_mentor=f"m{batch}@example.org")
            for n in range(many)
        ]
        rows.append(row(NEW_MENTOR, name=f"M {batch}", email=f"m{batch}@example.org"))
        with CaptureQueriesContext(connection) as queries:
            brought = checked(coordinator, PEOPLE, lines(HEAD, *rows))
            assert ordered(coordinator, brought).state == ImportState.RECORDED
        asked.append(len(queries))
    assert asked[1] == asked[2]
