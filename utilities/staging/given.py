"""Columns whose types are given, by a declaration or by the table, before a row is read."""

from collections.abc import Iterable

from utilities.errors import SchemaMismatch
from utilities.references import Column
from utilities.staging.options import StageOptions
from utilities.staging.redshift_types import staged_type, staged_width_bytes
from utilities.staging.rows import Rows


def given_columns(options: StageOptions) -> dict[str, Column]:
    """Return the columns whose types are given, by name.

    Raises:
        SchemaMismatch: a column of the target has a type that cannot be staged.
    """
    given = {column.name: column for column in (*options.declared, *options.columns)}
    declared = names_of(options.declared)
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


def check_declared(source: str, rows: Rows, options: StageOptions) -> None:
    """Compare the names of a source that has a header with the declared ones.

    Raises:
        SchemaMismatch: a declared column is missing, or another one is there and refused.
    """
    found = rows.naming.source_names
    missing = [c.source_name for c in options.declared if c.name not in found]
    if missing:
        raise SchemaMismatch(
            f'{source}: the declared column "{missing[0]}" is missing. Found: '
            f"{', '.join(found.values())}. Nothing was loaded. Correct the declaration, or ask the "
            "source for the column."
        )
    extra = [found[name] for name in found if name not in names_of(options.declared)]
    if extra and options.declared and options.schema_policy == "freeze":
        raise SchemaMismatch(
            f'{source}: column "{extra[0]}" is not declared, and the schema is frozen. Nothing was '
            "loaded. Declare it, or use schema_policy evolve (adds it) or discard (leaves it out)."
        )


def names_of(columns: Iterable[Column]) -> set[str]:
    """Return the legal names of columns."""
    return {column.name for column in columns}
