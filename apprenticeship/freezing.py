"""What the database holds fast: terms that are used, and never as a draft; and the names of files unless purged."""

from acts.guards import Trigger
from apprenticeship.models import Apprenticeship, Evidence, Purge, Terms

TERMS = Terms._meta.db_table
PINNED = f"EXISTS (SELECT 1 FROM {Apprenticeship._meta.db_table} WHERE terms_id = %s)"  # noqa: S608  # our own names


def triggers() -> list[Trigger]:
    """The triggers that freeze used terms and keep drafts from being used; named in settings.EXTRA_TRIGGERS.

    The one on INSERT stops SQLite's `INSERT OR REPLACE`, which deletes without a DELETE trigger.
    """
    made = []
    for operation, row in (("UPDATE", "OLD"), ("DELETE", "OLD"), ("INSERT", "NEW")):
        name = f"{TERMS}_frozen_{operation.lower()}"
        pinned = PINNED % f"{row}.id"
        refuse = "SELECT RAISE(ABORT, 'frozen: these terms are in use');"
        made.append(
            Trigger(
                name=name,
                table=TERMS,
                sqlite=f"CREATE TRIGGER {name} BEFORE {operation} ON {TERMS} WHEN {pinned} BEGIN {refuse} END",
            )
        )
    return [*made, _postgresql(), *_no_drafts()]


def _no_drafts() -> list[Trigger]:
    """Nobody is registered under a draft: Terms that somebody may still change."""
    table, name = Apprenticeship._meta.db_table, f"{Apprenticeship._meta.db_table}_no_draft"
    drafted = f"EXISTS (SELECT 1 FROM {TERMS} WHERE id = NEW.terms_id AND is_draft)"  # noqa: S608  # our own names
    refuse = "SELECT RAISE(ABORT, 'draft: nobody is registered under these terms');"
    on_sqlite = [
        Trigger(
            name=f"{name}_{operation}",
            table=table,
            sqlite=f"CREATE TRIGGER {name}_{operation} BEFORE {when} ON {table} WHEN {drafted} BEGIN {refuse} END",
        )
        for operation, when in (("insert", "INSERT"), ("update", "UPDATE OF terms_id"))
    ]
    on_postgresql = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          -- Wait for whoever takes these terms back to a draft at this moment, and see what came of it.
          PERFORM 1 FROM {TERMS} WHERE id = NEW.terms_id FOR KEY SHARE;
          IF {drafted} THEN
            RAISE EXCEPTION 'draft: nobody is registered under these terms' USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF terms_id ON {table}
          FOR EACH ROW EXECUTE FUNCTION {name}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
        """
    return [*on_sqlite, Trigger(name=name, table=table, postgresql=on_postgresql)]


def name_of_a_purged_file() -> str:
    """SQL that is true of the sealed name of a file that was purged from its book; named in settings.BLANKING."""
    evidence, purge = Evidence._meta.db_table, Purge._meta.db_table
    purged = "p.file_id = e.file_id AND p.apprenticeship_id = e.apprenticeship_id"
    return f"EXISTS (SELECT 1 FROM {evidence} e JOIN {purge} p ON {purged} WHERE e.name_id = OLD.id)"  # noqa: S608  # our own names


def _postgresql() -> Trigger:
    name = f"{TERMS}_frozen"
    return Trigger(
        name=name,
        table=TERMS,
        postgresql=f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {PINNED % "OLD.id"} THEN
            RAISE EXCEPTION 'frozen: these terms are in use' USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {TERMS} FOR EACH ROW EXECUTE FUNCTION {name}();
        ALTER TABLE {TERMS} ENABLE ALWAYS TRIGGER {name};
        """,
    )
