"""Look at tables, create them and add columns."""

from collections.abc import Sequence

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.column_types import catalog_type, roomy_width_bytes
from utilities.redshift.designs import Layout
from utilities.redshift.identifiers import identifier, qualified
from utilities.references import VARCHAR_LIMIT_BYTES, Column, TableName

_COLUMNS = """
SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
FROM svv_columns
WHERE table_schema = %s AND table_name = %s
ORDER BY ordinal_position
"""


def describe_table(cursor: Cursor, table: TableName) -> dict[str, str]:
    """Return a table's columns, name to type, in order; empty when there is no such table."""
    cursor.execute(_COLUMNS, (table.schema, table.table))
    return {row[0]: catalog_type(*row[1:]) for row in cursor.fetchall()}


def create_table(
    cursor: Cursor, table: TableName, columns: Sequence[Column], layout: Layout | None = None
) -> None:
    """Create a table for staged columns, with its schema.

    Args:
        layout: distribution, sort key and compression; Redshift's choice when it is None.
    """
    layout = layout or Layout()
    # Asking first lets a user without the right to create schemas load into an existing one.
    cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", (table.schema,))
    if cursor.fetchone() == (0,):
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(identifier(table.schema)))
    definitions = [_definition(column, layout.encodings.get(column.name)) for column in columns]
    cursor.execute(
        sql.SQL("CREATE TABLE {} ({}) {}").format(
            qualified(table), sql.SQL(", ").join(definitions), layout.attributes
        )
    )


def lock_table(cursor: Cursor, table: TableName) -> None:
    """Wait until nobody uses a table, and keep it to the end of the transaction. Before its first
    query, so that what others committed is seen."""
    cursor.execute(sql.SQL("LOCK TABLE {}").format(qualified(table)))


def add_columns(cursor: Cursor, table: TableName, columns: Sequence[Column]) -> None:
    """Add columns; Redshift adds one a statement."""
    for column in columns:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(qualified(table), _definition(column))
        )


def text_width_bytes(column: Column) -> int:
    """Return the width that a text column gets in a table: as declared, or as was seen with room."""
    if column.width_bytes is not None and column.width_bytes >= column.max_bytes:
        return column.width_bytes
    return roomy_width_bytes(min(column.max_bytes, VARCHAR_LIMIT_BYTES))


def _definition(column: Column, encoding: str | None = None) -> sql.Composable:
    type_ = f"VARCHAR({text_width_bytes(column)})" if column.type == "VARCHAR" else column.type
    definition = sql.SQL("{} {}").format(identifier(column.name), sql.SQL(type_))
    return definition + sql.SQL(f" ENCODE {encoding}") if encoding else definition
