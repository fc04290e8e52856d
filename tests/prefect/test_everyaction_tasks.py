"""Saved lists and bulk imports as a flow uses them, from the shelf alone."""

import json
import os

from infrastructure.local.stack import Stack
from tests.prefect.programs import run
from tests.prefect.shared_limit import forget_limit

FLOW = """
import json
from prefect import flow
from utilities.command_line import run
from utilities.everyaction.saved_lists import read_ids
from utilities.objects import ObjectStore
from utilities.settings import load_settings
from utilities.tasks.bulk_imports import ImportLayout, bulk_import
from utilities.tasks.reading import unload_query
from utilities.tasks.saved_lists import export_saved_list

LAYOUT = ImportLayout(
    "ContactsActivistCodes", ({"name": "ActivistCode"},), ("vanid", "activistcodeid")
)

@flow(name="both_ways")
def both_ways() -> None:
    settings = load_settings()
    exported = export_saved_list(8002)
    ids = list(read_ids(exported.file, ObjectStore(settings)))
    sql = " UNION ALL ".join(f"SELECT {i} AS vanid, 4001 AS activistcodeid" for i in ids[:3])
    unloaded = unload_query(sql, f"s3://{settings.s3_temp_bucket}/both_ways/")
    imported = bulk_import(unloaded, LAYOUT, limit_seconds=60)
    found = [exported.listed, len(ids), imported.status, imported.rows, imported.rows_processed]
    print("FOUND", json.dumps([*found, imported.rows_with_messages]))

run(both_ways)
"""


def test_a_list_is_exported_and_its_people_are_imported_to(prefect_stack: Stack) -> None:
    """A flow exports a list, picks people with a query, and imports codes for them."""
    environment = {**os.environ, **prefect_stack.variables}
    forget_limit(prefect_stack)
    prepared = run("-m", "blocks", "apply", "--environment", "local", environment=environment)
    assert prepared.returncode == 0, prepared.stderr
    done = run("-c", FLOW, environment=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("FOUND"))
    listed, ids, status, rows, processed, with_messages = json.loads(line.removeprefix("FOUND"))
    assert listed == ids > 3
    assert (status, rows, processed, with_messages) == ("Completed", 3, 3, 0)
    for output in (done.stdout, done.stderr):
        assert prefect_stack.variables["VAN_API_KEY"] not in output
    assert "Retrieved export job" not in done.stderr
