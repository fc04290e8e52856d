"""Find out which columns a source has and which types fit them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from utilities.references import Column
from utilities.staging.evidence import Evidence
from utilities.staging.given import check_declared, given_columns, names_of
from utilities.staging.names import check_column_count
from utilities.staging.observing import best_type, observe
from utilities.staging.options import StageOptions
from utilities.staging.redshift_types import SUPER, is_exact_number
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
    fixed = {name for name in given if name in options.known} | names_of(options.declared)
    is_closed = bool(options.declared) and options.schema_policy != "evolve"
    if not is_closed:
        types = _inferred(source, rows, options, given)
        given |= {
            name: Column(name, type_, rows.naming.source_names[name])
            for name, type_ in types.items()
        }
    check_declared(source, rows, options)
    widenable = {
        column.name
        for column in given.values()
        if options.schema_policy == "evolve"
        and column.name in options.known.keys() - names_of(options.declared)
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

    Types that fit already stay, so that a file keeps the schema it shares with others. What does
    not fit this schema is the fault of its row: no wider number would hold the whole column.
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
    return replace(schema, columns=_columns(source, rows, columns, options), widenable=frozenset())


def _wider(column: Column, seen: Evidence, schema: Schema, source: str) -> str:
    """Return another type for a column; a number of the table stays as it is, or a number."""
    if column.name not in schema.widenable:
        return best_type(column.name, seen, source)
    numbers = frozenset(filter(is_exact_number, seen.types or ()))
    return Evidence(numbers).best() or column.type


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
