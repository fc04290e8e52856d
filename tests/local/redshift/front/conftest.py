"""What the tests of the front share: clients, each with the test's schema as its search path."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
import sqlalchemy as sa

from infrastructure.local.stack import Stack
from tests.local.redshift.front.clients import Client


@pytest.fixture
def address(stack: Stack) -> dict[str, Any]:
    """How psycopg2 reaches the warehouse."""
    return stack.warehouse


@pytest.fixture
def connect(address: dict[str, Any], schema: str) -> Iterator[Callable[[], Client]]:
    """Opens further clients; all are closed afterwards."""
    opened: list[Client] = []

    def open_client() -> Client:
        client = Client(psycopg2.connect(**address, options=f"-c search_path={schema}"))
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.connection.close()


@pytest.fixture
def client(connect: Callable[[], Client]) -> Client:
    """A client in a schema of its own."""
    return connect()


@pytest.fixture
def engine(address: dict[str, Any]) -> Iterator[sa.Engine]:
    """SQLAlchemy with the Redshift dialect, as it comes."""
    url = sa.URL.create(
        "redshift+psycopg2",
        username=address["user"],
        password=address["password"],
        host=address["host"],
        port=int(address["port"]),
        database=address["dbname"],
    )
    made = sa.create_engine(url, connect_args={"sslmode": "prefer"})
    yield made
    made.dispose()
