"""Compare a table with a staged batch, and say by the schema policy what has to change, or why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from utilities.errors import SchemaMismatch
from utilities.redshift import modes
from utilities.redshift.column_fitting import (
    KEPT,
    numbers_to_finish,
    numbers_to_widen,
    text_to_widen,
)
from utilities.redshift.designs import Layout, lay_out
from utilities.redshift.modes.naming import named_columns
from utilities.redshift.options import LoadOptions
from utilities.references import Column, TableName, find_column


@dataclass(frozen=True)
class Creation:
    """A table that does not exist yet.

    Attributes:
        columns: the staged ones, and those that the mode keeps for itself.
    """

    columns: tuple[Column, ...]
    layout: Layout


@dataclass(frozen=True)
class Fitting:
    """What has to change in a table before a staged batch fits it.

    Attributes:
        create: the table, when it does not exist.
        columns: staged columns that go in, in staged order.
        add: those of them that the table lacks.
        widen_text: text columns with the width in bytes that they need.
        widen_numbers: columns of numbers with the type that they need.
        finish: other columns of numbers with the type to which another load has begun to widen
            them.
        discard: names of staged columns that are left out.
    """

    create: Creation | None
    columns: tuple[Column, ...]
    add: tuple[Column, ...] = ()
    widen_text: tuple[tuple[str, int], ...] = ()
    widen_numbers: tuple[tuple[str, str], ...] = ()
    finish: tuple[tuple[str, str], ...] = ()
    discard: tuple[str, ...] = ()

    @property
    def exchange(self) -> tuple[tuple[str, str], ...]:
        """All columns of numbers that get another type in this load."""
        return self.widen_numbers + self.finish


def plan_fitting(
    table: TableName, existing: dict[str, str], columns: Sequence[Column], options: LoadOptions
) -> Fitting:
    """Compare a table's columns, name to type, with staged ones.

    A policy is about a table that exists; one that does not is created under each of them.

    Raises:
        SchemaMismatch: the batch does not fit, and the policy or Redshift forbids what would help.
        ParameterInvalid: the table is to be created, and its design is wrong.
    """
    if not existing:
        all_columns = (*columns, *modes.extra_columns(options))
        creation = Creation(all_columns, lay_out(table, options.design, all_columns))
        return Fitting(create=creation, columns=tuple(columns))
    _require_extra_columns(table, existing, options)
    lacking = tuple(column for column in columns if column.name not in existing)
    if lacking and options.schema_policy == "freeze":
        raise _lacks(table, lacking)
    discarded = lacking if options.schema_policy == "discard" else ()
    kept = tuple(column for column in columns if column not in discarded)
    _require_named_columns(table, discarded, kept, options)
    shared = [column for column in kept if column.name in existing]
    numbers = numbers_to_widen(table, existing, shared, options)
    return Fitting(
        create=None,
        columns=kept,
        add=() if discarded else lacking,
        widen_text=text_to_widen(table, existing, shared, options),
        widen_numbers=numbers,
        finish=numbers_to_finish(existing, dict(numbers), options),
        discard=tuple(column.name for column in discarded),
    )


def _require_extra_columns(
    table: TableName, existing: dict[str, str], options: LoadOptions
) -> None:
    """Raise unless the table has the columns that the mode keeps for itself."""
    for extra in modes.extra_columns(options):
        found = existing.get(extra.name)
        if found != extra.type:
            raise SchemaMismatch(
                f"{table}: mode {options.mode!r} needs a column {extra.name!r} {extra.type}; the "
                f"table has {found or 'none'}. Nothing was loaded. Load into a new table, which "
                "gets it, or change the table."
            )


def _require_named_columns(
    table: TableName, discarded: Sequence[Column], kept: Sequence[Column], options: LoadOptions
) -> None:
    for role, wanted in named_columns(options):
        column = find_column(discarded, wanted)
        if column is not None:
            raise SchemaMismatch(
                f"{table}: the {role} column {column.name!r} {column.type} says how the rows go "
                "in, and the table does not have it; schema_policy='discard' adds none. Nothing "
                "was loaded. Add it to the table, or load with schema_policy='evolve'."
            )
    if not kept:
        raise SchemaMismatch(
            f"{table}: the table has none of the source's columns; schema_policy='discard' would "
            "leave out all of them. Nothing was loaded. Check that this is the right table."
        )


def _lacks(table: TableName, lacking: Sequence[Column]) -> SchemaMismatch:
    first, more = lacking[0], len(lacking) - 1
    others = f" (and {more} more)" if more else ""
    return SchemaMismatch(
        f"{table}: the source has a column {first.name!r} {first.type}{others} that the table does "
        f"not have; {KEPT['freeze']}. Nothing was loaded. Add it to the table, or load with "
        "schema_policy='evolve', which adds it, or 'discard', which leaves it out."
    )
