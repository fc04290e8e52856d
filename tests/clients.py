"""Ask the servers of a stack as any other client would: the warehouse by SQL, Prefect by HTTP."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from infrastructure.local.stack import Stack


def connect(variables: Mapping[str, str]) -> Connection:
    """Open a connection to the warehouse in autocommit mode."""
    connection: Connection = psycopg2.connect(
        host=variables["REDSHIFT_HOST"],
        port=variables["REDSHIFT_PORT"],
        dbname=variables["REDSHIFT_DB"],
        user=variables["REDSHIFT_USERNAME"],
        password=variables["REDSHIFT_PASSWORD"],
    )
    connection.autocommit = True
    return connection


def ask(stack: Stack, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    connection = connect(stack.variables)
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
