"""How a batch goes into its table."""

from dataclasses import dataclass
from typing import Literal

from utilities.references import SchemaPolicy

Mode = Literal["append", "replace", "upsert", "replace_slice", "history", "insert_new"]
Empty = Literal["load", "refuse"]
DistStyle = Literal["AUTO", "EVEN", "ALL", "KEY"]


@dataclass(frozen=True)
class TableDesign:
    """How a table is laid out on the cluster when a load creates it; a table that exists stays.

    Attributes:
        distkey: column whose value decides on which slice a row lies.
        diststyle: AUTO, EVEN, ALL; KEY goes with a distkey.
        sortkey: columns by which rows are sorted, in order.
        encode: pairs of column and compression encoding, such as ("email", "ZSTD").
    """

    distkey: str | None = None
    diststyle: DistStyle | None = None
    sortkey: tuple[str, ...] = ()
    encode: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LoadOptions:
    """How a batch goes into its table.

    Attributes:
        mode: `append` adds the rows; `replace` exchanges all rows of the table; `upsert` updates
            rows with the same key and adds the others; `replace_slice` exchanges the rows that
            have the same values in the slice columns; `history` keeps a row for each version of
            a key (valid_from, valid_to, is_current); `insert_new` adds only rows whose key the
            table does not have.
        key: columns that identify a row, for `upsert`, `history` and `insert_new`.
        newest: column whose greatest value wins among rows with one key, in the batch and against
            the table.
        deleted: boolean column that marks rows which no longer exist at the source, for `upsert`
            and `history`.
        slice_columns: columns whose values name a slice, for `replace_slice`.
        slice_values: the one slice that the batch holds, as text, a value for each slice column;
            when it is given, an empty batch empties that slice.
        schema_policy: `evolve` changes the table to fit: columns are added, text and numbers are
            widened, where that loses nothing (a widened number is the last column then);
            `freeze` refuses a batch that does not fit; `discard` leaves out columns that the
            table does not have. Each of them creates a table that does not exist.
        design: layout of a table that this load creates.
        empty: whether a batch without rows is a load of zero rows, or an error.
        watermark: how far the source was read, kept in the ledger; at most 64 bytes.
        flow_run: id of the Prefect flow run, kept in the ledger.
    """

    mode: Mode = "append"
    key: tuple[str, ...] = ()
    newest: str | None = None
    deleted: str | None = None
    slice_columns: tuple[str, ...] = ()
    slice_values: tuple[str, ...] | None = None
    schema_policy: SchemaPolicy = "evolve"
    design: TableDesign = TableDesign()
    empty: Empty = "load"
    watermark: str | None = None
    flow_run: str | None = None
