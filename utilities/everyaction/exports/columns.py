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
from concurrent.futures import ThreadPoolExecutor
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

AT_ONCE = 2

_TYPES: dict[str, tuple[str, ...]] = {
    TEXT: (VARCHAR,),
    BOOLEAN: ("BOOLEAN",),
    MONEY: ("NUMERIC(19,4)",),
    NUMBER: ("BIGINT", "DOUBLE PRECISION"),
    DATE: ("DATE", "TIMESTAMP", "TIMESTAMPTZ"),
}
"""What a kind may be staged as, the tightest first; where several are, and none fits, it is text."""

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


@dataclass(frozen=True)
class _Evidence:
    """What one file says.

    Attributes:
        source_names: name of a column to the field's name, in order.
        fitting: of the types that a column may get, those that hold its values, in order.
        seen: names of columns that have a value.
        is_proven: every row was looked at.
    """

    source_names: Mapping[str, str]
    fitting: Mapping[str, Sequence[str]]
    seen: set[str]
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

    def look(file: str) -> _Evidence:
        return _evidence(file, store, kinds, known, thorough=thorough)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="columns") as pool:
        evidence = list(pool.map(look, files))
    source_names = {name: found for each in evidence for name, found in each.source_names.items()}
    seen = {name for each in evidence for name in each.seen} | known.keys()
    without_type = [
        name
        for name, source_name in source_names.items()
        if name not in seen and kinds.get(source_name) == DATE
    ]
    columns = (
        Column(
            name, _chosen(name, _candidates(kinds, known, name, source_name), evidence), source_name
        )
        for name, source_name in source_names.items()
        if name not in without_type
    )
    return Found(
        tuple(columns),
        tuple(source_names[name] for name in without_type),
        all(each.is_proven for each in evidence),
    )


def _chosen(name: str, types: Sequence[str], evidence: Sequence[_Evidence]) -> str:
    """Return the first type that holds the values of every file; the last resort when none does."""
    fitting = [each.fitting[name] for each in evidence if name in each.fitting]
    for type_ in types:
        if all(type_ in each for each in fitting):
            return type_
    return VARCHAR if types in _TYPES.values() else types[0]


def _candidates(
    kinds: Mapping[str, str], known: Mapping[str, str], name: str, source_name: str
) -> tuple[str, ...]:
    """Return the types that a column may get, the preferred one first."""
    if name not in known:
        return _TYPES[kinds.get(source_name, TEXT)]
    staged = staged_type(known[name]) or VARCHAR
    if not is_exact_number(staged):
        return (staged,)
    return (staged, *(type_ for type_ in _WIDER if type_ != staged))


def _evidence(
    file: str,
    store: ObjectStore,
    kinds: Mapping[str, str],
    known: Mapping[str, str],
    *,
    thorough: bool,
) -> _Evidence:
    """Return what the rows of a file say, or those of its first megabyte."""
    with open_rows(file, store, StageOptions()) as rows:
        source_names = dict(rows.naming.source_names)
        fitting = {
            name: list(_candidates(kinds, known, name, source_name))
            for name, source_name in source_names.items()
        }
        seen: set[str] = set()
        is_proven = _rule_out(rows, fitting, seen, thorough=thorough)
    return _Evidence(source_names, fitting, seen, is_proven)


def _rule_out(
    rows: Rows, fitting: Mapping[str, list[str]], seen: set[str], *, thorough: bool
) -> bool:
    """Take away the types that some value does not fit, and note which columns have values.

    A column that can get one type only is not looked at.

    Returns:
        Whether these were all rows of the file.
    """
    watched = [name for name, types in fitting.items() if len(types) > 1]
    for number, batch in enumerate(rows.batches()):
        if number and not thorough:
            return False
        cells = rows.cells([batch], "name")
        for name in watched:
            if name in cells and cells[name].null_count < len(cells[name]):
                seen.add(name)
                fitting[name][:] = [t for t in fitting[name] if _fits(rows, cells[name], t)]
    return True


def _fits(rows: Rows, cells: Any, type_: str) -> bool:
    try:
        rows.convert(cells, type_, is_fixed=True)
    except Misfit:
        return False
    return True
