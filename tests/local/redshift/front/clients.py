"""What a test says to the front, and what it expects back."""

from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection


class Client:
    """One psycopg2 connection that commits each statement by itself, unless told otherwise."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.connection.autocommit = True

    def run(self, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
        """Run statements and return the rows of the last."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def value(self, statement: str) -> Any:
        """The only value of a query's only row."""
        [(value,)] = self.run(statement)
        return value

    def columns(self, statement: str) -> list[str]:
        """The names of a query's columns."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return [column.name for column in cursor.description or ()]

    def refused(self, statement: str) -> psycopg2.Error:
        """Run a statement that must fail and return its error."""
        with pytest.raises(psycopg2.Error) as caught:
            self.run(statement)
        return caught.value
