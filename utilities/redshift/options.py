"""How a batch goes into its table."""

from dataclasses import dataclass
from typing import Literal

from utilities.errors import KeyInvalid, ParameterInvalid
from utilities.references import Staged, TableName

Mode = Literal["append", "upsert"]


@dataclass(frozen=True)
class LoadOptions:
    """How a batch goes into its table.

    Attributes:
        mode: `append` adds the rows; `upsert` updates rows with the same key and adds the others.
        key: columns that identify a row, for `upsert`.
        watermark: how far the source was read, kept in the ledger.
        flow_run: id of the Prefect flow run, kept in the ledger.
    """

    mode: Mode = "append"
    key: tuple[str, ...] = ()
    watermark: str | None = None
    flow_run: str | None = None


def require_key(staged: Staged, table: TableName, options: LoadOptions) -> None:
    """Raise unless mode, key and batch go together."""
    if options.mode == "append":
        if options.key:
            raise ParameterInvalid(
                f"{table}: a key was given, but mode is 'append'. Use mode='upsert', or no key."
            )
        return
    if not options.key:
        raise ParameterInvalid(
            f"{table}: mode 'upsert' needs a key: the columns that identify a row."
        )
    missing = sorted(set(options.key) - {column.name for column in staged.columns})
    if missing:
        names = ", ".join(column.name for column in staged.columns)
        raise KeyInvalid(
            f"{staged.source}: key column {missing[0]!r} is not in the source, which has: {names}."
        )
