"""The columns that a mode works with, which a person may spell as the source does."""

from dataclasses import replace

from utilities.errors import SchemaMismatch
from utilities.redshift.modes.moving import Move
from utilities.redshift.options import LoadOptions
from utilities.references import find_column


def named_columns(options: LoadOptions) -> list[tuple[str, str]]:
    """Return all columns that the options name, each after what it is for."""
    named = [("key", name) for name in options.key]
    named += [("slice", name) for name in options.slice_columns]
    named += [("newest", options.newest)] if options.newest is not None else []
    named += [("deleted", options.deleted)] if options.deleted is not None else []
    return named


def with_staged_names(move: Move) -> Move:
    """Return the move with every column that its options name spelt as it is staged.

    Raises:
        SchemaMismatch: such a column does not go into the table.
    """
    names: dict[str, str] = {}
    for role, wanted in named_columns(move.options):
        column = find_column(move.columns, wanted)
        if column is None:
            raise SchemaMismatch(
                f"{move.table}: the table has no column for the {role} column {wanted!r}, without "
                f"which mode '{move.options.mode}' cannot work. Nothing was loaded. Add the column "
                "to the table, or use schema_policy='evolve'."
            )
        names[wanted] = column.name
    options = replace(
        move.options,
        key=tuple(names[name] for name in move.options.key),
        slice_columns=tuple(names[name] for name in move.options.slice_columns),
        newest=names.get(move.options.newest or ""),
        deleted=names.get(move.options.deleted or ""),
    )
    return replace(move, options=options)
