"""The rows that a COPY refused: counted against MAXERROR, and written where clients look.

They are written over a connection of their own, so that they outlive the client's rollback.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg2
from psycopg2.extras import execute_values

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal
from infrastructure.local.redshift.copy_from_s3.target import Target, TargetColumn
from infrastructure.local.redshift.errors import FrontError

_INSERT = """
INSERT INTO redshift_catalog.load_errors (
    userid, tbl, starttime, session, query, filename, line_number, colname, type, col_length,
    position, raw_line, raw_field_value, err_code, err_reason
) VALUES %s
"""


@dataclass(frozen=True)
class Reject:
    """One refused row.

    Attributes:
        line: line of the file where the record starts; the row number in a Parquet file.
        column, value: the field at fault; None and empty when the whole line is.
    """

    uri: str
    line: int
    raw_line: str
    refusal: Refusal
    column: TargetColumn | None = None
    value: str = ""


class TooManyRejects(FrontError):
    """MAXERROR is reached: the load fails."""

    def __init__(self, table: str, rejects: Sequence[Reject]) -> None:
        first = rejects[0]
        column = "" if first.column is None else f', column "{first.column.name}"'
        super().__init__(
            f"Load into table '{table}' failed.  "
            "Check 'stl_load_errors' system table for details.",
            detail=f"{first.uri}, line {first.line}{column}: {first.refusal.reason}",
        )


class Rejects:
    """The refused rows of one COPY.

    Args:
        limit: the load fails at this many of them.
    """

    def __init__(self, target: Target, limit: int) -> None:
        self._target = target
        self._limit = limit
        self._rows: list[Reject] = []
        self._started = datetime.now(UTC).replace(tzinfo=None)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rejects: Sequence[Reject]) -> None:
        """Count refused rows.

        Raises:
            TooManyRejects: the limit is reached.
        """
        self._rows.extend(rejects)
        if len(self._rows) >= self._limit:
            del self._rows[self._limit :]
            raise TooManyRejects(self._target.table, self._rows)

    async def write(self, backend: Backend, query_id: int) -> None:
        """Write them to the tables behind stl_load_errors and sys_load_error_detail."""
        if self._rows:
            await asyncio.to_thread(self._write, backend, query_id)

    def _write(self, backend: Backend, query_id: int) -> None:
        connection = psycopg2.connect(backend.dsn)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT usesysid FROM pg_catalog.pg_user WHERE usename = %s", (backend.user,)
                )
                user = cursor.fetchone()
                user_id = int(user[0]) if user else 0
                rows = [
                    self._values(row, user_id, backend.session_id, query_id) for row in self._rows
                ]
                execute_values(cursor, _INSERT, rows, page_size=1000)
        finally:
            connection.close()

    def _values(self, row: Reject, user_id: int, session: int, query: int) -> tuple[object, ...]:
        column = row.column
        return (
            user_id,
            self._target.table_id,
            self._started,
            session,
            query,
            row.uri[:256],
            row.line,
            column.name if column else "",
            column.kind if column else "",
            column.shown_length if column else "",
            row.refusal.position,
            _storable(row.raw_line),
            _storable(row.value),
            row.refusal.code,
            row.refusal.reason.replace("\0", "")[:100],
        )


def _storable(text: str) -> str:
    """Cut text to the 1,024 characters that the tables hold; PostgreSQL keeps no NUL."""
    return text.replace("\0", ".")[:1024]
