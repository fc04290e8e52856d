"""Stage rows and upsert them as one batch.

A batch is not named after its content: a text that is changed and changed back is the same content
on purpose. What must not be loaded twice is told by the table itself, which is asked first; a load
whose answer was lost is found in the ledger, by the batch's own name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import uuid4

from utilities import ledger
from utilities.errors import FlowError
from utilities.feeds.reads import Warehouse
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, load, table_columns
from utilities.redshift.connection import connected
from utilities.redshift.refusals import explained
from utilities.references import Column, Loaded
from utilities.staging import StageOptions, stage

Rows = Iterator[Mapping[str, Any]]


@dataclass(frozen=True)
class Grain:
    """What a row of a table is.

    Attributes:
        columns: as declared.
        key: columns that identify a row.
        newest: column whose greatest value wins among rows with one key.
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    newest: str | None = None


def prepare_loads(warehouse: Warehouse) -> None:
    """Create the ledger when it is not there: loads side by side would all try to be first."""
    settings = warehouse.settings
    with connected(settings) as connection, explained(str(warehouse.table), settings):
        ledger.create_ledger(connection)


def upsert_rows(rows: Rows, source: str, grain: Grain, warehouse: Warehouse) -> Loaded | None:
    """Load rows into the warehouse's table, all or none; None when there are none.

    Args:
        rows: read once.
        source: where they came from, for the ledger.
        grain: columns and key.
        warehouse: the table, and on whose behalf.
    """
    first = next(rows, None)
    if first is None:
        return None
    table, settings = warehouse.table, warehouse.settings
    store, batch = ObjectStore(settings), str(uuid4())
    place = f"s3://{settings.s3_temp_bucket}/staging/{table}/{batch}/"
    options = StageOptions(
        name=source,
        batch=batch,
        declared=grain.columns,
        known=table_columns(table, settings),
        schema_policy="freeze",
        key=grain.key,
        unique_key=False,
    )
    staged = stage(chain([first], rows), destination=place, store=store, options=options)
    how = LoadOptions(
        mode="upsert", key=grain.key, newest=grain.newest, flow_run=warehouse.flow_run
    )
    loaded = load(staged, table, how, settings)
    return replace(loaded, notes=(*loaded.notes, *_leftovers(store, place)))


def _leftovers(store: ObjectStore, place: str) -> tuple[str, ...]:
    """Delete what was staged. When that fails, a later run does it: the rows are loaded."""
    try:
        store.empty(place)
    except FlowError as error:
        return (f"the rows are loaded, their staged files remain: {error}",)
    return ()
