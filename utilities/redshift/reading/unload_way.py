"""Read a large result through S3: UNLOAD to Parquet, then fetch the parts side by side."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from psycopg2.extensions import connection as Connection

from utilities.errors import InvariantBroken
from utilities.objects import ObjectStore
from utilities.redshift.reading.arrow_types import ResultTypes
from utilities.redshift.reading.sessions import end_session
from utilities.redshift.reading.statements import Statement
from utilities.redshift.reading.unload import run_unload
from utilities.redshift.reading.unload_options import UnloadOptions
from utilities.redshift.reading.unloaded import read_unloaded
from utilities.settings import Settings

READING_THREADS = 4
"""Parts that are fetched and decoded at one time; each is in memory whole."""

PART_MIB = 128
PREFIX = "staging/queries"
"""Beside the staged batches, so that what a killed process leaves behind expires with them."""


def read_through_s3(
    connection: Connection,
    statement: Statement,
    bound: str,
    types: ResultTypes,
    settings: Settings,
) -> pa.Table:
    """Unload a query inside the transaction that is open, and return its rows.

    Args:
        statement: the query as written; it tells whether the rows have an order to be kept.
        bound: the same, as UNLOAD takes it and with its values.
        types: of the result, so that both ways of reading give the same table.
    """
    destination = f"s3://{settings.s3_temp_bucket}/{PREFIX}/{uuid4()}/"
    store = ObjectStore(settings)
    options = UnloadOptions(parallel=not statement.is_ordered, max_file_mib=PART_MIB)
    process = connection.info.backend_pid
    try:
        run_unload(connection, bound, destination, settings, options)
        unloaded, uris = read_unloaded(store, destination, has_header=False)
        with ThreadPoolExecutor(READING_THREADS) as threads:
            parts = list(threads.map(lambda uri: types.fit(_read_part(store, uri)), uris))
    finally:
        if connection.closed:
            end_session(process, settings)
        store.empty(destination)
    table = pa.concat_tables(parts) if parts else types.finish([])
    if table.num_rows != unloaded.rows:
        raise InvariantBroken(
            f"{destination}: Redshift unloaded {unloaded.rows:,} rows, {table.num_rows:,} were "
            "read. Report this."
        )
    return table


def _read_part(store: ObjectStore, uri: str) -> pa.Table:
    with store.open(uri) as file:
        content = pa.py_buffer(file.read())
    reader = pq.ParquetFile(pa.BufferReader(content), coerce_int96_timestamp_unit="us")
    return reader.read(use_threads=False)
