"""COPY what was staged into tables that only this session sees, and count what arrived."""

from collections.abc import Sequence

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import InvariantBroken
from utilities.redshift.access import copy_statement
from utilities.redshift.batch import Batch
from utilities.redshift.identifiers import identifier
from utilities.redshift.rejects import REJECT_COLUMNS
from utilities.references import Column

STAGING_TABLE = "staged_batch"
REJECTS_TABLE = "staged_rejects"


def copy_batch(cursor: Cursor, batch: Batch) -> None:
    """Fill the session's tables: one with the rows, one with the rejects when there are any.

    Raises:
        InvariantBroken: Redshift counted other rows than were staged.
    """
    staged = batch.staged
    _create(cursor, STAGING_TABLE, staged.columns)
    if staged.rows:
        _copy(cursor, batch, STAGING_TABLE, staged.manifest, staged.rows)
    if staged.rejects is not None:
        _create(cursor, REJECTS_TABLE, REJECT_COLUMNS)
        _copy(cursor, batch, REJECTS_TABLE, staged.rejects.manifest, staged.rejects.rows)


def _create(cursor: Cursor, name: str, columns: Sequence[Column]) -> None:
    definitions = [
        sql.SQL("{} {}").format(identifier(column.name), sql.SQL(_copied_type(column)))
        for column in columns
    ]
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(
            identifier(name), sql.SQL(", ").join(definitions)
        )
    )


def _copied_type(column: Column) -> str:
    """Return the type under which COPY reads a column, exactly as wide as the staged values.

    JSON text becomes SUPER on the way into the target.
    """
    if column.type in ("VARCHAR", "SUPER"):
        return f"VARCHAR({max(column.max_bytes, 1)})"
    return column.type


def _copy(cursor: Cursor, batch: Batch, table: str, manifest: str, rows: int) -> None:
    cursor.execute(copy_statement(table, manifest, batch.settings))
    cursor.execute("SELECT pg_last_copy_count()")
    (copied,) = cursor.fetchone() or (0,)
    if copied != rows:
        raise InvariantBroken(
            f"{batch.table}: {rows:,} rows were staged in {manifest}, Redshift copied {copied:,}. "
            "Nothing was loaded. Report this."
        )
