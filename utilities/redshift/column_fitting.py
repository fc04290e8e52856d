"""Compare single columns of a table with those of a staged batch: what has to become wider."""

from collections.abc import Sequence

from utilities.errors import SchemaMismatch
from utilities.redshift.column_types import fits, is_wider, widened_number, width_bytes
from utilities.redshift.number_widening import prepared
from utilities.redshift.options import LoadOptions
from utilities.redshift.tables import text_width_bytes
from utilities.references import Column, TableName

KEPT = {
    "freeze": "schema_policy='freeze' leaves the table as it is",
    "discard": "schema_policy='discard' leaves the columns of the table as they are",
}
"""How a policy that changes nothing is named in a message."""


def numbers_to_widen(
    table: TableName, existing: dict[str, str], columns: Sequence[Column], options: LoadOptions
) -> tuple[tuple[str, str], ...]:
    """Return columns of numbers that are too narrow, with the type that they need.

    Raises:
        SchemaMismatch: the policy forbids it, or no type holds both without loss.
    """
    widen, ready = [], prepared(existing)
    for column in columns:
        type_ = existing[column.name]
        if fits(column.type, type_):
            continue
        wider = widened_number(type_, column.type)
        if wider is not None and column.name in ready:
            wider = widened_number(wider, ready[column.name]) or wider
        if wider is not None and options.schema_policy == "evolve":
            widen.append((column.name, wider))
            continue
        said = (
            f"{table}: column {column.name!r} is {type_}, the source has {column.type} (from "
            f"{column.source_name!r}), which does not fit without loss"
        )
        if wider is not None:
            raise SchemaMismatch(
                f"{said}; {KEPT[options.schema_policy]}. Nothing was loaded. Change the column in "
                f"the source, or load with schema_policy='evolve', which makes it {wider}."
            )
        raise SchemaMismatch(
            f"{said}; schema_policy={options.schema_policy!r} has no way around that. Nothing was "
            "loaded. Load into a new table, or change the column in the source."
        )
    return tuple(widen)


def numbers_to_finish(
    existing: dict[str, str], own: dict[str, str], options: LoadOptions
) -> tuple[tuple[str, str], ...]:
    """Return the other columns that another load has begun to widen, with the type it chose."""
    if options.schema_policy != "evolve":
        return ()
    return tuple(
        (name, type_)
        for name, type_ in prepared(existing).items()
        if name not in own and is_wider(type_, existing[name])
    )


def text_to_widen(
    table: TableName, existing: dict[str, str], columns: Sequence[Column], options: LoadOptions
) -> tuple[tuple[str, int], ...]:
    """Return text columns that are too narrow, with the width in bytes that they need.

    Raises:
        SchemaMismatch: the policy forbids it, or the column is no VARCHAR.
    """
    widen = []
    for column in columns:
        type_ = existing[column.name]
        width = width_bytes(type_)
        if width is None or column.max_bytes <= width:
            continue
        said = (
            f"{table}: column {column.name!r} is {type_}, the source has a {column.type} of "
            f"{column.max_bytes} bytes (from {column.source_name!r})"
        )
        if type_.startswith("CHAR"):
            raise SchemaMismatch(f"{said}. Nothing was loaded. Make the column a VARCHAR.")
        if options.schema_policy != "evolve":
            raise SchemaMismatch(
                f"{said}; {KEPT[options.schema_policy]}. Nothing was loaded. Shorten the text in "
                "the source, or load with schema_policy='evolve', which widens the column."
            )
        widen.append((column.name, text_width_bytes(column)))
    return tuple(widen)
