"""A published version is frozen in the database too: these triggers refuse what the code never does.

Of a version that is no draft only the status may change, from published to superseded; of its
scales, levels, sets, skills, courses and topics nothing may change, go or come. Drafts stay free.

On SQLite a table's own rules cannot see `INSERT OR REPLACE` delete a row, so an INSERT over the id
of a frozen row is refused as well. On PostgreSQL each check locks the version's row, so that no
part slips in while another transaction publishes.
"""

import hashlib

from django.db import models

from acts.guards import Trigger
from competencies.models import Course, RatingLevel, RatingScale, Skill, SkillSet, StandardVersion, Topic

VERSIONS = StandardVersion._meta.db_table

# Each part, with the column that leads up and the part it leads to; None is the version itself.
_PARTS: tuple[tuple[type[models.Model], str, type[models.Model] | None], ...] = (
    (RatingScale, "version_id", None),
    (RatingLevel, "scale_id", RatingScale),
    (SkillSet, "version_id", None),
    (Skill, "skill_set_id", SkillSet),
    (Course, "version_id", None),
    (Topic, "course_id", Course),
)


def triggers() -> list[Trigger]:
    """Every trigger that freezes published versions; named in settings.EXTRA_TRIGGERS."""
    result = _version_triggers()
    for model, column, above in _PARTS:
        result += _part_triggers(model._meta.db_table, column, above._meta.db_table if above else None)
    return result


# ---------------------------------------------------------------- the version's own row


def _version_triggers() -> list[Trigger]:
    columns = [field.column for field in StandardVersion._meta.concrete_fields if field.column != "status"]
    same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in columns)
    # The name follows the columns: a later column gets a new trigger instead of none.
    mark = hashlib.sha256(same.encode()).hexdigest()[:8]
    superseding = "OLD.status = 'published' AND NEW.status = 'superseded'"
    existing = (
        f"SELECT 1 FROM {VERSIONS} WHERE status <> 'draft' AND "  # noqa: S608  # names of our own tables, no input
        "(id = NEW.id OR (standard_id = NEW.standard_id AND number = NEW.number))"
    )
    return [
        _sqlite(VERSIONS, "UPDATE", f"OLD.status <> 'draft' AND NOT ({superseding} AND {same})", mark),
        _sqlite(VERSIONS, "DELETE", "OLD.status <> 'draft'"),
        _sqlite(VERSIONS, "INSERT", f"EXISTS ({existing})"),
        _postgresql(
            VERSIONS,
            "UPDATE OR DELETE",
            f"""
            IF OLD.status <> 'draft' AND NOT (TG_OP = 'UPDATE' AND {superseding}
                AND to_jsonb(OLD) - 'status' = to_jsonb(NEW) - 'status') THEN
              RAISE EXCEPTION 'frozen: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            """,
        ),
        _truncate(VERSIONS),
    ]


# ---------------------------------------------------------------- its parts


def _part_triggers(table: str, column: str, above: str | None) -> list[Trigger]:
    old, new = (_version_of(f"{row}.{column}", above) for row in ("OLD", "NEW"))
    replaced = (
        f"SELECT 1 FROM {table} AS kept WHERE kept.id = NEW.id AND {_frozen(_version_of(f'kept.{column}', above))}"  # noqa: S608  # names of our own tables, no input
    )
    return [
        _sqlite(table, "UPDATE", f"{_frozen(old)} OR {_frozen(new)}"),
        _sqlite(table, "DELETE", _frozen(old)),
        _sqlite(table, "INSERT", f"{_frozen(new)} OR EXISTS ({replaced})"),
        _postgresql(
            table,
            "INSERT OR UPDATE OR DELETE",
            f"""
            IF TG_OP <> 'INSERT' THEN
              PERFORM journeybook_must_be_draft({old}, TG_OP, TG_TABLE_NAME);
            END IF;
            IF TG_OP <> 'DELETE' THEN
              PERFORM journeybook_must_be_draft({new}, TG_OP, TG_TABLE_NAME);
            END IF;
            """,
            before=_MUST_BE_DRAFT,
        ),
        _truncate(table),
    ]


_MUST_BE_DRAFT = f"""
CREATE OR REPLACE FUNCTION journeybook_must_be_draft(version uuid, operation text, part text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
  SELECT status INTO found FROM {VERSIONS} WHERE id = version FOR SHARE;
  IF found <> 'draft' THEN
    RAISE EXCEPTION 'frozen: % on % is refused', operation, part USING ERRCODE = 'restrict_violation';
  END IF;
END $$;
"""  # noqa: S608  # names of our own tables, no input


def _version_of(reference: str, above: str | None) -> str:
    """SQL for the version's id that `reference` leads to, through the table `above` where there is one."""
    return f"(SELECT version_id FROM {above} WHERE id = {reference})" if above else reference  # noqa: S608  # names of our own tables, no input


def _frozen(version: str) -> str:
    return f"EXISTS (SELECT 1 FROM {VERSIONS} WHERE id = {version} AND status <> 'draft')"  # noqa: S608  # names of our own tables, no input


# ---------------------------------------------------------------- as triggers


def _sqlite(table: str, operation: str, condition: str, mark: str = "") -> Trigger:
    name = "_".join(filter(None, (table, "frozen", operation.lower(), mark)))
    refuse = f"SELECT RAISE(ABORT, 'frozen: {operation} on {table} is refused');"
    return Trigger(
        name=name,
        table=table,
        sqlite=f"CREATE TRIGGER {name} BEFORE {operation} ON {table} WHEN {condition} BEGIN {refuse} END",
    )


def _postgresql(table: str, operations: str, body: str, *, before: str = "") -> Trigger:
    name = f"{table}_frozen"
    return Trigger(
        name=name,
        table=table,
        postgresql=f"""
        {before}
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          {body}
          RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END $$;
        CREATE TRIGGER {name} BEFORE {operations} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
        """,
    )


def _truncate(table: str) -> Trigger:
    name = f"{table}_frozen_truncate"
    return Trigger(
        name=name,
        table=table,
        postgresql=f"""
        CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION journeybook_refuse();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
        """,
    )
