"""Read an iterator again from its start: what it gave is kept in a temporary file.

The schema comes from the first rows and may turn out wrong at a later one; then the source is read
again. A list or a table can be; a generator or the pages of an API cannot.
"""

import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Generic, TypeVar

from utilities.errors import InvariantBroken

Item = TypeVar("Item")

_LENGTH = struct.Struct("<q")


class Replay(Generic[Item]):
    """Items that can be iterated several times, one iteration after the other."""

    def __init__(
        self,
        items: Iterable[Item],
        dump: Callable[[Item], bytes],
        load: Callable[[bytes], Item],
        *,
        is_kept: bool = True,
    ) -> None:
        """Wrap items.

        Args:
            items: read once, at the pace of the iterations.
            dump, load: turn an item into bytes for the file, and back.
            is_kept: False promises that there is only one iteration; nothing is written.
        """
        self._items = iter(items)
        self._is_repeatable = self._items is not items
        self._source = items
        self._dump, self._load = dump, load
        self._is_kept = is_kept
        self._file: IO[bytes] | None = None
        self._iterations = 0

    def __iter__(self) -> Iterator[Item]:
        self._iterations += 1
        if self._is_repeatable:
            return iter(self._source)
        if self._is_kept:
            return self._kept()
        if self._iterations > 1:
            raise InvariantBroken("a source that was not kept is read twice. Report this.")
        return self._items

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _kept(self) -> Iterator[Item]:
        self._file = file = self._file or tempfile.TemporaryFile()
        end = file.seek(0, 2)
        file.seek(0)
        while file.tell() < end:
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            yield self._load(file.read(length))
        for item in self._items:
            data = self._dump(item)
            file.write(_LENGTH.pack(len(data)))
            file.write(data)
            yield item
