"""Make tables on their first use, while other runs may be doing the same."""

from psycopg2 import errors
from psycopg2.extensions import cursor as Cursor

_ANOTHER_RUN_WAS_FIRST = (
    errors.DuplicateTable,
    errors.DuplicateObject,
    errors.DuplicateSchema,
    errors.DuplicateColumn,
    errors.UniqueViolation,
)


def run_script(cursor: Cursor, script: str) -> None:
    """Run statements that end with a semicolon at the end of a line, each by itself."""
    for statement in script.split(";\n"):
        if statement.strip():
            run_unless_done(cursor, statement)


def run_unless_done(cursor: Cursor, statement: str) -> None:
    """Run a statement; another run may have done the same between a look and the statement."""
    try:
        cursor.execute(statement)
    except _ANOTHER_RUN_WAS_FIRST:
        return
