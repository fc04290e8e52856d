"""Export and load as the flow does, without Prefect, against the local EveryAction."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests.local.exports.server import Server, difference
from utilities.everyaction import connect
from utilities.everyaction.exports import (
    Exported,
    Target,
    Waiting,
    Watch,
    Wish,
    export,
    plan_export,
)
from utilities.objects import ObjectStore
from utilities.redshift import (
    LoadOptions,
    find_watermark,
    load,
    parse_table_name,
    table_columns,
)
from utilities.references import Loaded
from utilities.settings import Settings

PEOPLE = 5_000
FILE_KB = 90
"""Makes 12 files of them."""

QUICK = Waiting(deadline_seconds=30.0, first_pause_seconds=0.02, longest_pause_seconds=0.1)


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
    def place(self) -> str:
        """Where an export of the table leaves its files."""
        return f"s3://{self.settings.s3_temp_bucket}/staging/{self.table}/export/"

    @property
    def watermark(self) -> str | None:
        """How far the table was read."""
        return find_watermark(parse_table_name(self.table), self.settings)

    def export(
        self, resource_type: str = "Contacts", waiting: Waiting = QUICK, **wish: Any
    ) -> Exported:
        """Export what changed since the last load."""
        van = connect(self.settings, pace=lambda: None)
        wanted = Wish(resource_type, self.table, self.watermark, **wish)
        request, kinds = plan_export(van, wanted)
        known = table_columns(parse_table_name(self.table), self.settings)
        target = Target(self.place, known, kinds)
        watch = Watch(say=self.said.append)
        return export(van, request, target, ObjectStore(self.settings), watch, waiting)

    def load(self, exported: Exported) -> Loaded:
        """Load an export, and delete what it has left on S3."""
        options = LoadOptions(
            mode="upsert",
            key=(exported.key,),
            deleted=exported.inactive,
            watermark=exported.changed_to,
        )
        loaded = load(exported.staged, parse_table_name(self.table), options, self.settings)
        ObjectStore(self.settings).empty(exported.staged.manifest.rpartition("/")[0] + "/")
        return loaded

    def run(self, resource_type: str = "Contacts", **wish: Any) -> Loaded:
        """Export and load."""
        return self.load(self.export(resource_type, **wish))

    def difference(self) -> str | None:
        """Say in what the table differs from the server's people."""
        return difference(self.stack, self.table, self.server.people())


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
