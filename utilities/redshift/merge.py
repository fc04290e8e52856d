"""Move the rows of the staging table into the target."""

from collections.abc import Sequence

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from utilities.redshift.identifiers import identifier, identifiers, qualified
from utilities.references import Column, TableName

SOURCE = sql.Identifier("staged")


def append_rows(
    cursor: Cursor, staging_table: str, table: TableName, columns: Sequence[Column]
) -> None:
    """Add every staged row to the table."""
    names = [column.name for column in columns]
    cursor.execute(
        sql.SQL("INSERT INTO {target} ({names}) SELECT {values} FROM {staging} AS {source}").format(
            target=qualified(table),
            names=identifiers(names),
            values=sql.SQL(", ").join([_value(column) for column in columns]),
            staging=identifier(staging_table),
            source=SOURCE,
        )
    )


def count_matches(cursor: Cursor, staging_table: str, table: TableName, key: Sequence[str]) -> int:
    """Return how many staged rows have a row with their key in the table."""
    cursor.execute(
        sql.SQL("SELECT count(*) FROM {target} JOIN {staging} AS {source} ON {match}").format(
            target=qualified(table),
            staging=identifier(staging_table),
            source=SOURCE,
            match=_match(table, key),
        )
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def upsert_rows(
    cursor: Cursor,
    staging_table: str,
    table: TableName,
    columns: Sequence[Column],
    key: Sequence[str],
) -> None:
    """Update the rows whose key the table has, add the others.

    The staged rows have each key once: Redshift's MERGE refuses two rows for one target row.
    https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
    """
    changed = [column for column in columns if column.name not in key] or list(columns)
    assignments = [
        sql.SQL("{} = {}").format(identifier(column.name), _value(column)) for column in changed
    ]
    cursor.execute(
        sql.SQL(
            "MERGE INTO {target} USING {staging} AS {source} ON {match} "
            "WHEN MATCHED THEN UPDATE SET {assignments} "
            "WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})"
        ).format(
            target=qualified(table),
            staging=identifier(staging_table),
            source=SOURCE,
            match=_match(table, key),
            assignments=sql.SQL(", ").join(assignments),
            names=identifiers([column.name for column in columns]),
            values=sql.SQL(", ").join([_value(column) for column in columns]),
        )
    )


def _match(table: TableName, key: Sequence[str]) -> sql.Composable:
    pairs = [
        sql.SQL("{}.{} = {}.{}").format(
            qualified(table), identifier(name), SOURCE, identifier(name)
        )
        for name in key
    ]
    return sql.SQL(" AND ").join(pairs)


def _value(column: Column) -> sql.Composable:
    value = sql.SQL("{}.{}").format(SOURCE, identifier(column.name))
    return sql.SQL("JSON_PARSE({})").format(value) if column.type == "SUPER" else value
