"""Ask the warehouse, and get all rows of the answer with their types."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from psycopg2.extensions import connection as Connection

from utilities.errors import ParameterInvalid
from utilities.redshift.connection import connected, transaction
from utilities.redshift.parsons_connection import parsons_class
from utilities.redshift.reading.binding import Parameters, bind
from utilities.redshift.reading.choices import require_choice
from utilities.redshift.reading.connection_way import describe_result, read_rows
from utilities.redshift.reading.refusals import answered
from utilities.redshift.reading.statements import Statement, single_statement
from utilities.redshift.reading.unload import without_limit
from utilities.redshift.reading.unload_way import read_through_s3
from utilities.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

Via = Literal["auto", "connection", "unload"]

SMALL_ROWS = 50_000
SMALL_BYTES = 16 * 1024 * 1024
"""Where `auto` gives up the connection: when it has cost about as much as an UNLOAD costs at
least, so that a wrong start never more than doubles the time. Measured with 12 columns: 50,000
rows (11 MB) took 0.21 s over the connection; UNLOAD took 0.22 s for 1,000 rows.
"""

_SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class QueryResult:
    """The rows of a query.

    Attributes:
        table: all rows, as Arrow; the types hold every value as Redshift has it.
        via: how they came: over the connection, or through files on S3.
    """

    table: pa.Table
    via: Literal["connection", "unload"]

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        return self.table

    def pandas(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame whose columns keep their Arrow types.

        With NumPy's types, whole numbers beside a null would become floating-point numbers.
        """
        import pandas as pd

        frame: pd.DataFrame = self.table.to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def parsons(self) -> Any:
        """Return the rows as a parsons Table of Python values."""
        columns = [column.to_pylist() for column in self.table.columns]
        rows = zip(*columns, strict=True)
        return parsons_class("Table")([self.table.column_names, *map(list, rows)])


def query(
    text: str, parameters: Parameters | None, settings: Settings, via: Via = "auto"
) -> QueryResult:
    """Run one statement that returns rows, and return all of them.

    Decimals keep precision and scale (a NUMERIC expression without a scale gets 38 digits and the
    greatest scale of its values), TIMESTAMP and TIMESTAMPTZ are in microseconds, the latter in
    UTC, SUPER is JSON text. Blanks that pad a CHAR are removed. The rows are in the query's order
    whichever way they come. A REAL over the connection has the eight digits that Redshift writes.

    Args:
        text: one statement, with %s or %(name)s for values; %% for a percent sign when there are
            parameters.
        parameters: the values; never put into the text by hand.
        via: `connection` suits small results, `unload` large ones. `auto` begins over the
            connection and unloads when there are more than SMALL_ROWS rows or SMALL_BYTES bytes; a
            query with a LIMIT of its own, and anything but a SELECT, stays on the connection. So must
            queries of the catalogue, which UNLOAD refuses. A cluster bounds what `connection` can
            hold: https://docs.aws.amazon.com/redshift/latest/dg/declare.html#declare-constraints

    Raises:
        ParameterInvalid: the text or the parameters cannot be used.
        QueryRefused: Redshift refused the statement.
        SchemaMismatch: a value fits no Arrow type.
        AccessDenied, WarehouseUnavailable, StorageUnavailable: as everywhere.
    """
    what = f"query {_shown(text)!r}"
    require_choice(what, "via", via, Via)
    statement = single_statement(text, what)
    if via == "unload":
        _require_unloadable(statement, what)
    with connected(settings) as connection, answered(what, settings), transaction(connection):
        if via == "unload":
            return _unload(connection, statement, parameters, what, settings)
        bounded = via == "auto" and statement.is_select and not statement.is_limited
        text = f"{statement.text}\nLIMIT {SMALL_ROWS + 1}" if bounded else statement.text
        types, table = read_rows(
            connection,
            bind(connection, text, parameters, what),
            what,
            by_cursor=statement.is_select,
            most_rows=SMALL_ROWS if bounded else None,
            most_bytes=SMALL_BYTES if bounded else None,
        )
        if table is not None:
            return QueryResult(table, "connection")
        bound = bind(connection, statement.text, parameters, what)
        return QueryResult(read_through_s3(connection, statement, bound, types, settings), "unload")


def _unload(
    connection: Connection,
    statement: Statement,
    parameters: Parameters | None,
    what: str,
    settings: Settings,
) -> QueryResult:
    bound = bind(connection, without_limit(statement), parameters, what)
    types = describe_result(connection, bound, what)
    return QueryResult(read_through_s3(connection, statement, bound, types, settings), "unload")


def _require_unloadable(statement: Statement, what: str) -> None:
    if not statement.is_select:
        raise ParameterInvalid(
            f"{what}: UNLOAD takes a SELECT, found {statement.keyword}. Use via='connection'."
        )
    if statement.is_limited and statement.is_ordered:
        raise ParameterInvalid(
            f"{what}: UNLOAD takes no LIMIT beside an ORDER BY. Put the limited query into brackets "
            "and order it outside: SELECT * FROM (... ORDER BY x LIMIT n) AS q ORDER BY x."
        )


def _shown(text: str) -> str:
    """Return the beginning of a statement on one line; values are not in it."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}..."
