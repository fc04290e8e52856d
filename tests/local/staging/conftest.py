"""Files written byte by byte, staged to the stack's S3 and read back as Parquet."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infrastructure.local.stack import Stack
from utilities.errors import SourceNotFound
from utilities.objects import ObjectStore
from utilities.references import Staged
from utilities.settings import Settings
from utilities.staging import StageOptions, infer_columns, stage

_NUMBERS = count()


@dataclass(frozen=True)
class Bench:
    """Stages bytes as files of a folder of its own.

    Attributes:
        folder: where the files are written.
        store: reads and writes them.
        prefix: `s3://` address that nothing else uses.
    """

    folder: Path
    store: ObjectStore
    prefix: str

    def write(self, content: bytes, name: str = "rows.csv") -> str:
        """Write a file and return its path."""
        file = self.folder / name
        file.write_bytes(content)
        return str(file)

    def stage(
        self,
        content: bytes,
        name: str = "rows.csv",
        known: dict[str, str] | None = None,
        key: Sequence[str] = (),
    ) -> Staged:
        """Write a file, infer its columns and stage it."""
        source = self.write(content, name)
        columns = infer_columns([source], self.store, known or {})
        return self.stage_source(source, columns=columns, known=known or {}, key=key)

    def stage_source(self, source: Any, **options: Any) -> Staged:
        """Stage a source of any kind; the options are those of `StageOptions`."""
        return stage(
            source,
            destination=f"{self.prefix}{next(_NUMBERS)}/",
            store=self.store,
            options=StageOptions(**options),
        )

    def read(self, staged: Staged) -> pa.Table:
        """Return the rows of all parts, in the manifest's order."""
        return pa.concat_tables([self.read_part(uri) for uri in self.parts(staged)])

    def read_part(self, uri: str) -> pa.Table:
        """Return the rows of one part."""
        return pq.read_table(io.BytesIO(self.bytes_of(uri)))

    def parts(self, staged: Staged) -> list[str]:
        """Return the addresses of the parts."""
        manifest = msgspec.json.decode(self.bytes_of(staged.manifest))
        return [entry["url"] for entry in manifest["entries"]]

    def bytes_of(self, uri: str) -> bytes:
        """Return an object whole."""
        with self.store.open(uri) as file:
            return file.read()

    def leftovers(self) -> list[str]:
        """Return what lies under the prefix."""
        try:
            return [file.uri for file in self.store.find(self.prefix)]
        except SourceNotFound:
            return []


@pytest.fixture(scope="session")
def store(stack: Stack) -> ObjectStore:
    """The stack's S3, and the local files."""
    variables = {name.lower(): value for name, value in stack.variables.items()}
    return ObjectStore(Settings.model_validate(variables))


@pytest.fixture(scope="session")
def new_bench(
    store: ObjectStore, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Bench]:
    """Make a bench with a folder and a prefix that nothing else uses."""

    def make() -> Bench:
        folder = tmp_path_factory.mktemp("staging")
        return Bench(
            folder, store, f"s3://{stack.variables['S3_TEMP_BUCKET']}/{folder.name}-{id(folder)}/"
        )

    return make


@pytest.fixture
def bench(new_bench: Callable[[], Bench]) -> Bench:
    """A bench for one test."""
    return new_bench()


@pytest.fixture(scope="session")
def lasting_bench(new_bench: Callable[[], Bench]) -> Bench:
    """A bench for many examples of one property."""
    return new_bench()
