"""The small references that travel between tasks: never rows.

Each is frozen and serialisable, so that any step can run in another process or on another
machine, and be retried alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

VARCHAR_LIMIT_BYTES = 65_535
"""The widest VARCHAR: https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""

IDENTIFIER_LIMIT_BYTES = 127
"""The longest name: https://docs.aws.amazon.com/redshift/latest/dg/r_names.html"""


SchemaPolicy = Literal["evolve", "freeze", "discard"]
"""What happens to columns that are new: they are added, they stop the load, they are left out."""


@dataclass(frozen=True)
class Column:
    """One column of a staged batch.

    Attributes:
        name: legal Redshift identifier, lower case, at most 127 bytes, unique in its table.
        type: Redshift type of the staged values, one of SMALLINT, INTEGER, BIGINT, REAL,
            DOUBLE PRECISION, NUMERIC(p,s), BOOLEAN, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, VARCHAR
            or SUPER (staged as JSON text).
        source_name: the name as the source spells it.
        max_bytes: longest value in bytes, for VARCHAR and SUPER; 0 for others or when all null.
        nulls: rows without a value.
        minimum, maximum: smallest and greatest value as text (numbers in digits, dates and times
            in ISO 8601); None when all are null, for BOOLEAN and SUPER, and for long text.
        width_bytes: n of a declared VARCHAR(n); None when the width is to follow the data.
    """

    name: str
    type: str
    source_name: str
    max_bytes: int = 0
    nulls: int = 0
    minimum: str | None = None
    maximum: str | None = None
    width_bytes: int | None = None


@dataclass(frozen=True)
class Rejects:
    """Rows of a source that were set aside because a value does not fit its column.

    Attributes:
        manifest: `s3://` URI of the manifest of their parts, which have the columns source (where
            the rows came from), line (as the source counts, from 1), column_name, value, reason
            and record (the whole row as JSON text, cut at VARCHAR's limit).
        rows: how many.
        first: the first few of them, each as a sentence for a person.
    """

    manifest: str
    rows: int
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staged:
    """A batch that lies complete on S3, ready to be loaded.

    Attributes:
        manifest: `s3://` URI of the manifest; it is written last, so it names only whole parts.
        source: where the rows came from, as a person would write it.
        batch_key: content of the source as a SHA-256 in hexadecimal; what makes a load idempotent.
        columns: in the order of the staged files.
        rows: rows in all parts together.
        bytes: size of all parts together, as stored.
        notes: what was changed on the way and a person should know (renamed columns, ...).
        rejects: rows that were set aside; None when there are none.
    """

    manifest: str
    source: str
    batch_key: str
    columns: tuple[Column, ...]
    rows: int
    bytes: int
    notes: tuple[str, ...] = ()
    rejects: Rejects | None = None


@dataclass(frozen=True)
class Loaded:
    """What a load did to its table.

    Attributes:
        table: schema-qualified target.
        load_id: identifies the row in the ledger.
        source: where the rows came from.
        already_loaded: true when the ledger knew the batch and nothing was done.
        rows_staged, rows_inserted, rows_updated, rows_deleted: counts of this load. A staged row
            that changes nothing is in none of the last three.
        rows_rejected: rows that were set aside in the table of rejects.
        columns_added: new columns that the target got, in order.
        columns_widened: columns that the target got wider, in order.
        columns_discarded: columns of the batch that were left out, in order.
        watermark: how far the source was read, as the ledger keeps it.
        seconds: wall time of the load.
        notes: what was left undone after the commit and a person should know.
    """

    table: str
    load_id: str
    source: str
    already_loaded: bool
    rows_staged: int
    rows_inserted: int
    rows_updated: int
    rows_deleted: int = 0
    rows_rejected: int = 0
    columns_added: tuple[str, ...] = ()
    columns_widened: tuple[str, ...] = ()
    columns_discarded: tuple[str, ...] = ()
    watermark: str | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableName:
    """A schema-qualified table name, both parts as stored by Redshift (lower case)."""

    schema: str
    table: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.table}"


def find_column(columns: Sequence[Column], wanted: str) -> Column | None:
    """Return the column of this name, in its own spelling or in the source's."""
    for column in columns:
        if wanted.lower() == column.name or wanted == column.source_name:
            return column
    return None


def storage_parts(uri: str) -> tuple[str, str]:
    """Split `s3://bucket/key` into bucket and key (key may be empty)."""
    match = re.fullmatch(r"s3://([^/]+)/?(.*)", uri, flags=re.DOTALL)
    if match is None:
        raise ValueError(f"{uri!r} is not an S3 address; expected s3://bucket/key")
    return match[1], match[2]
