"""Export and load as the flow does, without Prefect, against the local EveryAction."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests.local.exports.jobs import QUICK, export_once, load_once, place_of
from tests.local.exports.server import Server, difference
from utilities.errors import SourceNotFound
from utilities.everyaction.exports import Exported, Waiting
from utilities.objects import ObjectStore
from utilities.redshift import find_watermark, parse_table_name
from utilities.references import Loaded
from utilities.settings import Settings

PEOPLE = 5_000
FILE_KB = 90
"""Makes 12 files of them."""

FEW = 400
FEW_KB = 25
"""Makes four files of them."""


@dataclass
class Sync:
    """A table that is kept like the server's people.

    Attributes:
        said: the lines of all exports.
    """

    stack: Stack
    server: Server
    settings: Settings
    table: str
    said: list[str] = field(default_factory=list)

    @property
    def watermark(self) -> str | None:
        """How far the table was read."""
        return find_watermark(parse_table_name(self.table), self.settings)

    def export(
        self, resource_type: str = "Contacts", waiting: Waiting = QUICK, **wish: Any
    ) -> Exported:
        """Export what changed since the last load."""
        say = self.said.append
        return export_once(self.settings, self.table, resource_type, waiting, say, **wish)

    def load(self, exported: Exported) -> Loaded:
        """Load an export, and delete what it has left on S3."""
        return load_once(exported, self.settings, self.table)

    def run(self, resource_type: str = "Contacts", **wish: Any) -> Loaded:
        """Export and load."""
        return self.load(self.export(resource_type, **wish))

    def difference(self) -> str | None:
        """Say in what the table differs from the server's people."""
        return difference(self.stack, self.table, self.server.people())

    def left(self) -> list[str]:
        """Return what lies on S3 for the table, by the end of the names."""
        place = place_of(self.table, self.settings)
        try:
            found = ObjectStore(self.settings).find(place)
        except SourceNotFound:
            return []
        return [file.uri.removeprefix(place) for file in found]


@pytest.fixture
def settings(local_environment: dict[str, str]) -> Settings:
    """The settings that the stack's variables amount to."""
    return Settings.model_validate(
        {name.lower(): value for name, value in local_environment.items()}
    )


@pytest.fixture
def server(stack: Stack) -> Iterator[Server]:
    """The local EveryAction with people in 12 files."""
    with Server(stack).seeded(PEOPLE, FILE_KB) as seeded:
        yield seeded


@pytest.fixture
def sync(stack: Stack, server: Server, settings: Settings, schema: str) -> Sync:
    """A table of its own, empty so far."""
    return Sync(stack, server, settings, f"{schema}.contacts")


@pytest.fixture
def small_sync(stack: Stack, settings: Settings, schema: str) -> Iterator[Sync]:
    """The same for few people."""
    with Server(stack).seeded(FEW, FEW_KB) as server:
        yield Sync(stack, server, settings, f"{schema}.contacts")
