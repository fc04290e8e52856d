"""The temporary folder is full: the run fails, and the next one, with room, loads all rows."""

import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults import start
from tests.local.faults.conftest import NothingIsLeft
from tests.local.faults.jobs import ingest
from tests.local.warehouse import Ask
from utilities.redshift import LoadOptions
from utilities.references import TableName
from utilities.settings import Settings

ROOM_BYTES = 1000
MANY_ROWS = 1_100_000
"""More keys than are compared in memory."""


def ingest_without_room(
    file: Path, table: TableName, options: LoadOptions, settings: Settings
) -> str:
    """Load a file in a process whose own files may hold few bytes; return what happened."""
    # Python 3.11 does not notice that a module's bytecode was cut off, and would read it ever after.
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))
    try:
        ingest(file, table, options, settings)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "loaded"


@pytest.mark.parametrize("kind", ["a compressed Parquet file", "many keys"])
def test_a_full_temporary_folder_loads_nothing(
    settings: Settings,
    schema: str,
    tmp_path: Path,
    ask: Ask,
    objects: Callable[[TableName], list[str]],
    nothing_is_left: NothingIsLeft,
    kind: str,
) -> None:
    """A Parquet file that is unpacked there, and keys that do not fit into memory: an error, no
    table, no staged object. With room for its files the same run loads every row."""
    table = TableName(schema, "without_room")
    if kind == "many keys":
        options, rows, file = (
            LoadOptions(mode="insert_new", key=("id",)),
            MANY_ROWS,
            tmp_path / "a.csv",
        )
        file.write_text("id\n" + "\n".join(map(str, range(rows))) + "\n")
    else:
        options, rows, file = LoadOptions(), 5000, tmp_path / "a.parquet.zst"
        with pa.CompressedOutputStream(str(file), "zstd") as out:
            pq.write_table(pa.table({"id": range(rows)}), out)
    said = start(ingest_without_room, file, table, options, settings).result()
    assert said.startswith(f"DiskFull: {file}: a temporary file in ")
    assert "cannot grow (File too large). Nothing was loaded. Free some room, or set TMPDIR" in said
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]
    assert objects(table) == []
    start(ingest, file, table, options, settings).result()
    assert ask(f"SELECT COUNT(*), COUNT(DISTINCT id) FROM {table}") == [(rows, rows)]
    nothing_is_left(table, 1)
