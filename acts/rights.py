"""On PostgreSQL: what the role of web and workers may do, and no more.

Whoever owns a table can drop its triggers, so the owner only migrates. The web role reads and
inserts where the record is, and has normal rights elsewhere.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def grant_runtime_rights(
    connection: BaseDatabaseWrapper,
    role: str,
    *,
    guarded: Collection[str],
    blankable: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Give `role` what it needs: SELECT and INSERT on `guarded` tables, normal rights on all others.

    Of a guarded table in `blankable` it may also update the named columns; the trigger says when.

    One transaction, and nothing is granted first to be taken away after: there is no moment in
    which the role may change the record.
    """
    quoted = connection.ops.quote_name(role)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            if table in guarded:
                cursor.execute(f"REVOKE ALL ON {name} FROM {quoted}")
                cursor.execute(f"GRANT SELECT, INSERT ON {name} TO {quoted}")
                if columns := (blankable or {}).get(table):
                    names = ", ".join(connection.ops.quote_name(column) for column in columns)
                    cursor.execute(f"GRANT UPDATE ({names}) ON {name} TO {quoted}")
            else:
                cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {quoted}")


def excess_rights(connection: BaseDatabaseWrapper, *, guarded: Sequence[str]) -> list[str]:
    """The `guarded` tables that this connection owns or may do more with than read and insert (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND ("
            "pg_has_role(relowner, 'USAGE') OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')"
            ") ORDER BY relname",
            [list(guarded)],
        )
        return [row[0] for row in cursor.fetchall()]
