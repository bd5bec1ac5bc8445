"""What the API tells of standards, apprenticeships and books."""

import hashlib
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Cohort, RecordHead, Terms
from competencies.models import StandardVersion
from tests.api.contract import Asker
from tests.cast import make_apprenticeship, make_mentorship, make_person, signed


def test_a_standard_is_told_with_its_sets_skills_scales_and_topics(published_standard: StandardVersion) -> None:
    whole = Asker().get("api_standard_version", pk=published_standard.pk).json
    assert [len(skill_set["skills"]) for skill_set in whole["skill_sets"]] == [6, 4, 6, 8, 2, 5, 2, 5, 3, 3, 1, 4]
    assert (whole["courses"][0]["required_hours"], len(whole["courses"][0]["topics"])) == ("44", 8)
    scales = {scale["id"] for scale in whole["scales"]}
    assert {skill["scale"] for skill_set in whole["skill_sets"] for skill in skill_set["skills"]} <= scales


def test_the_library_is_open_to_everybody_and_leads_to_the_version_in_force(
    published_standard: StandardVersion,
) -> None:
    [standard] = Asker().get("api_standards", query={"search": "compounding"}).json["results"]
    assert [version["id"] for version in standard["versions"]] == [str(published_standard.pk)]
    assert Asker().get("api_standard", pk=standard["id"]).json["id"] == str(published_standard.pk)


def test_a_draft_is_told_to_nobody(published_standard: StandardVersion, machine: Asker) -> None:
    draft = StandardVersion.objects.create(
        standard=published_standard.standard,
        number=2,
        approach="competency",
        content_hash="0" * 64,
        created_at=published_standard.created_at,
    )
    assert machine.get("api_standard_version", pk=draft.pk).status == 404
    [standard] = machine.get("api_standards").json["results"]
    assert [version["number"] for version in standard["versions"]] == [1]


def test_an_apprenticeship_tells_what_it_is_held_to_and_who_may_sign(
    apprenticeship: Apprenticeship, machine: Asker
) -> None:
    told = machine.get("api_apprenticeship", pk=apprenticeship.pk).json
    assert told["apprentice"]["name"] == "Rosa Diaz"
    assert {mentor["name"]: mentor["role"] for mentor in told["mentors"]} == {
        "Maria Alvarez": "primary",
        "Dev Patel": "deputy",
    }
    assert told["standard"]["version"] == str(apprenticeship.terms.standard_version_id)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "rosa"}, ["Rosa Diaz"]),
        ({"search": "nobody"}, []),
        ({}, ["Abe Zimmer", "Rosa Diaz"]),
    ],
)
def test_apprenticeships_are_found_by_name(
    query: dict[str, str], found: list[str], apprenticeship: Apprenticeship, machine: Asker, sponsor: Sponsor
) -> None:
    make_apprenticeship(make_person("Abe Zimmer", Role.APPRENTICE, sponsor=sponsor), apprenticeship.terms)
    results = machine.get("api_apprenticeships", query=query).json["results"]
    assert [book["apprentice"]["name"] for book in results] == found


def test_apprenticeships_are_found_by_cohort_and_employer(
    apprenticeship: Apprenticeship, cohort: Cohort, machine: Asker
) -> None:
    def count(**query: object) -> int:
        return len(machine.get("api_apprenticeships", query=query).json["results"])

    assert (count(cohort=cohort.pk), count(cohort=apprenticeship.pk)) == (1, 0)
    assert (count(employer=apprenticeship.employer_id), count(employer=cohort.pk)) == (1, 0)


def test_a_book_is_told_in_sequence_as_the_exact_bytes_that_were_hashed(
    apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    for code in ("1.1", "1.2", "1.3"):
        signed(apprenticeship, mentor, code)
    entries = machine.get("api_entries", pk=apprenticeship.pk).json["results"]
    assert [entry["sequence"] for entry in entries] == [1, 2, 3]
    for entry in entries:
        assert hashlib.sha256(b"\x00" + entry["canonical"].encode()).hexdigest() == entry["hash"]
    assert [json.loads(entry["canonical"])["previous"] for entry in entries[1:]] == [e["hash"] for e in entries[:2]]


def test_one_entry_is_found_by_its_number(apprenticeship: Apprenticeship, mentor: User, machine: Asker) -> None:
    signed(apprenticeship, mentor)
    entry = machine.get("api_entry", pk=apprenticeship.pk, sequence=1)
    assert json.loads(entry.json["canonical"])["body"]["skill"]["code"] == "1.1"
    assert machine.get("api_entry", pk=apprenticeship.pk, sequence=2).problem == "not-found"


def test_an_unchanged_book_is_not_sent_again(apprenticeship: Apprenticeship, mentor: User, machine: Asker) -> None:
    signed(apprenticeship, mentor)
    first = machine.get("api_entries", pk=apprenticeship.pk)
    assert first.headers["ETag"] == f'"{RecordHead.objects.get(pk=apprenticeship.pk).hash}"'
    again = {"If-None-Match": first.headers["ETag"]}
    assert machine.get("api_entries", pk=apprenticeship.pk, headers=again).status == 304
    signed(apprenticeship, mentor, "1.2")
    assert machine.get("api_entries", pk=apprenticeship.pk, headers=again).status == 200


def test_a_list_in_pieces_tells_everything_once(apprenticeship: Apprenticeship, mentor: User, machine: Asker) -> None:
    for code in ("1.1", "1.2", "1.3", "1.4", "1.5"):
        signed(apprenticeship, mentor, code)
    for name, parts in (("api_entries", {"pk": apprenticeship.pk}), ("api_sign_offs", {})):
        answer = machine.get(name, query={"limit": 2}, **parts)
        told = answer.json["results"]
        while answer.json["next"]:
            answer = machine.get_address(answer.json["next"])
            told += answer.json["results"]
        assert len(told) == 5
        assert len({row["id"] for row in told}) == 5


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIl0", "WzFd", "bnVsbA", "W10", "%00", "WyJcdTAwMDAiXQ"])
def test_a_forged_cursor_is_wrong_input(cursor: str, apprenticeship: Apprenticeship, machine: Asker) -> None:
    answer = machine.get("api_entries", query={"cursor": cursor}, pk=apprenticeship.pk)
    assert (answer.status, answer.problem, answer.pointers) == (400, "invalid-input", ["cursor"])


@pytest.mark.parametrize(
    ("query", "place"),
    [({"limit": 0}, "limit"), ({"limit": "x"}, "limit"), ({"cohort": "1"}, "cohort"), ({"sort": "name"}, "sort")],
)
def test_a_wrong_or_unknown_parameter_is_named(query: dict[str, object], place: str, machine: Asker) -> None:
    answer = machine.get("api_apprenticeships", query=query)
    assert (answer.problem, answer.pointers) == ("invalid-input", [place])


def test_a_signature_tells_whether_it_stands(apprenticeship: Apprenticeship, mentor: User, machine: Asker) -> None:
    first = signed(apprenticeship, mentor)
    second = signed(apprenticeship, mentor, replaces=first)
    states = {row["id"]: row["state"] for row in machine.get("api_sign_offs").json["results"]}
    assert states == {str(first.pk): "replaced", str(second.pk): "stands"}
    only = machine.get("api_sign_offs", query={"stands": "true", "apprenticeship": apprenticeship.pk}).json["results"]
    assert [row["id"] for row in only] == [str(second.pk)]


def test_the_lists_cost_the_same_at_any_length(
    terms: Terms,
    mentor: User,
    sponsor: Sponsor,
    machine: Asker,
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            person = make_person(f"A{Apprenticeship.objects.count()} B", Role.APPRENTICE, sponsor=sponsor)
            book = make_apprenticeship(person, terms)
            make_mentorship(book, mentor)
            signed(book, mentor)

    def costs() -> dict[str, int]:
        found = {}
        for name in ("api_standards", "api_apprenticeships", "api_sign_offs"):
            with CaptureQueriesContext(connection) as queries:
                machine.get(name)
            found[name] = len(queries)
        return found

    grow(1)
    machine.get("api_standards")  # notes that the token was used in this minute
    few = costs()
    grow(4)
    assert costs() == few
    assert max(few.values()) <= 10


def test_the_newest_signatures_are_found_without_reading_any_bytes(
    apprenticeship: Apprenticeship, mentor: User, machine: Asker
) -> None:
    made = [signed(apprenticeship, mentor, code) for code in ("1.1", "1.2", "1.3")]
    with CaptureQueriesContext(connection) as asked:
        pieces = [machine.get("api_sign_offs", query={"limit": 2}).json]
    [ordering] = [
        query["sql"] for query in asked if 'ORDER BY "apprenticeship_recordentry"."recorded_at"' in query["sql"]
    ]
    assert "canonical" not in ordering
    pieces.append(machine.get_address(pieces[0]["next"]).json)
    found = [row["id"] for piece in pieces for row in piece["results"]]
    assert sorted(found) == sorted(str(row.pk) for row in made)
