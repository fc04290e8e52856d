"""Find out which columns a source has and which types fit them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from utilities.errors import SchemaMismatch
from utilities.references import Column
from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Misfit
from utilities.staging.names import check_column_count
from utilities.staging.options import StageOptions
from utilities.staging.redshift_types import (
    SUPER,
    is_exact_number,
    staged_type,
    staged_width_bytes,
)
from utilities.staging.rows import NewColumns, Rows


@dataclass(frozen=True)
class Schema:
    """The columns under which a source is staged.

    Attributes:
        columns: in order, without statistics.
        fixed: columns whose types are given: by the table, or declared.
        widenable: those of them that may become wider numbers.
        new_columns: what happens to a column of the source that is not among them.
    """

    columns: tuple[Column, ...]
    fixed: frozenset[str] = frozenset()
    widenable: frozenset[str] = frozenset()
    new_columns: NewColumns = "refuse"

    def type_of(self, name: str) -> str:
        """Return the type of a column; SUPER, which holds anything, when there is none."""
        return next((column.type for column in self.columns if column.name == name), SUPER)


def schema_for(source: str, rows: Rows, options: StageOptions) -> Schema:
    """Return the schema under which one source is staged first.

    Types come from the declaration, then from the target table, then from the schema shared with
    other files, then from the source's first rows.

    Raises:
        SchemaMismatch: a declared column is missing, or one that is not declared is refused.
        Misfit: a row of the first batch cannot be read.
    """
    given = given_columns(options)
    fixed = {name for name in given if name in options.known} | _names(options.declared)
    is_closed = bool(options.declared) and options.schema_policy != "evolve"
    if not is_closed:
        types = _inferred(source, rows, options, given)
        given |= {
            name: Column(name, type_, rows.naming.source_names[name])
            for name, type_ in types.items()
        }
    _check_declared(source, rows, options)
    widenable = {
        column.name
        for column in given.values()
        if options.schema_policy == "evolve"
        and column.name in options.known.keys() - _names(options.declared)
        and is_exact_number(column.type)
    }
    is_leaving_out = is_closed and options.schema_policy == "discard"
    return Schema(
        _columns(source, rows, given, options),
        frozenset(fixed),
        frozenset(widenable),
        "leave out" if is_leaving_out else "refuse",
    )


def schema_of_all_rows(source: str, rows: Rows, schema: Schema, options: StageOptions) -> Schema:
    """Return a schema that fits every row of a source, by reading all of it.

    Types that fit already stay, so that a file keeps the schema it shares with others.
    """
    settled = {c.name for c in schema.columns if c.type == SUPER} | schema.fixed - schema.widenable
    evidence = observe(rows, rows.batches(), settled, is_lenient=options.quarantine is not None)
    columns = {column.name: column for column in schema.columns}
    for name, seen in evidence.items():
        if name not in columns:
            type_ = best_type(name, seen, source)
            columns[name] = Column(name, type_, rows.naming.source_names[name])
        elif seen.types is not None and columns[name].type not in seen.types:
            columns[name] = replace(columns[name], type=_wider(columns[name], seen, schema, source))
    return replace(schema, columns=_columns(source, rows, columns, options))


def _wider(column: Column, seen: Evidence, schema: Schema, source: str) -> str:
    """Return another type for a column; a number of the table stays as it is, or a number."""
    if column.name not in schema.widenable:
        return best_type(column.name, seen, source)
    numbers = frozenset(filter(is_exact_number, seen.types or ()))
    return Evidence(numbers).best() or column.type


def given_columns(options: StageOptions) -> dict[str, Column]:
    """Return the columns whose types are given, by name.

    Raises:
        SchemaMismatch: a column of the target has a type that cannot be staged.
    """
    given = {column.name: column for column in (*options.declared, *options.columns)}
    declared = _names(options.declared)
    for name, table_type in options.known.items():
        type_ = staged_type(table_type)
        if type_ is None:
            raise SchemaMismatch(
                f"column {name!r} of the target is {table_type}, which cannot be loaded. Nothing "
                "was loaded. Leave the column out of the source."
            )
        if name not in declared:
            width = staged_width_bytes(table_type) if options.schema_policy != "evolve" else None
            source_name = given[name].source_name if name in given else name
            given[name] = Column(name, type_, source_name, width_bytes=width)
    return given


def observe(
    rows: Rows, batches: Iterable[Any], skip: Iterable[str], *, is_lenient: bool
) -> dict[str, Evidence]:
    """Return what batches say of each column's type, except for columns that do not matter.

    Args:
        rows: judges the batches.
        batches: from the first row of the source.
        skip: legal names of columns that do not matter.
        is_lenient: passes over rows that cannot be read.

    Raises:
        Misfit: a row cannot be read.
    """
    skipped = frozenset(skip)
    seen: dict[str, Evidence] = {}
    first_row = 0
    for batch in batches:
        kept, _ = rows.readable([batch]) if is_lenient else ([batch], None)
        try:
            for name, cells in rows.cells(kept, "name").items():
                if name not in skipped:
                    seen[name] = seen.get(name, Evidence()) & rows.observe(cells)
        except Misfit as misfit:
            misfit.row += first_row
            raise
        first_row += len(batch)
    return seen


def best_type(name: str, evidence: Evidence, source: str) -> str:
    """Return the tightest type that fits.

    Raises:
        SchemaMismatch: none does.
    """
    type_ = evidence.best()
    if type_ is None:
        raise SchemaMismatch(
            f"{source}: column {name!r} holds nested JSON in some rows or files and plain text in "
            "others, which no single type holds without loss. Nothing was loaded. Load them into "
            "separate tables."
        )
    return type_


def _inferred(
    source: str, rows: Rows, options: StageOptions, given: Mapping[str, Column]
) -> dict[str, str]:
    """Return types for the columns that have none yet, from the first rows."""
    is_open = not rows.naming.source_names or bool(options.declared)
    if not is_open and all(name in given for name in rows.naming.source_names):
        return {}
    first = list(islice(rows.batches(), 1))
    evidence = observe(rows, first, given.keys(), is_lenient=options.quarantine is not None)
    return {
        name: best_type(name, evidence.get(name, Evidence()), source)
        for name in rows.naming.source_names
        if name not in given
    }


def _check_declared(source: str, rows: Rows, options: StageOptions) -> None:
    """Compare the names of a source that has a header with the declared ones."""
    found = rows.naming.source_names
    missing = [c.source_name for c in options.declared if c.name not in found]
    if missing:
        raise SchemaMismatch(
            f'{source}: the declared column "{missing[0]}" is missing. Found: '
            f"{', '.join(found.values())}. Nothing was loaded. Correct the declaration, or ask the "
            "source for the column."
        )
    extra = [found[name] for name in found if name not in _names(options.declared)]
    if extra and options.declared and options.schema_policy == "freeze":
        raise SchemaMismatch(
            f'{source}: column "{extra[0]}" is not declared, and the schema is frozen. Nothing was '
            "loaded. Declare it, or use schema_policy evolve (adds it) or discard (leaves it out)."
        )


def _columns(
    source: str, rows: Rows, given: Mapping[str, Column], options: StageOptions
) -> tuple[Column, ...]:
    """Return the columns of a source: the declared ones first, then in the source's order."""
    check_column_count(source, len(rows.naming.source_names))
    order = dict.fromkeys([column.name for column in options.declared])
    order |= dict.fromkeys(rows.naming.source_names)
    return tuple(
        replace(given[name], source_name=rows.naming.source_names[name])
        for name in order
        if name in given and name in rows.naming.source_names
    )


def _names(columns: Iterable[Column]) -> set[str]:
    return {column.name for column in columns}
