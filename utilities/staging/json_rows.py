"""JSON objects, whose values are kept as the tokens that stand in the text.

Rows that fit a schema go from bytes straight into Arrow. What Arrow's reader would lose in silence
(digits of a number, blanks and order inside nested values, keys that nobody expects) is taken
from the tokens instead; so is every batch that Arrow refuses.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from utilities.errors import FileUnreadable
from utilities.references import Column
from utilities.staging import json_tokens
from utilities.staging.byte_streams import Tally
from utilities.staging.json_batches import JsonBatch, JsonSource
from utilities.staging.json_columns import ColumnReader
from utilities.staging.json_duplicates import has_each_key_once
from utilities.staging.json_faults import read_objects
from utilities.staging.json_records import JsonReader, compact, token_array
from utilities.staging.misfit import Misfit, Unreadable
from utilities.staging.names import Naming
from utilities.staging.reject import Reject
from utilities.staging.rows import Cells, NewColumns, numbered

Tokens = Sequence[Any]


class JsonRows:
    """The rows of JSON objects; keys may appear at any object."""

    observe = staticmethod(json_tokens.observe)
    convert = staticmethod(json_tokens.convert)

    def __init__(self, name: str, source: JsonSource, naming: Naming) -> None:
        """Read a source that is called `name` in messages."""
        self.notes: tuple[str, ...] = ()
        self.unit = source.unit
        self.naming = naming
        self.tally = Tally()
        self.lines = source.lines
        self._name, self._source = name, source
        self._reader = JsonReader((), is_strict=True)
        self._columns = ColumnReader((), refuses_others=True)

    def batches(self) -> Iterator[JsonBatch]:
        self.tally = Tally()
        is_empty = True
        for batch in self._source.batches(self.tally):
            is_empty = False
            yield batch
        if not is_empty and not self.naming.source_names:
            raise FileUnreadable(
                f"{self._name}: the source has objects without a key. Expected at least one key. "
                "Nothing was loaded. Check the export that made it."
            )

    def cells(self, batches: Sequence[JsonBatch], new: NewColumns) -> dict[str, pa.Array]:
        lines = b"\n".join(batch.lines for batch in batches)
        arrays = {}
        for key, tokens in self._tokens(lines, new).items():
            name = self._named(key, tokens, new)
            if name is not None:
                arrays[name] = token_array(tokens)
        return arrays

    def typed(
        self, batches: Sequence[JsonBatch], columns: Sequence[Column], new: NewColumns
    ) -> Sequence[pa.Array] | None:
        lines = b"\n".join(batch.lines for batch in batches)
        refuses_others = new != "leave out"
        reader = self._columns
        if reader.columns != tuple(columns) or reader.refuses_others != refuses_others:
            self._columns = reader = ColumnReader(columns, refuses_others=refuses_others)
        return reader.read(lines)

    def readable(
        self, batches: Sequence[JsonBatch]
    ) -> tuple[Sequence[JsonBatch], list[Unreadable]]:
        lines = b"\n".join(batch.lines for batch in batches).split(b"\n")
        faults = []
        for row, line in enumerate(lines):
            try:
                read_objects(line)
            except Unreadable as fault:
                fault.row = row
                faults.append(fault)
        bad = {fault.row for fault in faults}
        kept = [line for row, line in enumerate(lines) if row not in bad]
        return [JsonBatch(b"\n".join(kept), len(kept))], faults

    def left_out(self) -> list[Reject]:
        return []

    def record(self, cells: Mapping[str, Cells], row: int) -> str:
        values = {
            self.naming.source_names[name]: msgspec.Raw(column[row].as_py() or "null")
            for name, column in cells.items()
        }
        return msgspec.json.encode(values).decode()

    def place(self, row: int) -> str:
        return numbered(self.unit, self.lines([row])[0])

    def _tokens(self, lines: bytes, new: NewColumns) -> Mapping[str, Tokens]:
        """Return the tokens of each key; objects are read one by one where that is needed."""
        keys = tuple(self.naming.source_names.values())
        reader = self._reader_of(keys, new)
        try:
            lines.isascii() or lines.decode()
            reader.read(lines)
            short = compact(lines)
            records = reader.read(short)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return read_objects(lines)
        columns = {key: reader.tokens(records, key) for key in keys}
        if new != "leave out" and has_each_key_once(short, columns, len(records)):
            return columns
        return read_objects(lines)

    def _named(self, key: str, tokens: Tokens, new: NewColumns) -> str | None:
        if new == "name":
            return self.naming.find_or_add(key)
        name = self.naming.find(key)
        if name is None and new == "refuse":
            row = next((row for row, token in enumerate(tokens) if len(token)), 0)
            misfit = Misfit(row, bytes(tokens[row]).decode())
            misfit.column = key
            raise misfit
        return name

    def _reader_of(self, keys: tuple[str, ...], new: NewColumns) -> JsonReader:
        is_strict = new != "leave out"
        if self._reader.keys != keys or self._reader.is_strict != is_strict:
            self._reader = JsonReader(keys, is_strict=is_strict)
        return self._reader
