"""Exact reading of delimited text and CSV, record by record.

Slow, and only used where the fast parser (delimited.py) cannot be trusted or cannot tell which
line is at fault: broken quotes, wrong number of fields, bytes that are not UTF-8, escapes.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from infrastructure.local.redshift.copy_from_s3 import refusal
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal

LONGEST_RECORD_BYTES = 4 * 1024 * 1024
"""https://docs.aws.amazon.com/redshift/latest/dg/t_preparing-input-data.html"""


@dataclass(frozen=True)
class Record:
    """One record of a file.

    Attributes:
        line: number of its first line in the file, from 1.
        start, stop: where its bytes lie in the block, line end included.
        fields: their bytes without quotes; None for the null marker of escaped text.
        fault: why it is no record at all.
    """

    line: int
    start: int
    stop: int
    fields: tuple[bytes | None, ...] = ()
    fault: Refusal | None = None


@dataclass(frozen=True)
class Dialect:
    """How the bytes of one COPY are cut into records and fields."""

    options: CopyOptions

    @property
    def quote(self) -> bytes:
        """The quote of CSV; empty for delimited text."""
        return self.options.quote.encode() if self.options.format == "csv" else b""

    # Repeated groups are not possessive: Python before 3.11.5 matches those wrongly
    # (https://github.com/python/cpython/issues/100061). Their alternatives exclude each other,
    # so that going back over them finds nothing new.

    @cached_property
    def quoted(self) -> re.Pattern[bytes] | None:
        """A field in quotes, with what ends it; None when quotes mean nothing."""
        end = b"(?P<end>" + re.escape(self.options.delimiter.encode()) + rb"|\r?\n|\Z)"
        if self.options.format == "csv":
            mark = re.escape(self.quote)
            body = b"(?:[^" + mark + b"]++|" + mark + mark + b")*"
            return re.compile(mark + b"(?P<field>" + body + b")" + mark + end)
        if self.options.remove_quotes:
            # A backslash belongs to what it escapes, so that no other reading can be tried.
            escaped, also = (rb"\\.|", rb"\\") if self.options.escape else (b"", b"")
            body = rb"(?:" + escaped + rb"(?!(?P=q))[^" + also + rb"\n])*"
            return re.compile(rb"(?P<q>[\"'])(?P<field>" + body + rb")(?P=q)" + end, re.DOTALL)
        return None

    @cached_property
    def plain(self) -> re.Pattern[bytes]:
        """A field without quotes, with what ends it."""
        delimiter = re.escape(self.options.delimiter.encode())
        stops = delimiter + rb"\n" + re.escape(self.quote)
        body = b"[^" + stops + b"]*+"
        if self.options.escape:
            body = rb"(?:[^\\" + stops + rb"]++|\\.)*"
        return re.compile(b"(?P<field>" + body + b")(?P<end>" + delimiter + rb"|\n|\Z)", re.S)

    @property
    def opening(self) -> bytes:
        """Bytes that open a quoted field."""
        return b"\"'" if self.options.remove_quotes else self.quote

    def text(self, field: bytes, quoted: bool) -> bytes | None:
        """Return a field's bytes without quotes' doubling and escapes."""
        if self.options.format == "csv":
            return field.replace(self.quote * 2, self.quote) if quoted else field
        if not self.options.escape:
            return field
        if field == b"\\N" and self.options.null_as == "\\N":
            return None
        return re.sub(rb"\\(.)", rb"\1", field, flags=re.S)


def scan(
    data: bytes, first_line: int, dialect: Dialect, *, final: bool
) -> tuple[list[Record], int]:
    """Cut a block into records.

    Args:
        final: the file ends with this block, so a last record without line end is whole.

    Returns:
        The records, and how many bytes they take; what is left belongs to a record whose end
        has not been read yet.
    """
    records: list[Record] = []
    position, line = 0, first_line
    while position < len(data):
        record = _record(data, position, line, dialect, final)
        if record is None:
            break
        records.append(record)
        line += data.count(b"\n", position, record.stop)
        position = record.stop
    return records, position


def _record(data: bytes, start: int, line: int, dialect: Dialect, final: bool) -> Record | None:
    """Read one record; None when its end lies beyond the data."""
    fields: list[bytes | None] = []
    position = start
    while True:
        opens = data[position : position + 1] in dialect.opening and position < len(data)
        opens = opens and dialect.quoted is not None
        pattern = dialect.quoted if opens and dialect.quoted else dialect.plain
        match = pattern.match(data, position)
        whole = final or len(data) - start > LONGEST_RECORD_BYTES
        if match is None and not whole:
            if data.find(b"\n", start) < 0 or _may_end_later(data, position, dialect):
                return None
        if match is None:
            return _broken(data, start, line)
        field, end, position = match["field"], match["end"], match.end()
        if not end and not final:
            return None
        if end == b"\n" and not opens:
            field = _without_return(field, dialect)
        fields.append(dialect.text(field, opens))
        if end != dialect.options.delimiter.encode():
            return Record(line, start, position, tuple(fields))


def _without_return(field: bytes, dialect: Dialect) -> bytes:
    """Drop the carriage return of a line that ends in CR LF, unless a backslash keeps it."""
    if not field.endswith(b"\r"):
        return field
    before = field[:-1]
    backslashes = len(before) - len(before.rstrip(b"\\"))
    return field if dialect.options.escape and backslashes % 2 else before


def _may_end_later(data: bytes, position: int, dialect: Dialect) -> bool:
    """Whether more bytes could complete the quoted field that starts at `position`."""
    mark = data[position : position + 1]
    if dialect.options.format != "csv":
        return True
    if mark != dialect.quote:
        return False
    inside = data[position + 1 :].replace(mark + mark, b"")
    close = inside.find(mark)
    return close < 0 or close >= len(inside.rstrip(b"\r")) - 1


def _broken(data: bytes, start: int, line: int) -> Record:
    """A record that cannot be read; the next one starts at the next line."""
    newline = data.find(b"\n", start)
    stop = len(data) if newline < 0 else newline + 1
    fault = Refusal(refusal.DELIMITER_NOT_FOUND, "Invalid quote formatting for CSV")
    return Record(line, start, stop, fault=fault)
