"""Turn a block of CSV or delimited text into columns of text, and name the lines at fault."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from infrastructure.local.redshift.copy_from_s3 import refusal
from infrastructure.local.redshift.copy_from_s3.blocks import Block
from infrastructure.local.redshift.copy_from_s3.records import Dialect, Record, scan
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal
from infrastructure.local.redshift.copy_from_s3.rejects import Reject
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn


@dataclass(frozen=True)
class Parsed:
    """The rows of a block that could be cut into the right number of fields.

    Attributes:
        columns: text, null only where the field was an escaped null marker.
        records: the record behind each row; None when the fast parser did not need them.
        rejects: the records that are no rows.
    """

    columns: list[pa.Array]
    records: list[Record] | None
    rejects: list[Reject]


def parse(block: Block, dialect: Dialect, columns: tuple[TargetColumn, ...]) -> Parsed:
    """Read a block: fast when nothing in it is unusual, else record by record."""
    if block.sound and not _unusual(block.data, dialect, len(columns)):
        fast = _parse_fast(block.data, dialect, len(columns))
        if fast is not None:
            return Parsed(fast, None, [])
    return _parse_exact(block, dialect, columns)


def records_of(block: Block, dialect: Dialect) -> list[Record]:
    """Return the records that the fast parser made rows of, to tell lines and raw text."""
    return scan(block.data, block.first_line, dialect, final=True)[0]


def raw_line(block: Block, record: Record) -> str:
    """Return a record's bytes as the load error tables show them."""
    return block.data[record.start : record.stop].decode(errors="replace").rstrip("\r\n")


def _unusual(data: bytes, dialect: Dialect, width: int) -> bool:
    """Whether Arrow's parser would read the block in another way than Redshift does."""
    if dialect.options.escape or dialect.options.remove_quotes:
        return True
    returns = b"\r" in data
    if b"\0" in data or (returns and data.count(b"\r") != data.count(b"\r\n")):
        return True
    if width == 1 and not dialect.options.ignore_blank_lines:
        return False
    if data.startswith((b"\n", b"\r\n")) or (returns and b"\n\r\n" in data):
        return True
    ends = np.frombuffer(data, dtype=np.uint8) == ord("\n")
    return bool((ends[:-1] & ends[1:]).any())


def _parse_fast(data: bytes, dialect: Dialect, width: int) -> list[pa.Array] | None:
    names = [str(index) for index in range(width)]
    csv = dialect.options.format == "csv"
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(data),
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(data) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.options.delimiter,
                quote_char=dialect.options.quote if csv else False,
                newlines_in_values=csv,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [column.combine_chunks() for column in table.columns]


def _parse_exact(block: Block, dialect: Dialect, columns: tuple[TargetColumn, ...]) -> Parsed:
    kept: list[Record] = []
    rows: list[list[str | None]] = []
    rejects: list[Reject] = []
    for record in scan(block.data, block.first_line, dialect, final=True)[0]:
        if dialect.options.ignore_blank_lines and record.fields == (b"",):
            continue
        try:
            rows.append(_row(record, dialect, columns))
            kept.append(record)
        except _FieldRefused as fault:
            rejects.append(
                Reject(
                    block.uri,
                    record.line,
                    raw_line(block, record),
                    fault.refusal,
                    fault.column,
                    fault.value.decode(errors="replace"),
                )
            )
    arrays = [pa.array([row[index] for row in rows], pa.string()) for index in range(len(columns))]
    return Parsed(arrays, kept, rejects)


class _FieldRefused(Exception):
    def __init__(self, reason: Refusal, column: TargetColumn | None = None, value: bytes = b""):
        super().__init__(reason)
        self.refusal = reason
        self.column = column
        self.value = value


def _row(record: Record, dialect: Dialect, columns: tuple[TargetColumn, ...]) -> list[str | None]:
    """Decode a record's fields.

    Raises:
        _FieldRefused: too many or too few of them, or one that is not UTF-8.
    """
    if record.fault is not None:
        raise _FieldRefused(record.fault)
    options, fields = dialect.options, record.fields
    if options.format == "text" and len(fields) == len(columns) + 1 and not fields[-1]:
        fields = fields[:-1]
    if len(fields) > len(columns):
        raise _FieldRefused(Refusal(refusal.EXTRA_COLUMNS, "Extra column(s) found"))
    if len(fields) < len(columns) and options.fill_record:
        # A missing CHAR becomes NULL, a missing VARCHAR an empty string.
        fields += tuple(None if c.kind == "char" else b"" for c in columns[len(fields) :])
    if len(fields) < len(columns):
        missing = columns[len(fields)]
        if options.format == "text":
            raise _FieldRefused(
                Refusal(refusal.DELIMITER_NOT_FOUND, "Delimiter not found"), missing
            )
        raise _FieldRefused(
            Refusal(refusal.FEWER_COLUMNS, "Fewer columns found than were defined in the DDL"),
            missing,
        )
    return [_text(field, column, dialect) for field, column in zip(fields, columns, strict=True)]


def _text(field: bytes | None, column: TargetColumn, dialect: Dialect) -> str | None:
    if field is None or (field == b"\0" and dialect.options.null_as == "\0"):
        return None
    if b"\0" in field:
        reason = f"Missing newline: Unexpected character 0x00 found at location {field.index(0)}"
        raise _FieldRefused(Refusal(refusal.BAD_LINE, reason), column, field)
    try:
        return field.decode()
    except UnicodeDecodeError as error:
        if dialect.options.accept_inv_chars and column.kind == "varchar":
            return _replace_invalid(field, dialect.options.accept_inv_chars)
        bad = field[error.start : max(error.end, error.start + 1)].hex(" ")
        reason = (
            "String contains invalid or unsupported UTF8 codepoints. "
            f"Bad UTF8 hex sequence: {bad} (error {_utf8_error(error)})"
        )
        raise _FieldRefused(Refusal(refusal.BAD_UTF8, reason, error.start), column, field) from None


def _replace_invalid(field: bytes, replacement: str) -> str:
    """Put the replacement in the place of every byte that is not UTF-8."""
    text = field.decode(errors="surrogateescape")
    return "".join(replacement if "\udc80" <= char <= "\udcff" else char for char in text)


def _utf8_error(error: UnicodeDecodeError) -> int:
    """Redshift's number of the fault.

    https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html
    """
    if error.reason == "unexpected end of data":
        return 2
    return 3 if error.reason == "invalid start byte" else 4
