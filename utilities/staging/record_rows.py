"""Records: mappings of column to value, from a list, a generator or a parsons Table."""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from utilities.errors import FileUnreadable
from utilities.staging import python_values
from utilities.staging.batch_sizes import VALUE_BYTES, gathered
from utilities.staging.byte_streams import Tally
from utilities.staging.misfit import Misfit, shown
from utilities.staging.names import Naming
from utilities.staging.replay import Replay
from utilities.staging.rows import NewColumns, WholeRows

Record = Mapping[str, Any]

ROWS_AT_ONCE = 5_000
_RECORDS_AT_ONCE = 500
"""So few stay in the processor's cache while their values are sorted into columns."""


class RecordBatch:
    """Some records, and about how much memory they will take as Arrow data."""

    def __init__(self, records: Sequence[Record], text_bytes: int, columns: int) -> None:
        """Take records; a column takes room also in those that do not have it."""
        self.records = records
        values = len(records) * max(columns, len(records[0]))
        self.nbytes = max(text_bytes, values * VALUE_BYTES)

    def __len__(self) -> int:
        return len(self.records)


class RecordRows(WholeRows):
    """The rows of an iterable of mappings; keys may appear at any record."""

    observe = staticmethod(python_values.observe)
    convert = staticmethod(python_values.convert)

    def __init__(
        self, name: str, records: Iterable[Record], naming: Naming, *, is_kept: bool
    ) -> None:
        """Read records of a source that is called `name` in messages."""
        self.notes: tuple[str, ...] = ()
        self.unit = "record"
        self.naming = naming
        self.tally = Tally(has_bytes=False)
        self._name = name
        groups = iter(_Groups(records)) if iter(records) is records else _Groups(records)
        self._groups = Replay(groups, pickle.dumps, pickle.loads, is_kept=is_kept)
        self.close = self._groups.close

    def batches(self) -> Iterator[RecordBatch]:
        first = 0
        for group, text_bytes in self._groups:
            if not all(issubclass(cls, Mapping) for cls in set(map(type, group))):
                self._refuse_other_records(first, group)
            yield RecordBatch(group, text_bytes, len(self.naming.source_names))
            first += len(group)

    def _refuse_other_records(self, first: int, group: Sequence[object]) -> None:
        for position, record in enumerate(group):
            if not isinstance(record, Mapping):
                raise FileUnreadable(
                    f"{self._name}: record {first + position + 1:,} is "
                    f"{type(record).__name__} {shown(record)}. Expected a mapping of column to "
                    "value. Nothing was loaded. Turn it into one."
                )

    def cells(self, batches: Sequence[RecordBatch], new: NewColumns) -> dict[str, Sequence[object]]:
        records = list(chain.from_iterable(batch.records for batch in batches))
        columns = _columns(records, list(self.naming.source_names.values()))
        if columns is None:
            self._look_at_keys(records, new)
            columns = [_values(records, key) for key in self.naming.source_names.values()]
        return dict(zip(self.naming.source_names, columns, strict=True))

    def _look_at_keys(self, records: Sequence[Record], new: NewColumns) -> None:
        """Name the keys of records, or refuse those that are new."""
        keys = chain.from_iterable(records)
        for key in dict.fromkeys(keys) if new == "name" else set().union(*records):
            if not isinstance(key, str):
                raise FileUnreadable(
                    f"{self._name}: a record has the key {key!r}, which is no text. Nothing was "
                    "loaded. Name every column."
                )
            if new == "name":
                self.naming.find_or_add(key)
            elif new == "refuse" and self.naming.find(key) is None:
                row = next(row for row, record in enumerate(records) if key in record)
                misfit = Misfit(row, records[row][key])
                misfit.column = key
                raise misfit


def _columns(records: Sequence[Record], keys: Sequence[str]) -> list[list[Any]] | None:
    """Return the values of each key; None unless all records have these keys and no others."""
    if len(keys) < 2 or sum(map(len, records)) != len(keys) * len(records):
        return None
    columns: list[list[Any]] = [[] for _ in keys]
    take = itemgetter(*keys)
    try:
        for start in range(0, len(records), _RECORDS_AT_ONCE):
            rows = map(take, records[start : start + _RECORDS_AT_ONCE])
            for column, values in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(values)
    except KeyError:
        return None
    return columns


def _values(records: Sequence[Record], key: str) -> list[Any]:
    try:
        return list(map(itemgetter(key), records))
    except KeyError:
        return [record.get(key) for record in records]


class _Groups:
    """Records, some thousands or some megabytes at a time, and the bytes of their texts."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records

    def __iter__(self) -> Iterator[tuple[list[Record], int]]:
        return gathered(self._records, ROWS_AT_ONCE)
