"""Read a CSV file slowly and exactly, to say where it is wrong.

The fast reader says that something is wrong, rarely where. This pass runs only then. It reads the
bytes as Latin-1, in which every byte is a character, so it comes past any fault.
"""

import csv
import io
from collections.abc import Iterator
from typing import NoReturn

from utilities.errors import FileUnreadable, SchemaMismatch
from utilities.references import VARCHAR_LIMIT_BYTES
from utilities.staging.byte_streams import CHUNK_BYTES
from utilities.staging.misfit import shown

ROW_LIMIT_BYTES = CHUNK_BYTES
"""The fast reader takes no longer rows than its blocks."""


class CsvRecords:
    """The records of a CSV file with the lines on which they begin; blank lines are no records.

    Iterating yields each record as its fields, one character for each byte.

    Attributes:
        line: line on which the current record begins.
        raw_length: length of the current record in bytes, quotes and line end included.
    """

    def __init__(self, source: str, file: io.RawIOBase, delimiter: str) -> None:
        text = io.TextIOWrapper(io.BufferedReader(file), encoding="latin-1", newline="")
        self._source = source
        self._lines = text
        self._is_at_end = False
        self.raw_length = 0
        self._last_raw = ""
        self._reader = csv.reader(self._count(), delimiter=delimiter, strict=True)
        self.line = 1

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            self.line = self._reader.line_num + 1
            self.raw_length = 0
            try:
                record = next(self._reader, None)
            except csv.Error:
                self._refuse()
            if record is None:
                return
            if record:
                yield record

    def _count(self) -> Iterator[str]:
        for self._last_raw in self._lines:
            self.raw_length += len(self._last_raw)
            yield self._last_raw
        self._is_at_end = True

    def _refuse(self) -> NoReturn:
        """Raise for quotes that the strict reader does not accept.

        Its error has one type for three faults; what was read tells them apart.
        """
        place = f"{self._source}: line {self.line}"
        if self._is_at_end:
            found = "a field is opened with a quote that is never closed"
        elif self.raw_length > csv.field_size_limit():
            found = (
                f"a field goes on for more than {csv.field_size_limit():,} bytes; "
                "most likely its quote is never closed"
            )
        else:
            found = (
                f"{shown(_as_text(self._last_raw.rstrip()))} has text after a closing quote "
                f"(found on line {self._reader.line_num})"
            )
        raise FileUnreadable(
            f"{place}: {found}. Expected quotes around a whole field, and a quote inside it "
            "doubled. Nothing was loaded. Correct the line, or export the file again."
        )


def find_fault(records: CsvRecords, source: str, names: list[str]) -> None:
    """Read to the end and raise for the first record that cannot be loaded.

    Args:
        records: a fresh pass over the file; the first record is the header.
        source: for messages.
        names: the header, decoded; empty to judge the header itself.

    Raises:
        FileUnreadable: wrong number of fields, broken quotes, bytes that are not UTF-8, NUL.
        SchemaMismatch: a value is longer than Redshift's widest text.
    """
    for record in records:
        place = f"{source}: line {records.line}"
        if names and len(record) != len(names):
            text = shown(_as_text(",".join(record)))
            raise FileUnreadable(
                f"{place} has {_fields(len(record))}, the header has {len(names)}: {text}. "
                "Nothing was loaded. Correct the line; a value with a comma needs quotes."
            )
        if records.raw_length > ROW_LIMIT_BYTES:
            raise FileUnreadable(
                f"{place}: the row has {records.raw_length:,} bytes, at most {ROW_LIMIT_BYTES:,} "
                "can be read. Nothing was loaded. Split the row's longest values off."
            )
        joined = "".join(record)
        if not joined.isascii() or "\0" in joined or len(joined) > VARCHAR_LIMIT_BYTES:
            for position, field in enumerate(record):
                name = names[position] if names else f"column {position + 1}"
                _check_field(field, f'{place}, column "{name}"')


def _check_field(field: str, place: str) -> None:
    raw = field.encode("latin-1")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            f"{place}: byte 0x{raw[error.start]:02X} is not UTF-8 in {shown(_as_text(field))}. "
            "Nothing was loaded. Save the file as UTF-8; this byte is common in Latin-1 and "
            "Windows-1252."
        ) from None
    if "\0" in field:
        raise FileUnreadable(
            f"{place}: NUL byte in {shown(_as_text(field))}; Redshift stores no NUL in text. "
            "Nothing was loaded. Remove it, or save the file as UTF-8 if it is UTF-16."
        )
    if len(raw) > VARCHAR_LIMIT_BYTES:
        raise too_long(place, _as_text(field), len(raw))


def too_long(place: str, value: str, length_bytes: int) -> SchemaMismatch:
    """Return the error for a value that no text column of Redshift can hold."""
    return SchemaMismatch(
        f"{place}: the value has {length_bytes:,} bytes, a VARCHAR holds "
        f"{VARCHAR_LIMIT_BYTES:,}: {shown(value)}. Nothing was loaded. Shorten or split the value."
    )


def _as_text(latin: str) -> str:
    return latin.encode("latin-1").decode(errors="replace")


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"
