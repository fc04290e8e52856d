"""The columns of an export: the API says the kind of a field, the data proves its exact type.

| kind | staged as |
|---|---|
| T | VARCHAR, always: a ZIP code or a phone number is no number |
| B | BOOLEAN |
| M | NUMERIC(19,4) |
| N | BIGINT, or DOUBLE PRECISION when there are fractions |
| D | DATE, TIMESTAMP or TIMESTAMPTZ, as the values are written; left out while there are none |

A column that the table has already keeps the table's type. A whole number or a decimal may become
wider, as every load may make it; where no type fits, the column is text. A date without a value is
left out, because a column of the wrong type could never take the values that come later: the table
gets it with the first one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from utilities.everyaction.exports.fields import BOOLEAN, DATE, MONEY, NUMBER, TEXT
from utilities.objects import ObjectStore
from utilities.references import Column
from utilities.staging import StageOptions
from utilities.staging.misfit import Misfit
from utilities.staging.redshift_types import VARCHAR, is_exact_number, staged_type
from utilities.staging.rows import Rows
from utilities.staging.sources import open_rows

_TYPES: dict[str, tuple[str, ...]] = {
    TEXT: (VARCHAR,),
    BOOLEAN: ("BOOLEAN",),
    MONEY: ("NUMERIC(19,4)",),
    NUMBER: ("BIGINT", "DOUBLE PRECISION", VARCHAR),
    DATE: ("DATE", "TIMESTAMP", "TIMESTAMPTZ", VARCHAR),
}
"""What a kind may be staged as, the tightest first."""

_WIDER = ("BIGINT", "NUMERIC(23,4)")
"""What a number of the table may become; the load makes its column hold both."""


@dataclass(frozen=True)
class Found:
    """The schema of all files of an export.

    Attributes:
        columns: in the order of the files.
        without_type: names of dates that have no value yet, and are left out.
        is_proven: every row was looked at.
    """

    columns: tuple[Column, ...]
    without_type: tuple[str, ...]
    is_proven: bool


def find_columns(
    files: Sequence[str],
    store: ObjectStore,
    kinds: Mapping[str, str],
    known: Mapping[str, str],
    *,
    thorough: bool = False,
) -> Found:
    """Return one schema for all files of an export.

    Args:
        files: `s3://` addresses.
        store: reads them.
        kinds: name of a field to its kind; a column that is not among them is text.
        known: columns that the target table has already, name to Redshift type.
        thorough: looks at every row, not only at the first megabyte of each file.

    Raises:
        FileUnreadable, SchemaMismatch: a file is not what it claims to be.
        SourceNotFound, AccessDenied, StorageUnavailable: a file cannot be read.
    """
    source_names: dict[str, str] = {}
    open_types: dict[str, list[str]] = {}
    seen: set[str] = set()
    is_proven = True
    for file in files:
        with open_rows(file, store, StageOptions()) as rows:
            source_names = source_names | rows.naming.source_names
            for name, source_name in rows.naming.source_names.items():
                kind = kinds.get(source_name, TEXT)
                open_types.setdefault(name, _candidates(kind, known.get(name)))
            is_proven &= _rule_out(rows, open_types, seen, thorough=thorough)
    unknown = {
        name
        for name, source_name in source_names.items()
        if name not in seen | known.keys() and kinds.get(source_name) == DATE
    }
    return Found(
        tuple(
            Column(name, open_types[name][0], source_name)
            for name, source_name in source_names.items()
            if name not in unknown
        ),
        tuple(source_names[name] for name in source_names if name in unknown),
        is_proven,
    )


def _candidates(kind: str, table_type: str | None) -> list[str]:
    """Return the types that a column may get, the preferred one first; the last one is taken as it is."""
    if table_type is None:
        return list(_TYPES[kind])
    staged = staged_type(table_type) or VARCHAR
    if not is_exact_number(staged):
        return [staged]
    return [staged, *(type_ for type_ in _WIDER if type_ != staged), staged]


def _rule_out(
    rows: Rows, open_types: Mapping[str, list[str]], seen: set[str], *, thorough: bool
) -> bool:
    """Take away the types that some value does not fit, and note which columns have values.

    Returns:
        Whether these were all rows of the file.
    """
    watched = [name for name, types in open_types.items() if len(types) > 1]
    for number, batch in enumerate(rows.batches()):
        if number and not thorough:
            return False
        cells = rows.cells([batch], "name")
        for name in watched:
            types = open_types[name]
            if name in cells and cells[name].null_count < len(cells[name]):
                seen.add(name)
                while len(types) > 1 and not _fits(rows, cells[name], types[0]):
                    del types[0]
    return True


def _fits(rows: Rows, cells: Any, type_: str) -> bool:
    try:
        rows.convert(cells, type_, is_fixed=True)
    except Misfit:
        return False
    return True
