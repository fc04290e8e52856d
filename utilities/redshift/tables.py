"""Look at tables and make them fit what is staged: create, add columns, widen text."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import SchemaMismatch
from utilities.redshift.column_types import catalog_type, fits, roomy_width_bytes, width_bytes
from utilities.redshift.identifiers import identifier, qualified
from utilities.references import VARCHAR_LIMIT_BYTES, Column, TableName

_COLUMNS = """
SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
FROM svv_columns
WHERE table_schema = %s AND table_name = %s
ORDER BY ordinal_position
"""


@dataclass(frozen=True)
class Fitting:
    """What has to change in a table before a staged batch fits it.

    Attributes:
        create: the table does not exist.
        add: staged columns that the table lacks, in staged order.
        widen: text columns with the width in bytes that they need.
    """

    create: bool
    add: tuple[Column, ...]
    widen: tuple[tuple[str, int], ...]


def describe_table(cursor: Cursor, table: TableName) -> dict[str, str]:
    """Return a table's columns, name to type, in order; empty when there is no such table."""
    cursor.execute(_COLUMNS, (table.schema, table.table))
    return {row[0]: catalog_type(*row[1:]) for row in cursor.fetchall()}


def plan_fitting(table: TableName, existing: dict[str, str], columns: Sequence[Column]) -> Fitting:
    """Compare a table with staged columns.

    Raises:
        SchemaMismatch: a staged type does not fit the table's without loss.
    """
    add, widen = [], []
    for column in columns:
        type_ = existing.get(column.name)
        if type_ is None:
            add.append(column)
            continue
        if not fits(column.type, type_):
            raise SchemaMismatch(
                f"{table}: column {column.name!r} is {type_}, the source has {column.type} "
                f"(from {column.source_name!r}), which does not fit without loss. Nothing was "
                "loaded. Load into a new table, or change the column in the source."
            )
        width = width_bytes(type_)
        if width is not None and column.max_bytes > width:
            if type_.startswith("CHAR"):
                raise SchemaMismatch(
                    f"{table}: column {column.name!r} is {type_}, the source has a value of "
                    f"{column.max_bytes} bytes. Nothing was loaded. Make the column a VARCHAR."
                )
            widen.append((column.name, roomy_width_bytes(column.max_bytes)))
    return Fitting(create=not existing, add=tuple(add), widen=tuple(widen))


def create_table(cursor: Cursor, table: TableName, columns: Sequence[Column]) -> None:
    """Create a table for staged columns, with its schema."""
    # Asking first lets a user without the right to create schemas load into an existing one.
    cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", (table.schema,))
    if cursor.fetchone() == (0,):
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(identifier(table.schema)))
    definitions = [_definition(column) for column in columns]
    cursor.execute(
        sql.SQL("CREATE TABLE {} ({})").format(qualified(table), sql.SQL(", ").join(definitions))
    )


def add_columns(cursor: Cursor, table: TableName, columns: Sequence[Column]) -> None:
    """Add columns; Redshift adds one a statement."""
    for column in columns:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(qualified(table), _definition(column))
        )


def widen_columns(cursor: Cursor, table: TableName, widen: Sequence[tuple[str, int]]) -> None:
    """Widen text columns; Redshift refuses this inside a transaction block."""
    for name, width in widen:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE VARCHAR({})").format(
                qualified(table), identifier(name), sql.Literal(width)
            )
        )


def create_staging_table(cursor: Cursor, name: str, columns: Sequence[Column]) -> None:
    """Create the session's own table that COPY fills, exactly as wide as the staged values."""
    definitions = [
        sql.SQL("{} {}").format(identifier(column.name), sql.SQL(staging_type(column)))
        for column in columns
    ]
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(
            identifier(name), sql.SQL(", ").join(definitions)
        )
    )


def staging_type(column: Column) -> str:
    """Return the type under which COPY reads a column; JSON text becomes SUPER in the merge."""
    if column.type in ("VARCHAR", "SUPER"):
        return f"VARCHAR({max(column.max_bytes, 1)})"
    return column.type


def _definition(column: Column) -> sql.Composable:
    type_ = column.type
    if type_ == "VARCHAR":
        type_ = f"VARCHAR({roomy_width_bytes(min(column.max_bytes, VARCHAR_LIMIT_BYTES))})"
    return sql.SQL("{} {}").format(identifier(column.name), sql.SQL(type_))
