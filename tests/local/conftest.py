"""What tests against the local stack share: its environment, a schema, a place on S3."""

import os
import uuid
from collections.abc import Iterator

import pytest
from psycopg2 import sql

from infrastructure.local.stack import Stack
from tests.clients import connect


@pytest.fixture(scope="session")
def local_environment(stack: Stack) -> Iterator[dict[str, str]]:
    """The stack's variables, in os.environ until the session ends."""
    before = {name: os.environ.get(name) for name in stack.variables}
    os.environ.update(stack.variables)
    yield stack.variables
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture
def schema(stack: Stack, local_environment: dict[str, str]) -> Iterator[str]:
    """The name of a fresh schema in the warehouse; dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(stack, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    yield name
    _execute(stack, sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


@pytest.fixture
def bucket_prefix(local_environment: dict[str, str]) -> str:
    """An S3 address that no other test uses, ending in a slash."""
    return f"s3://{local_environment['S3_TEMP_BUCKET']}/{uuid.uuid4().hex}/"


def _execute(stack: Stack, statement: sql.Composed) -> None:
    connection = connect(stack)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
