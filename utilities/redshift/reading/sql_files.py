"""Run a file of statements: all of it in one transaction, or each statement by itself."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as Connection

from utilities.errors import OutcomeUnknown, ParameterInvalid, SourceNotFound, WarehouseUnavailable
from utilities.redshift.connection import connected, transaction
from utilities.redshift.reading.binding import Parameters, bind, insert_names
from utilities.redshift.reading.refusals import answered
from utilities.redshift.reading.statements import Statement, split_statements
from utilities.settings import Settings

_ENDS_TRANSACTION = frozenset(
    {"ABORT", "BEGIN", "COMMIT", "END", "ROLLBACK", "START", "TRUNCATE", "VACUUM"}
)
"""TRUNCATE commits, VACUUM refuses to run in a transaction:
https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html
"""


@dataclass(frozen=True)
class Executed:
    """What one statement of a file did.

    Attributes:
        line: of the file on which it begins.
        did: Redshift's word for it, such as INSERT or CREATE TABLE.
        rows: inserted, updated, deleted or returned; None when it counts none.
        seconds: wall time.
    """

    line: int
    did: str
    rows: int | None
    seconds: float


def execute_sql_file(
    path: str | Path,
    settings: Settings,
    parameters: Parameters | None = None,
    names: Mapping[str, str] | None = None,
    *,
    autocommit: bool = False,
    report: Callable[[Executed], None] = lambda executed: None,
) -> tuple[Executed, ...]:
    """Run the statements of a file in order. Rows that they return are counted, not kept.

    Args:
        path: of a text in UTF-8. A backslash in a text is an escape, as Redshift reads it.
        parameters: values for %(name)s. With them a percent sign is written %%; without, it stays.
        names: identifiers for {name}, which are quoted: `{schema}.{table}`. With them a brace that
            is no placeholder is written twice; without, it stays.
        autocommit: let each statement stand for itself, which VACUUM needs. Otherwise the file is
            one transaction: all of it takes effect, or nothing.
        report: called after each statement.

    Raises:
        SourceNotFound: no such file.
        ParameterInvalid: the text, its placeholders, or a statement that a transaction cannot hold.
        QueryRefused: Redshift refused a statement; the message names its line.
        WarehouseUnavailable: nothing took effect; try again.
        OutcomeUnknown: the connection was lost at the commit, or between statements that stand for
            themselves.
    """
    statements = split_statements(_read(Path(path)), str(path))
    if not autocommit:
        _require_transactional(statements, str(path))
    with connected(settings) as connection:
        run = _Run(connection, str(path), settings, parameters, names, report)
        if autocommit:
            return run.one_by_one(statements)
        return run.together(statements)


@dataclass(frozen=True)
class _Run:
    connection: Connection
    path: str
    settings: Settings
    parameters: Parameters | None
    names: Mapping[str, str] | None
    report: Callable[[Executed], None]

    def together(self, statements: list[Statement]) -> tuple[Executed, ...]:
        committing = False
        try:
            with answered(f"{self.path}, commit", self.settings), transaction(self.connection):
                done = tuple(self._execute(statement) for statement in statements)
                committing = True
            return done
        except WarehouseUnavailable as error:
            if committing and self.connection.closed:
                raise OutcomeUnknown(
                    f"{self.path}: the connection to Redshift was lost while the file was being "
                    "committed. Look whether it took effect before it is run again."
                ) from error
            raise

    def one_by_one(self, statements: list[Statement]) -> tuple[Executed, ...]:
        done: list[Executed] = []
        for statement in statements:
            try:
                done.append(self._execute(statement))
            except WarehouseUnavailable as error:
                raise OutcomeUnknown(
                    f"{error} {len(done)} of {len(statements)} statements took effect for certain; "
                    f"look whether that of line {statement.line} did before the file is run again."
                ) from None
        if self.connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            raise ParameterInvalid(
                f"{self.path}: a transaction is still open at the end of the file, and was rolled "
                "back. End it with COMMIT."
            )
        return tuple(done)

    def _execute(self, statement: Statement) -> Executed:
        what = f"{self.path}, line {statement.line}"
        text = insert_names(self.connection, statement.text, self.names, what)
        text = bind(self.connection, text, self.parameters, what)
        started = time.monotonic()
        with answered(what, self.settings), self.connection.cursor() as cursor:
            cursor.execute(text)
            executed = Executed(
                line=statement.line,
                did=(cursor.statusmessage or "").rstrip(" 0123456789") or statement.keyword,
                rows=cursor.rowcount if cursor.rowcount >= 0 else None,
                seconds=time.monotonic() - started,
            )
        self.report(executed)
        return executed


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise SourceNotFound(f"{path}: no such file. Check the path.") from None
    except UnicodeDecodeError as error:
        raise ParameterInvalid(
            f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None


def _require_transactional(statements: list[Statement], path: str) -> None:
    for statement in statements:
        if statement.keyword in _ENDS_TRANSACTION:
            raise ParameterInvalid(
                f"{path}, line {statement.line}: {statement.keyword} cannot be part of the one "
                "transaction that a file is. Leave it out (DELETE instead of TRUNCATE), or run the "
                "file with autocommit=True."
            )
