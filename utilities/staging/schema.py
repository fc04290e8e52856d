"""Find out which columns a source has and which types fit them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from utilities.errors import SchemaMismatch
from utilities.objects import ObjectStore
from utilities.references import Column
from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Misfit
from utilities.staging.mismatch import does_not_fit
from utilities.staging.names import check_column_count
from utilities.staging.redshift_types import SUPER, staged_type
from utilities.staging.rows import Rows
from utilities.staging.sources import open_rows


@dataclass(frozen=True)
class Schema:
    """Columns in order, and which of them have the types of an existing table.

    Attributes:
        columns: without statistics.
        fixed: names of the columns whose type must not be changed.
    """

    columns: tuple[Column, ...]
    fixed: frozenset[str] = frozenset()

    def type_of(self, name: str) -> str:
        """Return the type of a column; SUPER, which holds anything, when there is none."""
        return next((column.type for column in self.columns if column.name == name), SUPER)


def infer_columns(
    sources: Sequence[str], store: ObjectStore, known: Mapping[str, str]
) -> tuple[Column, ...]:
    """Return one schema for several files together, from the first rows of each.

    Later rows may need wider types: `stage_file` checks every value and widens where needed.

    Args:
        sources: local paths or `s3://` addresses.
        store: reads them.
        known: columns that the target table has already, name to Redshift type. They win.

    Raises:
        SchemaMismatch: a value does not fit a known column without loss, or no type fits.
        FileUnreadable, ParameterInvalid: a file cannot be read as what it claims to be.
        SourceNotFound, AccessDenied, StorageUnavailable: a file cannot be read.
    """
    types = known_types(known)
    found: dict[str, tuple[str, Evidence]] = {}
    for source in sources:
        with open_rows(source, store) as rows:
            batch = next(iter(rows.batches()))
            evidence = observe(rows, [batch], skip=types.keys())
            _check_known(source, rows, batch, types)
            for name, source_name in rows.naming.source_names.items():
                first_name, before = found.get(name, (source_name, Evidence()))
                found[name] = first_name, before & evidence.get(name, Evidence())
    return tuple(
        Column(name, types.get(name) or _best(name, evidence, ", ".join(sources)), source_name)
        for name, (source_name, evidence) in found.items()
    )


def known_types(known: Mapping[str, str]) -> dict[str, str]:
    """Return the staged types for the columns of a target table.

    Raises:
        SchemaMismatch: a column has a type that cannot be staged.
    """
    types = {}
    for name, table_type in known.items():
        type_ = staged_type(table_type)
        if type_ is None:
            raise SchemaMismatch(
                f"column {name!r} of the target is {table_type}, which cannot be loaded from a "
                "file. Nothing was loaded. Leave the column out of the file."
            )
        types[name] = type_
    return types


def schema_for(
    source: str, rows: Rows, columns: Sequence[Column], known: Mapping[str, str]
) -> Schema:
    """Return the schema under which one file is staged first.

    Types come from the target table, then from `columns`, then from the file's first rows.
    """
    types = known_types(known)
    given = {column.name: column.type for column in columns} | types
    missing = [name for name in rows.naming.source_names if name not in given]
    if missing or not rows.naming.source_names:
        evidence = observe(rows, [next(iter(rows.batches()))], skip=given.keys())
        given |= {
            name: _best(name, evidence.get(name, Evidence()), source)
            for name in rows.naming.source_names
            if name not in given
        }
    return Schema(_columns(source, rows, given), frozenset(types))


def schema_of_all_rows(source: str, rows: Rows, schema: Schema) -> Schema:
    """Return a schema that fits every row of a file, by reading all of it.

    Types that fit already stay, so that a file keeps the schema it shares with others.
    """
    evidence = observe(rows, rows.batches(), skip=schema.fixed)
    types = {column.name: column.type for column in schema.columns}
    for name, seen in evidence.items():
        if name not in types or seen.types is not None and types[name] not in seen.types:
            types[name] = _best(name, seen, source)
    return Schema(_columns(source, rows, types), schema.fixed)


def observe(
    rows: Rows, batches: Iterable[pa.RecordBatch], skip: Iterable[str]
) -> dict[str, Evidence]:
    """Return what batches say of each column's type, except for columns that do not matter."""
    skipped = frozenset(skip)
    seen: dict[str, Evidence] = {}
    for batch in batches:
        for name, cells in zip(batch.schema.names, batch.columns, strict=True):
            if name and name not in skipped:
                seen[name] = seen.get(name, Evidence()) & rows.observe(cells)
    return seen


def _columns(source: str, rows: Rows, types: Mapping[str, str]) -> tuple[Column, ...]:
    check_column_count(source, len(rows.naming.source_names))
    return tuple(
        Column(name, types[name], source_name)
        for name, source_name in rows.naming.source_names.items()
    )


def _check_known(source: str, rows: Rows, batch: pa.RecordBatch, types: Mapping[str, str]) -> None:
    for name, cells in zip(batch.schema.names, batch.columns, strict=True):
        if name in types:
            try:
                rows.convert(cells, types[name], is_fixed=True)
            except Misfit as misfit:
                misfit.column = name
                raise does_not_fit(source, rows, misfit, types[name]) from None


def _best(name: str, evidence: Evidence, source: str) -> str:
    type_ = evidence.best()
    if type_ is None:
        raise SchemaMismatch(
            f"{source}: column {name!r} holds nested JSON in some rows or files and plain text in "
            "others, which no single type holds without loss. Nothing was loaded. Load them into "
            "separate tables."
        )
    return type_
