"""Give text columns more bytes, before the load's transaction, as Redshift wants it.

https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from collections.abc import Sequence

from psycopg2 import errors, sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import SchemaMismatch
from utilities.redshift.identifiers import identifier, qualified
from utilities.references import TableName


def widen_text(cursor: Cursor, table: TableName, widths: Sequence[tuple[str, int]]) -> None:
    """Widen text columns to so many bytes; Redshift refuses this inside a transaction block.

    Raises:
        SchemaMismatch: Redshift does not widen such a column (a view uses it, it has a default,
            it is part of a declared key).
    """
    for name, width in widths:
        try:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE VARCHAR({})").format(
                    qualified(table), identifier(name), sql.Literal(width)
                )
            )
        except errors.FeatureNotSupported as error:
            said = " ".join((error.diag.message_primary or "").split())
            raise SchemaMismatch(
                f"{table}: column {name!r} would have to become VARCHAR({width}) "
                f"(schema_policy='evolve'), which Redshift refuses: {said}. Nothing was loaded. "
                "Change the column by hand, or load into a new table."
            ) from None
