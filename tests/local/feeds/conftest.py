"""A publisher, and a reader of its feeds into a table that no other test uses."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests import clients
from tests.local.feeds.publisher import Publisher, publishing
from utilities.feeds import Feed, Limits
from utilities.feeds.loading import load_new_entries
from utilities.feeds.reads import FeedRead, Validators, Warehouse
from utilities.feeds.versions import find_validators, keep_validators
from utilities.references import TableName
from utilities.settings import Settings

IMPATIENT = Limits(pause_seconds=0.01, connect_seconds=2, read_seconds=2, pages=5)


class Reader:
    """Reads feeds into `schema.entries` as the flow does."""

    def __init__(self, stack: Stack, schema: str) -> None:
        variables = {name.lower(): value for name, value in stack.variables.items()}
        self.settings = Settings.model_validate(variables)
        self.warehouse = Warehouse(TableName(schema, "entries"), self.settings)
        self._stack = stack

    def load(self, address: str, limits: Limits = IMPATIENT, name: str = "news") -> FeedRead:
        """Load what is new, without keeping the validators: as far as a run comes that dies."""
        known = find_validators(self.warehouse.table, self.settings)
        feed = Feed(name, address)
        return load_new_entries(feed, known.get(name, Validators()), self.warehouse, limits)

    def run(self, address: str, limits: Limits = IMPATIENT, name: str = "news") -> FeedRead:
        """Load what is new and keep the validators."""
        read = self.load(address, limits, name)
        keep_validators([read], self.warehouse)
        return read

    def rows(self, columns: str = "entry_id, title", table: str = "entries") -> list[Any]:
        """Return columns of the table, in their order."""
        place = f"{self.warehouse.table.schema}.{table}"
        return clients.ask(self._stack, f"SELECT {columns} FROM {place} ORDER BY 1")

    def do(self, statement: str) -> None:
        """Run a statement on `{table}`."""
        clients.ask(self._stack, statement.format(table=self.warehouse.table))

    def loads(self) -> int:
        """Return how many loads of the entries the ledger has."""
        query = f"SELECT COUNT(*) FROM prefect_flows.loads WHERE target = '{self.warehouse.table}'"
        return int(clients.ask(self._stack, query)[0][0])


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    """A publisher for the tests of a module."""
    with publishing() as running:
        yield running


@pytest.fixture
def reader(stack: Stack, schema: str) -> Reader:
    """A reader with a table of its own."""
    return Reader(stack, schema)


@pytest.fixture(scope="module")
def new_reader(stack: Stack, local_environment: dict[str, str]) -> Callable[[str], Reader]:
    """Make readers, by schema."""
    return lambda schema: Reader(stack, schema)
