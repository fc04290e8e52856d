"""Staging is light: a small run must not pay for what it does not use."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
import pyarrow as pa
import pyarrow.parquet as pq
from utilities.staging import StageOptions, stage
from utilities.staging import json_tokens, text_cells
from utilities.staging.column_statistics import statistics_of
from utilities.staging.keys import hashes_of
from utilities.staging.text_arrays import text_array, text_array_with_nulls

cells = text_array([b"1", b"", b"2.50", b"true", b"2026-01-31T10:00:00Z"])
text_cells.observe(cells)
for row, type_ in ((0, "BIGINT"), (0, "DOUBLE PRECISION"), (3, "BOOLEAN"), (4, "TIMESTAMPTZ")):
    values = text_cells.convert(cells.slice(row, 1), type_, is_fixed=False)
    written = []
    table = pa.Table.from_arrays([values], names=["x"])
    pq.write_table(table, pa.BufferOutputStream(), metadata_collector=written)
    statistics_of(written[0], [0])
json_tokens.observe(text_array_with_nulls([b"1.5", b""]))
json_tokens.convert(text_array_with_nulls([b'"a"', b""]), "VARCHAR", is_fixed=False)
numbers = text_cells.convert(cells.slice(0, 1), "BIGINT", is_fixed=False)
hashes_of(pa.Table.from_arrays([numbers], names=["id"]))
print(*sorted({"pandas", "parsons", "prefect"} & set(sys.modules)))
"""


def test_no_heavy_package_is_imported() -> None:
    """Typing cells imports neither pandas, which Arrow does on many occasions, nor Prefect."""
    root = Path(__file__).parents[4]
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""
