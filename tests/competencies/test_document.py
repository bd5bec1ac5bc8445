"""The JSON form is checked by its schema, has one canonical form, and says where it is wrong."""

import json
import re
import time
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from competencies import document as form
from competencies.builtin import builtin_path
from competencies.defaults import completed
from competencies.document import (
    SCHEMA_PATH,
    Addition,
    Fault,
    NotAStandard,
    Question,
    StandardDocument,
    as_json,
    canonical_bytes,
    content_hash,
    from_json,
)
from competencies.models import Approach, Recurrence, SkillKind
from competencies.reading import read_file, read_page
from competencies.wording import ADDED_FIELDS, FAULTS, QUESTIONS
from tests.competencies.pages_by_hand import printed_page


@pytest.fixture
def builtin() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(builtin_path().read_text(encoding="utf-8"))
    return data


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA_PATH.read_text()))


def test_the_built_in_document_comes_back_from_json_as_it_was() -> None:
    document, is_page = read_file(builtin_path())
    assert not is_page
    assert from_json(json.dumps(as_json(document))) == document


def test_the_built_in_document_is_the_page_and_what_is_marked_as_added() -> None:
    document, _ = read_file(builtin_path())
    page = completed(read_page(printed_page()))
    harassment = replace(page.courses[0].topics[7], recurrence="calendar_year")
    course = replace(page.courses[0], topics=(*page.courses[0].topics[:7], harassment))
    assert replace(document, additions=page.additions) == replace(page, courses=(course,))
    assert [(added.field, added.targets) for added in document.additions] == [
        ("skill.kind", ()),
        ("scales", ()),
        ("topic.recurrence", ("1.8",)),
    ]


def test_kinds_are_given_only_where_the_words_are_certain() -> None:
    document, _ = read_file(builtin_path())
    kinds = {skill.code: skill.kind for skill in document.all_skills() if skill.kind != "performance"}
    assert kinds == {"1.2": "training", "1.5": "knowledge", "3.1": "knowledge", "3.3": "knowledge", "3.4": "knowledge"}


def test_each_built_in_scale_has_one_threshold_at_the_top_and_a_sentence_per_level() -> None:
    document, _ = read_file(builtin_path())
    assert {scale.kind for scale in document.scales} == {"performance", "knowledge", "training"}
    for scale in document.scales:
        assert [level.threshold for level in scale.levels] == [False] * (len(scale.levels) - 1) + [True]
        assert all(level.sentence.endswith(".") for level in scale.levels)


def test_fields_at_their_default_are_left_out_of_the_hash() -> None:
    document = read_page(printed_page())
    assert b"onet_code" not in canonical_bytes(document)
    assert b'"format":1' in canonical_bytes(document)
    same = replace(document, job_hours_min=None, onet_code="", other_titles=())
    assert content_hash(same) == content_hash(document)


def test_hours_hash_alike_however_many_zeros_they_carry() -> None:
    document = read_page(printed_page())
    course = replace(document.courses[0], required_hours=Decimal("44.00"))
    assert content_hash(replace(document, courses=(course,))) == content_hash(document)


def test_one_changed_letter_changes_the_hash() -> None:
    changed = printed_page().replace("Assessing compliance.", "Assessing compliances.")
    assert content_hash(read_page(changed)) != content_hash(read_page(printed_page()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", 2),
        ("title", ""),
        ("title", "Two\nlines"),
        ("title", "Ends with a line\n"),
        ("slug", "Not a slug"),
        ("unknown", True),
        ("approach", "mood"),
        ("job_hours_min", 2000),
        ("job_hours_min", "2,000"),
        ("skill_sets", []),
        ("dates_printed", ["July 2021"]),
        ("doubts", [{"line": 1, "text": "x", "question": "whatever"}]),
    ],
)
def test_another_form_is_refused_by_the_schema(builtin: dict[str, Any], path: str, value: Any) -> None:
    builtin[path] = value
    with pytest.raises(NotAStandard) as refusal:
        from_json(json.dumps(builtin))
    assert refusal.value.fault == Fault.NOT_THE_FORM


def test_the_refusal_says_where(builtin: dict[str, Any]) -> None:
    builtin["skill_sets"][3]["skills"][0]["steps"][6]["kind"] = "art"
    with pytest.raises(NotAStandard, match="skill_sets/3/skills/0/steps/6/kind"):
        from_json(json.dumps(builtin))


def test_a_file_full_of_faults_is_refused_at_its_first(builtin: dict[str, Any]) -> None:
    builtin["skill_sets"] = [1] * 500_000
    started = time.perf_counter()
    with pytest.raises(NotAStandard):
        from_json(json.dumps(builtin))
    assert time.perf_counter() - started < 3


def contradict_code(data: dict[str, Any]) -> None:
    data["skill_sets"][1]["skills"][0]["code"] = "1.1"


def contradict_scale(data: dict[str, Any]) -> None:
    data["skill_sets"][1]["skills"][0]["scale"] = "nowhere"


def contradict_threshold(data: dict[str, Any]) -> None:
    data["scales"][0]["levels"][0]["threshold"] = True


def contradict_kind(data: dict[str, Any]) -> None:
    del data["scales"][2]


def contradict_hours(data: dict[str, Any]) -> None:
    data.update(job_hours_min="2000", job_hours_max="1000")


def contradict_date(data: dict[str, Any]) -> None:
    data["dates_printed"] = ["2021-02-30"]


@pytest.mark.parametrize(
    "change",
    [contradict_code, contradict_scale, contradict_threshold, contradict_kind, contradict_hours, contradict_date],
)
def test_a_document_that_contradicts_itself_is_refused(builtin: dict[str, Any], change: Any) -> None:
    change(builtin)
    with pytest.raises(NotAStandard) as refusal:
        from_json(json.dumps(builtin))
    assert refusal.value.fault == Fault.CONTRADICTION


@pytest.mark.parametrize("text", ['{"format": 1, "format": 1}', '{"title": "\\ud800"}', "{", '{"a": NaN', "{'a': 1}"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(NotAStandard) as refusal:
        from_json(text)
    assert refusal.value.fault == Fault.NOT_JSON


def test_naming_the_scale_that_the_kind_gives_anyway_is_the_same_document(builtin: dict[str, Any]) -> None:
    plain = from_json(json.dumps(builtin))
    builtin["skill_sets"][0]["skills"][0]["scale"] = "performance"
    assert from_json(json.dumps(builtin)) == plain


def test_the_documents_words_are_those_of_the_tables() -> None:
    assert set(get_args(form.Approach)) == {"", *Approach.values}
    assert set(get_args(form.Kind)) == set(SkillKind.values)
    assert set(get_args(form.Recurrence)) == set(Recurrence.values)


def test_every_fault_question_and_addition_has_its_sentence() -> None:
    assert set(FAULTS) == set(Fault)
    assert set(QUESTIONS) == set(Question)
    document, _ = read_file(builtin_path())
    assert {added.field for added in document.additions} <= set(ADDED_FIELDS)


def test_the_format_page_names_every_field_and_question() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "standard-format.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)(?:: \w+)?`", page))
    parts = [value for value in vars(form).values() if isinstance(value, type) and value.__module__ == form.__name__]
    known = {field.name for part in parts if hasattr(part, "__dataclass_fields__") for field in fields(part)}
    assert {*known, *Question} <= named
    assert {StandardDocument, Addition} <= set(parts)
