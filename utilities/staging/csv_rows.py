"""CSV files: read as text by Arrow in blocks, so that no reader guesses what a cell means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.csv as arrow_csv

from utilities.errors import FileUnreadable, InvariantBroken
from utilities.objects import ObjectStore
from utilities.staging import text_cells
from utilities.staging.byte_streams import CHUNK_BYTES, ChunkFile, Tally, plain_chunks
from utilities.staging.csv_faults import CsvRecords, find_fault
from utilities.staging.csv_quotes import QuoteWatch
from utilities.staging.formats import FileKind
from utilities.staging.names import Naming
from utilities.staging.reject import Reject
from utilities.staging.rows import Cells, NewColumns, WholeRows

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class CsvRows(WholeRows):
    """The rows of a CSV file. Its first record is the header; blank lines are no rows."""

    observe = staticmethod(text_cells.observe)
    convert = staticmethod(text_cells.convert)

    def __init__(
        self, source: str, store: ObjectStore, kind: FileKind, naming: Naming, *, leaves_out: bool
    ) -> None:
        """Read a file; `leaves_out` passes over records with more or fewer fields than the header."""
        self._source, self._store, self._kind = source, store, kind
        self._is_examined = False
        self.tally = Tally()
        self.notes: tuple[str, ...] = ()
        self.unit = "line"
        self._header = self._read_header()
        self._look_for_another_delimiter()
        self._leaves_out = leaves_out
        self._left_out: list[tuple[int, str, int]] = []
        self.naming = naming
        for name in self._header:
            self.naming.add(name)

    def batches(self) -> Iterator[pa.RecordBatch]:
        self.tally = Tally()
        self._left_out = []
        names = list(self.naming.source_names)
        is_first = True
        try:
            for batch in self._open(len(names)):
                if is_first:
                    batch, is_first = batch.slice(1), False
                if len(batch):
                    yield batch.rename_columns(names)
        except pa.ArrowInvalid as error:
            self._examine()
            raise InvariantBroken(
                f"{self._source}: the CSV reader stopped without a fault that can be named: {error}"
            ) from error

    def cells(self, batches: Sequence[pa.RecordBatch], new: NewColumns) -> Mapping[str, Cells]:
        table = pa.Table.from_batches(batches)
        return dict(zip(table.column_names, table.columns, strict=True))

    def lines(self, rows: Sequence[int]) -> list[int]:
        records = self._records()
        found: list[int] = []
        number = -1
        for record in records:
            if len(found) == len(rows):
                break
            if len(record) != len(self._header):
                continue
            if number == rows[len(found)]:
                found.append(records.line)
            number += 1
        return found

    def _open(self, fields: int) -> Iterator[pa.RecordBatch]:
        reader: Iterator[pa.RecordBatch] = arrow_csv.open_csv(
            pa.PythonFile(ChunkFile(self._watched()), mode="r"),
            read_options=arrow_csv.ReadOptions(
                block_size=CHUNK_BYTES,
                autogenerate_column_names=True,
                # A record's number, which tells its line, is known to one thread only.
                use_threads=not self._leaves_out,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._kind.delimiter,
                newlines_in_values=True,
                invalid_row_handler=self._leave_out if self._leaves_out else None,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"f{position}": pa.string() for position in range(fields)},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        return reader

    def _leave_out(self, row: arrow_csv.InvalidRow) -> str:
        self._left_out.append((row.number, row.text, row.actual_columns))
        return "skip"

    def left_out(self) -> list[Reject]:
        numbers = {number for number, _, _ in self._left_out}
        records = self._records()
        lines = [records.line for number, _ in enumerate(records, start=1) if number in numbers]
        reason = f"has {{}} fields, the header has {len(self._header)}"
        return [
            Reject(-1, "", text, reason.format(fields), text, line)
            for (_, text, fields), line in zip(self._left_out, lines, strict=True)
        ]

    def _plain(self) -> Iterator[bytes]:
        return plain_chunks(self._source, self._store, self._kind.compression, self.tally)

    def _watched(self) -> Iterator[bytes]:
        """Yield the file; where the fast reader would be silently wrong, have it examined."""
        quotes = QuoteWatch(self._kind.delimiter)
        for chunk in filter(None, self._plain()):
            if not self._is_examined and (b"\0" in chunk or not quotes.is_regular(chunk)):
                self._examine()
            yield chunk
        if not self._is_examined and not quotes.is_closed():
            self._examine()

    def _examine(self) -> None:
        """Raise for the first fault of the file; quotes inside unquoted fields are none."""
        find_fault(self._records(), self._source, self._header)
        self._is_examined = True

    def _records(self) -> CsvRecords:
        chunks = plain_chunks(self._source, self._store, self._kind.compression, Tally())
        return CsvRecords(self._source, ChunkFile(chunks), self._kind.delimiter)

    def _look_for_another_delimiter(self) -> None:
        """Read a file whose header has no comma by the one other delimiter that it has."""
        found = [mark for mark in _OTHER_DELIMITERS if mark in self._header[0]]
        if len(self._header) > 1 or len(found) != 1:
            return
        self._kind = replace(self._kind, delimiter=found[0])
        self._header = self._read_header()
        self.notes = (f"fields are separated by {_OTHER_DELIMITERS[found[0]]}, not by commas",)

    def _read_header(self) -> list[str]:
        records = self._records()
        header = next(iter(records), None)
        if header is None:
            raise FileUnreadable(
                f"{self._source}: the file is empty. Expected a header and at least one row. "
                "Nothing was loaded. Check the export that made it."
            )
        try:
            return [name.encode("latin-1").decode() for name in header]
        except UnicodeDecodeError:
            find_fault(self._records(), self._source, [])
            raise
