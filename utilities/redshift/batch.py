"""A batch on its way into a table, and whether it is there already."""

from dataclasses import dataclass, replace
from typing import get_args

from psycopg2.extensions import cursor as Cursor

from utilities import ledger
from utilities.errors import LoadRejected, ParameterInvalid
from utilities.redshift import modes
from utilities.redshift.column_types import width_bytes
from utilities.redshift.options import DistStyle, Empty, LoadOptions
from utilities.redshift.tables import describe_table
from utilities.references import Column, Loaded, SchemaPolicy, Staged, TableName
from utilities.settings import Settings

WATERMARK_LIMIT_BYTES = 64
"""As wide as the ledger's column."""


@dataclass(frozen=True)
class Batch:
    """One call of `load`.

    Attributes:
        load_id: identifies the row in the ledger.
        started: reading of the monotonic clock at the start of the load.
    """

    load_id: str
    staged: Staged
    table: TableName
    options: LoadOptions
    settings: Settings
    started: float


def require_loadable(staged: Staged, table: TableName, options: LoadOptions) -> None:
    """Raise unless batch and options go together.

    Raises:
        ParameterInvalid, KeyInvalid: they contradict each other.
        LoadRejected: the batch is empty, and such a batch is to be refused.
    """
    modes.check(staged, table, options)
    _require_one_of(table, "schema_policy", options.schema_policy, get_args(SchemaPolicy))
    _require_one_of(table, "empty", options.empty, get_args(Empty))
    if options.design.diststyle is not None:
        _require_one_of(table, "diststyle", options.design.diststyle, get_args(DistStyle))
    size = len((options.watermark or "").encode())
    if size > WATERMARK_LIMIT_BYTES:
        raise ParameterInvalid(
            f"{table}: the watermark has {size} bytes, the ledger stores {WATERMARK_LIMIT_BYTES}. "
            "Give a shorter one, such as a date or a number."
        )
    if options.empty == "refuse" and not staged.rows:
        raise LoadRejected(
            f"{table}: {staged.source} has no rows, and empty='refuse' was given. Nothing was "
            "loaded. Look at the source, or give empty='load' when no rows are a possible answer."
        )


def _require_one_of(table: TableName, name: str, found: str, expected: tuple[str, ...]) -> None:
    """Types are not checked when a program runs; a misspelt choice must not be a silent one."""
    if found not in expected:
        raise ParameterInvalid(
            f"{table}: {name}={found!r} is no choice. Expected one of {', '.join(expected)}."
        )


def with_columns(cursor: Cursor, batch: Batch) -> Batch:
    """Give a batch without rows and columns those of its table, so that every mode can take it.

    The columns that a mode keeps for itself are not among them.
    """
    if batch.staged.columns:
        return batch
    kept = {column.name for column in modes.extra_columns(batch.options)}
    columns = tuple(
        Column(name, type_ if width_bytes(type_) is None else "VARCHAR", name)
        for name, type_ in describe_table(cursor, batch.table).items()
        if name not in kept
    )
    return replace(batch, staged=replace(batch.staged, columns=columns))


def find_known(cursor: Cursor, batch: Batch) -> Loaded | None:
    """Return what the ledger says of a batch that is in its table already.

    An empty batch says the same each time: with another watermark it is a new one. A batch that
    replaces the table is known for as long as nothing else was loaded after it.
    """
    known = find_recorded(cursor, batch)
    if known is None:
        return None
    if not batch.staged.rows and known.watermark != batch.options.watermark:
        return None
    if batch.options.mode == "replace":
        last = ledger.recent_loads(cursor, batch.table, limit=1)
        if last[0].load_id != known.load_id:
            return None
    return known


def find_recorded(cursor: Cursor, batch: Batch) -> Loaded | None:
    """Return the last row of the ledger for this batch and table."""
    key = batch.staged.batch_key
    return ledger.find_loads(cursor, batch.table, [key]).get(key)
