"""What a caller says of a source before it is staged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from utilities.references import Column, SchemaPolicy


@dataclass(frozen=True)
class StageOptions:
    """How a source is staged.

    Attributes:
        name: what messages and the ledger call a source that is not a file.
        batch: identifies the batch, such as the id of an export job; None: its content does.
        columns: the schema that `infer_columns` found for several files together. A column of the
            source that is not in it is added.
        declared: the schema as `declare` gives it. These types do not follow the data.
        known: columns that the target table has already, name to Redshift type. A declared type
            comes first.
        schema_policy: what happens to columns beyond the declared ones: `evolve` infers them,
            `freeze` refuses them, `discard` leaves them out. Under `evolve`, whole numbers and
            decimals may also become wider than the table's.
        key: columns that identify a row, as the source or the table spells them. Each has a value
            in every row.
        unique_key: the key is once in the source; without it, the load decides which row wins.
        empty: whether a source without rows is staged as a batch of no rows, or an error; None: a
            file without rows is an error, an empty answer of an API is not.
        quarantine: greatest share (0 to 1) of rows that may be set aside because they cannot be
            read or do not fit; None: the first one is an error.
    """

    name: str = "records"
    batch: str | None = None
    columns: tuple[Column, ...] = ()
    declared: tuple[Column, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    schema_policy: SchemaPolicy = "evolve"
    key: tuple[str, ...] = ()
    unique_key: bool = True
    empty: Literal["stage", "refuse"] | None = None
    quarantine: float | None = None

    @property
    def needs_one_pass(self) -> bool:
        """Whether the source is never read twice: everything is declared and nothing compared."""
        is_declared = bool(self.declared) and self.schema_policy != "evolve"
        return is_declared and not (self.key and self.unique_key)
