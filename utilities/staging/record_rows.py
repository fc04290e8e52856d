"""Records: mappings of column to value, from a list, a generator or a parsons Table."""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from utilities.errors import FileUnreadable
from utilities.staging import python_values
from utilities.staging.byte_streams import Tally
from utilities.staging.misfit import Misfit, shown
from utilities.staging.names import Naming
from utilities.staging.replay import Replay
from utilities.staging.rows import NewColumns, WholeRows

Record = Mapping[str, Any]

ROWS_AT_ONCE = 5_000
_BYTES_OF_A_VALUE = 40


class RecordBatch:
    """Some records, and about how much memory they will take as Arrow data."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.nbytes = len(records) * len(records[0]) * _BYTES_OF_A_VALUE

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
        for group in self._groups:
            if not all(issubclass(cls, Mapping) for cls in set(map(type, group))):
                self._refuse_other_records(first, group)
            yield RecordBatch(group)
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
        return {name: _values(records, key) for name, key in self.naming.source_names.items()}


def _values(records: Sequence[Record], key: str) -> list[Any]:
    try:
        return list(map(itemgetter(key), records))
    except KeyError:
        return [record.get(key) for record in records]


class _Groups:
    """Records, some thousands at a time."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records

    def __iter__(self) -> Iterator[list[Record]]:
        iterator = iter(self._records)
        while group := list(islice(iterator, ROWS_AT_ONCE)):
            yield group
