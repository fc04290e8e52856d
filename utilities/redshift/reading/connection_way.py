"""Read a result over the connection, a thousand rows at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from utilities.errors import ParameterInvalid
from utilities.redshift.reading.arrow_types import ResultTypes, read_as_written

FETCH_ROWS = 1000
"""The most rows that one FETCH may ask of a cluster with a single node.
https://docs.aws.amazon.com/redshift/latest/dg/fetch.html
"""

_CURSOR_NAME = "reading"


def read_rows(
    connection: Connection,
    text: str,
    what: str,
    *,
    by_cursor: bool,
    most_rows: int | None = None,
    most_bytes: int | None = None,
) -> tuple[ResultTypes, pa.Table | None]:
    """Read a result inside the transaction that is open; returns no table when it is too large.

    Args:
        text: the statement, values already bound.
        by_cursor: whether the server is to keep the rows and hand them out in pieces, which it
            does for queries only.
        most_rows, most_bytes: more than these is too large; None for any size.
    """
    # Redshift writes floating-point numbers with 15 digits unless asked for those that make them
    # exact: https://docs.aws.amazon.com/redshift/latest/dg/r_extra_float_digits.html
    with connection.cursor() as lookup, _cursor(connection, by_cursor) as cursor:
        lookup.execute("SET extra_float_digits TO 2")
        read_as_written(cursor)
        cursor.execute(text)
        rows = cursor.fetchmany(FETCH_ROWS) if by_cursor or cursor.description else []
        if cursor.description is None:
            raise ParameterInvalid(
                f"{what}: the statement returns no rows, and was rolled back. Run it with "
                "execute_sql_file."
            )
        types = ResultTypes(cursor, lookup, what)
        batches: list[pa.RecordBatch] = []
        count = size = 0
        for chunk in _chunks(cursor, rows):
            batches.append(types.batch(chunk))
            count, size = count + len(chunk), size + batches[-1].nbytes
            if most_rows is not None and count > most_rows:
                return types, None
            if most_bytes is not None and size > most_bytes:
                return types, None
        return types, types.finish(batches)


def describe_result(connection: Connection, text: str, what: str) -> ResultTypes:
    """Learn the columns of a query without its rows."""
    with connection.cursor() as cursor, connection.cursor() as lookup:
        cursor.execute(f"SELECT * FROM ({text}\n) AS described LIMIT 0")
        return ResultTypes(cursor, lookup, what)


def _cursor(connection: Connection, by_cursor: bool) -> Cursor:
    return connection.cursor(_CURSOR_NAME) if by_cursor else connection.cursor()


def _chunks(
    cursor: Cursor, first: Sequence[tuple[Any, ...]]
) -> Iterator[Sequence[tuple[Any, ...]]]:
    rows = first
    while rows:
        yield rows
        rows = cursor.fetchmany(FETCH_ROWS) if len(rows) == FETCH_ROWS else []
