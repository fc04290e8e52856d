"""How many rows are taken at once: as many as fill some megabytes, however long their texts are.

A count of rows alone bounds no memory: a thousand rows may have a hundred kilobytes or a gigabyte.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any, Protocol, Self, TypeVar

import msgspec
import pyarrow as pa

Item = TypeVar("Item")

BATCH_BYTES = 4 << 20
"""A quarter of a part, so that parts end close to where they should."""

VALUE_BYTES = 40
"""What a value takes at least: as a Python object, or as Arrow data with what comes before it."""

_FIRST_STEP_ITEMS = 16
_LONGEST_STEP_ITEMS = 128

_SAMPLED = 4
"""Of so many short items one is measured: to measure all would take a twelfth of the time."""

_SHORT_BYTES = 2_048
"""The mean of a sample above which every item is measured, that one's and all that follow."""


class Sliceable(Protocol):
    """Rows of which a run can be taken without copying them."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def slice(self, offset: int, length: int) -> Self:
        """Return some of the rows."""


Batch = TypeVar("Batch", bound=Sliceable)


def gathered(items: Iterable[Item], most: int) -> Iterator[tuple[list[Item], int]]:
    """Yield items in groups of at most `most`, each with about the bytes of its texts.

    A group ends when it has filled BATCH_BYTES. Sizes are known only after items were taken, so
    they are taken in steps that follow the size of those before, and only doubled. Long items that
    are rare among short ones may pass unnoticed until one of them, of about four, is measured.
    """
    iterator = iter(items)
    measured = _Measured()
    step = _FIRST_STEP_ITEMS
    group: list[Item] = []
    group_bytes = 0
    while taken := list(islice(iterator, min(step, most - len(group)))):
        taken_bytes = measured.bytes(taken)
        group += taken
        group_bytes += taken_bytes
        if len(group) >= most or group_bytes >= BATCH_BYTES:
            yield group, group_bytes
            group, group_bytes = [], 0
        fitting = (BATCH_BYTES - group_bytes) * len(taken) // max(taken_bytes, 1)
        step = max(1, min(fitting, 2 * step, _LONGEST_STEP_ITEMS))
    if group:
        yield group, group_bytes


class _Measured:
    """Measures items step by step: some of them while they are short, then all."""

    def __init__(self) -> None:
        self._are_short = True
        self._chance = Random(0)

    def bytes(self, items: Sequence[Any]) -> int:
        """Return about how many bytes the texts of the next items have."""
        if self._are_short and len(items) > _FIRST_STEP_ITEMS:
            # By chance, always the same: what comes at regular distances is met too.
            sample = items[self._chance.randrange(_SAMPLED) :: _SAMPLED]
            size_bytes = encoded_bytes(sample) * len(items) // len(sample)
            self._are_short = size_bytes <= len(items) * _SHORT_BYTES
            if self._are_short:
                return size_bytes
        return encoded_bytes(items)


def encoded_bytes(values: Sequence[Any]) -> int:
    """Return the size of values as MessagePack: near that of their texts, also of nested ones.

    The quickest way to see every text: for a mapping of twelve short values a quarter of a
    microsecond, which is less than to ask each for its size.
    """
    try:
        return len(_ENCODE(values))
    except (TypeError, ValueError, OverflowError, RecursionError):
        # A number above 64 bits, half of a surrogate pair: rare, and judged when it is staged.
        return sum(len(str(value)) for value in values)


def size_of_values(values: Sequence[Any]) -> int:
    """Return about how many bytes the values of a column take."""
    encoded = sum(size for _, size in gathered(values, _LONGEST_STEP_ITEMS))
    return max(encoded, len(values) * VALUE_BYTES)


def decoded_bytes(array: pa.Array) -> int:
    """Return about how many bytes an array has once its values are written out."""
    if isinstance(array, pa.DictionaryArray) and len(array.dictionary):
        return int(len(array) * array.dictionary.nbytes // len(array.dictionary))
    return int(array.nbytes)


def pieces(batch: Batch, size: Callable[[Batch], int]) -> Iterator[Batch]:
    """Yield a batch, or runs of it that have about BATCH_BYTES each when it has far more."""
    size_bytes = size(batch)
    if size_bytes <= 2 * BATCH_BYTES or len(batch) == 1:
        yield batch
        return
    rows = max(1, len(batch) * BATCH_BYTES // size_bytes)
    for start in range(0, len(batch), rows):
        yield from pieces(batch.slice(start, rows), size)


def arrow_pieces(batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
    """Yield an Arrow batch in runs of at most `most` rows and of some megabytes.

    Columns that point into a dictionary are written out, as they will be staged.
    """
    for start in range(0, len(batch), most):
        for piece in pieces(batch.slice(start, most), _decoded_size):
            columns = [
                column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
                for column in piece.columns
            ]
            yield pa.RecordBatch.from_arrays(columns, piece.schema.names)


def _decoded_size(batch: pa.RecordBatch) -> int:
    return sum(map(decoded_bytes, batch.columns))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


_ENCODE = msgspec.msgpack.Encoder(enc_hook=_plain).encode
