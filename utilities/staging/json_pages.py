"""The pages of an API as they came: bytes of JSON, which need not become Python objects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from utilities.errors import FileUnreadable
from utilities.staging.batch_sizes import BATCH_BYTES
from utilities.staging.byte_streams import Tally
from utilities.staging.json_batches import JsonBatch
from utilities.staging.misfit import shown
from utilities.staging.replay import Replay

_BATCH_BYTES = 1 << 20


@dataclass(frozen=True)
class JsonPages:
    """Pages of records.

    Attributes:
        pages: the bodies of the answers, as bytes; an iterator is read while it is staged.
        records_at: key under which a page has its list of records, such as `items`; None when a
            page is the list itself.
    """

    pages: Iterable[bytes]
    records_at: str | None = None


class PagedJson:
    """The records of pages, in batches of about a megabyte."""

    def __init__(self, name: str, source: JsonPages, *, is_kept: bool) -> None:
        """Read pages of a source that is called `name` in messages."""
        self.unit = "record"
        self._name, self._records_at = name, source.records_at
        self._pages = Replay(source.pages, bytes, bytes, is_kept=is_kept)
        self.close = self._pages.close
        records: Any = list[msgspec.Raw]
        if source.records_at is not None:
            records = msgspec.defstruct(
                "Page", [("records", records, msgspec.field(name=source.records_at))]
            )
        self._decode = msgspec.json.Decoder(records).decode

    def batches(self, tally: Tally) -> Iterator[JsonBatch]:
        lines: list[msgspec.Raw] = []
        size_bytes = 0
        for number, page in enumerate(self._pages, start=1):
            tally.add(page)
            lines += self._records(number, page)
            size_bytes += len(page)
            if size_bytes >= _BATCH_BYTES and lines:
                yield from _batches(lines)
                lines, size_bytes = [], 0
        if lines:
            yield from _batches(lines)

    def lines(self, rows: Sequence[int]) -> list[int]:
        return [row + 1 for row in rows]

    def _records(self, number: int, page: bytes) -> list[msgspec.Raw]:
        try:
            page = page.strip()
            if b"\n" in page:
                page = msgspec.json.format(page, indent=-1)
            read = self._decode(page)
        except msgspec.DecodeError as error:
            where = "a list" if self._records_at is None else f'a list under "{self._records_at}"'
            raise FileUnreadable(
                f"{self._name}: page {number:,} does not have {where}: "
                f"{shown(page.decode(errors='replace'))} ({error}). Expected JSON records. Nothing "
                "was loaded. Look at what the API answered, or name the key with records_at."
            ) from None
        records: list[msgspec.Raw] = read if self._records_at is None else read.records
        return records


def _batches(lines: Sequence[msgspec.Raw]) -> Iterator[JsonBatch]:
    """Yield records as one batch, or as several when a page was large."""
    batch = JsonBatch(b"\n".join(lines), len(lines))
    if batch.nbytes <= 2 * BATCH_BYTES or len(lines) == 1:
        yield batch
        return
    rows = max(1, len(lines) * BATCH_BYTES // batch.nbytes)
    for start in range(0, len(lines), rows):
        yield from _batches(lines[start : start + rows])
