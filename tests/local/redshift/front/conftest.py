"""What the tests of the front share: clients, each with the test's schema as its search path."""

from collections.abc import Callable, Iterator

import psycopg2
import pytest
import sqlalchemy as sa

from tests.local.redshift.front.clients import Client


@pytest.fixture
def address(local_environment: dict[str, str]) -> dict[str, str]:
    """How psycopg2 reaches the warehouse."""
    return {
        "host": local_environment["REDSHIFT_HOST"],
        "port": local_environment["REDSHIFT_PORT"],
        "dbname": local_environment["REDSHIFT_DB"],
        "user": local_environment["REDSHIFT_USERNAME"],
        "password": local_environment["REDSHIFT_PASSWORD"],
    }


@pytest.fixture
def connect(address: dict[str, str], schema: str) -> Iterator[Callable[[], Client]]:
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
def engine(address: dict[str, str]) -> Iterator[sa.Engine]:
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
