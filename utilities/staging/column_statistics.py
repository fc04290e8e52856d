"""Statistics of columns, mostly out of what the Parquet writer counts anyway."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow.parquet as pq

from utilities.references import Column

TEXT_LIMIT_BYTES = 256
"""Longer text is no bound that a person reads; Parquet's writer keeps up to 4 KiB."""

_WITHOUT_BOUNDS = ("BOOLEAN", "SUPER")
_EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class ColumnStatistics:
    """What was counted of one column in one part.

    Attributes:
        max_bytes: longest text in bytes, 0 for other types.
        nulls: rows without a value.
        bounds: smallest and greatest value; None when all are null.
        has_bounds: false when there are values, but no bounds that could be kept.
    """

    max_bytes: int
    nulls: int
    bounds: tuple[Any, Any] | None
    has_bounds: bool


def statistics_of(
    metadata: pq.FileMetaData, max_bytes: Sequence[int]
) -> tuple[ColumnStatistics, ...]:
    """Return the statistics of each column of a Parquet file with one row group."""
    group = metadata.row_group(0)
    counted = []
    for position, longest in enumerate(max_bytes):
        found = group.column(position).statistics
        bounds = _bounds(found) if found.has_min_max else None
        is_known = bounds is not None or found.null_count == group.num_rows
        counted.append(ColumnStatistics(longest, found.null_count, bounds, is_known))
    return tuple(counted)


def _bounds(found: pq.Statistics) -> tuple[Any, Any] | None:
    """Return the smallest and the greatest value; None for years that Python's dates do not have."""
    try:
        if found.logical_type.type != "TIMESTAMP":
            return found.min, found.max
        # Not by Arrow, which imports pandas for a time with a zone: longer than a part takes.
        is_utc = json.loads(found.logical_type.to_json())["isAdjustedToUTC"]
        epoch = _EPOCH.replace(tzinfo=dt.UTC) if is_utc else _EPOCH
        least, greatest = (dt.timedelta(microseconds=n) for n in (found.min_raw, found.max_raw))
        return epoch + least, epoch + greatest
    except OverflowError:
        return None


def with_statistics(
    columns: Sequence[Column], parts: Sequence[Sequence[ColumnStatistics]]
) -> tuple[Column, ...]:
    """Return columns with what was counted in all parts together."""
    return tuple(
        _with_statistics(column, [part[position] for part in parts])
        for position, column in enumerate(columns)
    )


def _with_statistics(column: Column, parts: Sequence[ColumnStatistics]) -> Column:
    minimum = maximum = None
    bounds = [part.bounds for part in parts if part.bounds is not None]
    if bounds and all(part.has_bounds for part in parts) and column.type not in _WITHOUT_BOUNDS:
        minimum = _as_text(min(low for low, _ in bounds))
        maximum = _as_text(max(high for _, high in bounds))
    return replace(
        column,
        max_bytes=max((part.max_bytes for part in parts), default=0),
        nulls=sum(part.nulls for part in parts),
        minimum=minimum,
        maximum=maximum,
    )


def _as_text(value: Any) -> str | None:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    text = str(value)
    return text if len(text.encode()) <= TEXT_LIMIT_BYTES else None
