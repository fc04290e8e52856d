"""The table of rejects: rows that were set aside, each with its reason, beside their table."""

from datetime import datetime

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import SchemaMismatch
from utilities.redshift.identifiers import identifier, identifiers, qualified
from utilities.redshift.suffixes import suffixed
from utilities.redshift.tables import create_table, describe_table
from utilities.references import VARCHAR_LIMIT_BYTES, Column, TableName

SUFFIX = "_rejects"


def _text(name: str, width_bytes: int) -> Column:
    return Column(name, "VARCHAR", name, max_bytes=width_bytes, width_bytes=width_bytes)


REJECT_COLUMNS = (
    _text("source", VARCHAR_LIMIT_BYTES),
    Column("line", "BIGINT", "line"),
    _text("column_name", VARCHAR_LIMIT_BYTES),
    _text("value", VARCHAR_LIMIT_BYTES),
    _text("reason", VARCHAR_LIMIT_BYTES),
    _text("record", VARCHAR_LIMIT_BYTES),
)
"""As they are staged, in this order."""

_KEPT_COLUMNS = (
    *REJECT_COLUMNS,
    _text("load_id", 36),
    Column("rejected_at", "TIMESTAMP", "rejected_at"),
)


def rejects_table(table: TableName) -> TableName:
    """Return where the rejects of a table are kept: `schema.table_rejects`."""
    return TableName(table.schema, suffixed(table.table, SUFFIX))


def keep_rejects(
    cursor: Cursor, staging_table: str, table: TableName, load_id: str, rejected_at: datetime
) -> None:
    """Move staged rejects into the table of rejects, inside the load's transaction.

    Raises:
        SchemaMismatch: there is a table of that name for something else.
    """
    target = rejects_table(table)
    existing = describe_table(cursor, target)
    if not existing:
        create_table(cursor, target, _KEPT_COLUMNS)
    elif any(column.name not in existing for column in _KEPT_COLUMNS):
        expected = ", ".join(column.name for column in _KEPT_COLUMNS)
        raise SchemaMismatch(
            f"{target}: the rejects of {table} are kept there, and the table that is there is "
            f"another one: it has {', '.join(existing)}; expected {expected}. Nothing was loaded. "
            "Rename it."
        )
    names = [column.name for column in REJECT_COLUMNS]
    cursor.execute(
        sql.SQL(
            "INSERT INTO {target} ({names}, load_id, rejected_at) SELECT {names}, %s, %s FROM {}"
        ).format(identifier(staging_table), target=qualified(target), names=identifiers(names)),
        (load_id, rejected_at),
    )
