"""The database itself keeps a published version as it is, on SQLite and PostgreSQL alike."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from acts.guards import create_after_migrate, drop_before_migrate, drop_triggers, missing_triggers
from competencies.builtin import builtin_path
from competencies.exporting import document_of
from competencies.freezing import triggers
from competencies.models import (
    Course,
    RatingLevel,
    RatingScale,
    Skill,
    SkillSet,
    StandardVersion,
    Topic,
    VersionStatus,
)
from competencies.publishing import import_document, publish
from competencies.reading import read_file
from tests.competencies.test_publishing import OPERATOR

PARTS = [RatingScale, RatingLevel, SkillSet, Skill, Course, Topic]

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(published_standard: StandardVersion) -> StandardVersion:
    document = replace(read_file(builtin_path())[0], title="Another Title")
    return import_document(viewer=OPERATOR, document=document).version


def refused(act: Callable[[], object]) -> bool:
    """Whether the database refused the act, naming the reason, and nothing of it stayed."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "frozen: " in str(error) or "insert only" in str(error)
    return False


def rows_of(model: type[models.Model], version: StandardVersion) -> models.QuerySet[models.Model]:
    path = {RatingLevel: "scale__version", Skill: "skill_set__version", Topic: "course__version"}.get(model, "version")
    return model._default_manager.filter(**{path: version})


def copy_of(row: models.Model) -> models.Model:
    """A new row beside `row`, which breaks no unique constraint."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    changed = {
        "id": None,
        "order": 99,
        "code": "99",
        "kind": "" if isinstance(row, RatingScale) else fields.get("kind"),
    }
    changed["is_threshold"] = False
    fields.update({name: value for name, value in changed.items() if name in fields})
    fields.pop("id")
    return type(row)(**fields)


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_a_published_version_can_change_go_or_come(
    published_standard: StandardVersion, part: type[models.Model]
) -> None:
    rows = rows_of(part, published_standard)
    row = rows.first()
    assert row is not None
    assert refused(lambda: rows.update(order=models.F("order") + 100))
    assert refused(lambda: rows.filter(pk=row.pk)._raw_delete("default"))
    assert refused(lambda: copy_of(row).save(force_insert=True))
    assert document_of(published_standard) == read_file(builtin_path())[0]


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_of_a_draft_stay_free(draft: StandardVersion, part: type[models.Model]) -> None:
    rows = rows_of(part, draft)
    row = rows.first()
    assert row is not None
    new = copy_of(row)
    new.save(force_insert=True)
    assert rows.filter(pk=new.pk).update(order=98) == 1
    assert new.delete()[0] == 1


@pytest.mark.parametrize("part", PARTS)
def test_no_part_moves_from_a_draft_into_a_published_version(
    published_standard: StandardVersion, draft: StandardVersion, part: type[models.Model]
) -> None:
    column = {RatingLevel: "scale_id", Skill: "skill_set_id", Topic: "course_id"}.get(part, "version_id")
    target = rows_of(part, published_standard).values_list(column, flat=True).first()
    moved = rows_of(part, draft).filter(pk=rows_of(part, draft).values("pk")[:1])
    assert refused(lambda: moved.update(**{column: target, "order": 99}))


@pytest.mark.parametrize(
    "change",
    [
        {"number": 7},
        {"content_hash": "0" * 64},
        {"facts": {}},
        {"job_hours_min": 2000},
        {"status": VersionStatus.DRAFT, "published_at": None},
        {"status": VersionStatus.SUPERSEDED, "approach": "time"},
    ],
)
def test_a_published_version_changes_nothing_but_its_status(
    published_standard: StandardVersion, change: dict[str, object]
) -> None:
    assert refused(lambda: StandardVersion.objects.filter(pk=published_standard.pk).update(**change))


def test_a_published_version_becomes_superseded_and_never_comes_back(published_standard: StandardVersion) -> None:
    row = StandardVersion.objects.filter(pk=published_standard.pk)
    assert row.update(status=VersionStatus.SUPERSEDED) == 1
    assert refused(lambda: row.update(status=VersionStatus.PUBLISHED))
    assert refused(lambda: row.update(status=VersionStatus.DRAFT, published_at=None))


def test_a_published_version_cannot_be_deleted(published_standard: StandardVersion) -> None:
    assert refused(lambda: StandardVersion.objects.filter(pk=published_standard.pk)._raw_delete("default"))


def test_a_superseded_version_keeps_its_parts_too(published_standard: StandardVersion, draft: StandardVersion) -> None:
    publish(viewer=OPERATOR, version=draft)
    assert refused(lambda: Skill.objects.filter(skill_set__version=published_standard).update(text="Anything."))


def test_a_draft_can_be_changed_and_deleted_by_hand(draft: StandardVersion) -> None:
    assert StandardVersion.objects.filter(pk=draft.pk).update(number=9) == 1
    for part in (Skill, SkillSet, RatingLevel, RatingScale, Topic, Course):
        rows_of(part, draft)._raw_delete("default")
    assert draft.delete()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_no_statement_of_one_database_walks_past_the_guard(published_standard: StandardVersion) -> None:
    """SQLite replaces rows by inserting over them, PostgreSQL empties tables whole."""
    for model in (StandardVersion, *PARTS):
        table = model._meta.db_table
        statement = {
            "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",  # noqa: S608  # our own tables
            "postgresql": f"TRUNCATE {table} CASCADE",
        }[connection.vendor]
        assert refused(partial(run, statement)), statement
    assert document_of(published_standard) == read_file(builtin_path())[0]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# ---------------------------------------------------------------- migrations


def test_every_trigger_stands_after_migrate() -> None:
    assert triggers()
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [StandardVersion, SkillSet, Skill])
def test_a_migration_that_remakes_a_table_leaves_the_guards_standing(
    published_standard: StandardVersion, model: type[models.Model]
) -> None:
    """SQLite remakes a table for a new column with a default; its triggers go without a word."""
    field = models.CharField(max_length=3, default="new")
    field.set_attributes_from_name("a_later_column")
    drop_before_migrate(plan=[object()])
    with connection.schema_editor() as editor:
        editor.add_field(model, field)
    try:
        create_after_migrate()
        assert missing_triggers(connection) == []
        assert refused(lambda: Skill.objects.filter(skill_set__version=published_standard).update(text="Anything."))
    finally:
        drop_before_migrate(plan=[object()])
        with connection.schema_editor() as editor:
            editor.remove_field(model, field)
        create_after_migrate()


def test_a_migrate_with_nothing_to_do_leaves_the_guards_alone() -> None:
    drop_before_migrate(plan=[])
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_migrate_mends_guards_that_are_missing() -> None:
    drop_triggers(connection)
    assert missing_triggers(connection) != []
    call_command("migrate", verbosity=0, skip_checks=False)
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_no_part_slips_in_while_another_connection_publishes(draft: StandardVersion) -> None:
    """The insert waits for the publishing to commit, and is then refused."""
    skill = copy_of(Skill.objects.filter(skill_set__version=draft)[0])
    outcome: list[bool] = []

    def insert() -> None:
        try:
            outcome.append(refused(lambda: skill.save(force_insert=True)))
        finally:
            connection.close()

    with transaction.atomic():
        publish(viewer=OPERATOR, version=draft)
        thread = Thread(target=insert)
        thread.start()
        thread.join(0.3)
        assert outcome == []
    thread.join(20)
    assert outcome == [True]
