"""Ask the servers of a stack as any other client would: the warehouse by SQL, Prefect by HTTP."""

import json
import urllib.request
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from infrastructure.local.stack import Stack


def connect(stack: Stack) -> Connection:
    """Open a connection to the warehouse in autocommit mode."""
    connection: Connection = psycopg2.connect(**stack.warehouse)
    connection.autocommit = True
    return connection


def ask(stack: Stack, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    connection = connect(stack)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def ask_prefect(stack: Stack, path: str, body: dict[str, Any]) -> Any:
    """POST to Prefect's API and return the answer."""
    request = urllib.request.Request(
        stack.variables["PREFECT_API_URL"] + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
