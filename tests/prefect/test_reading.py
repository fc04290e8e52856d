"""The tasks that read, inside a real flow run: what they give, and what they log."""

import os
from pathlib import Path

from infrastructure.local.stack import Stack
from tests.prefect.programs import run

FLOW = """
import sys
from prefect import flow
from utilities.tasks.reading import UnloadOptions, execute_sql_file, query_warehouse, unload_query

@flow
def reading(file: str, bucket: str) -> None:
    names = {"schema": "reading", "table": "people"}
    done = execute_sql_file(file, {"name": "planted-value"}, names)
    print("executed:", [(one.did, one.rows) for one in done])
    found = query_warehouse("SELECT id FROM reading.people WHERE name = %s", ("planted-value",))
    print("found:", found.arrow().to_pylist(), found.via)
    text = "SELECT id, name FROM reading.people WHERE name <> %(name)s"
    options = UnloadOptions(format="csv", partition_by=("id",))
    unloaded = unload_query(text, f"s3://{bucket}/reading/", {"name": "planted-value"}, options)
    print("unloaded:", unloaded.files, unloaded.rows)

reading(*sys.argv[1:])
"""

SQL = """
CREATE SCHEMA {schema};
CREATE TABLE {schema}.{table} (id integer, name varchar(20));
INSERT INTO {schema}.{table} VALUES (1, %(name)s), (2, 'b'), (3, 'c');
"""


def test_a_flow_that_reads(prefect_stack: Stack, tmp_path: Path) -> None:
    """Rows come back, counts and durations are in the log, values of parameters are not."""
    file = tmp_path / "people.sql"
    file.write_text(SQL)
    variables = prefect_stack.variables
    environment = {**os.environ, **variables}
    done = run("-c", FLOW, str(file), variables["S3_TEMP_BUCKET"], environment=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (
        "executed: [('CREATE SCHEMA', None), ('CREATE TABLE', None), ('INSERT', 3)]" in done.stdout
    )
    assert "found: [{'id': 1}] connection" in done.stdout
    assert "unloaded: 2 2" in done.stdout
    assert f"{file}, line 4: INSERT, 3 rows, " in done.stderr
    assert "1 rows, 1 columns, 4 bytes, by connection" in done.stderr
    assert "/reading/: 2 rows in 2 files," in done.stderr
    assert "planted-value" not in done.stdout + done.stderr
