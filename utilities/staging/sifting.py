"""Set aside the rows of a part that cannot be loaded, and keep the others."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from utilities.references import Column
from utilities.staging.misfit import Misfit, Unreadable, all_misfits
from utilities.staging.reject import Reject
from utilities.staging.rows import Cells, NewColumns, Rows

ToColumn = Callable[[Column, Cells], pa.Array]
"""Turns cells into a column of the schema, or raises Misfit."""


def sift(
    rows: Rows,
    batches: Sequence[Any],
    columns: Sequence[Column],
    *,
    key: Sequence[str],
    new: NewColumns,
    to_column: ToColumn,
) -> tuple[list[pa.Array], list[Reject]]:
    """Return the rows that fit, typed, and the others; their rows count within the batches.

    Raises:
        Misfit: a cell does not fit a column whose type may still change.
    """
    total = sum(map(len, batches))
    readable, faults = rows.readable(batches)
    rejects = [_unreadable(fault) for fault in faults]
    unread = {fault.row for fault in faults}
    places = [row for row in range(total) if row not in unread]
    cells = dict(rows.cells(readable, new)) if places else {}
    misfits: dict[int, Misfit] = {}
    for column in columns:
        given = cells.get(column.name)
        if given is not None:
            found = all_misfits(given, partial(to_column, column))
            for misfit in found + (_missing(column, given) if column.name in key else []):
                misfits.setdefault(misfit.row, misfit)
    for row, misfit in misfits.items():
        rejects.append(
            Reject(
                places[row],
                misfit.column,
                "" if misfit.value is None else str(misfit.value),
                misfit.reason or _does_not_fit(columns, misfit.column),
                rows.record(cells, row),
            )
        )
    kept = [row for row in range(len(places)) if row not in misfits]
    return [to_column(column, _taken(cells, column, kept)) for column in columns], rejects


def _unreadable(fault: Unreadable) -> Reject:
    text = str(fault.value)
    return Reject(fault.row, "", text, fault.reason.strip(" ,"), text)


def _missing(column: Column, cells: Cells) -> list[Misfit]:
    """Return a Misfit for each row that has no value in a key column."""
    found = []
    for row in range(len(cells)):
        value = cells[row] if isinstance(cells, list) else cells[row].as_py()
        if value is None or value == "":
            misfit = Misfit(row, "", "is no value for a column of the key")
            misfit.column = column.name
            found.append(misfit)
    return found


def _does_not_fit(columns: Sequence[Column], name: str) -> str:
    type_ = next(column.type for column in columns if column.name == name)
    return f"does not fit {type_} without loss"


def _taken(cells: Mapping[str, Cells], column: Column, rows: Sequence[int]) -> Cells:
    given = cells.get(column.name)
    if given is None:
        return pa.nulls(len(rows))
    if isinstance(given, list):
        return [given[row] for row in rows]
    return given.take(pa.array(rows, pa.int64()))
