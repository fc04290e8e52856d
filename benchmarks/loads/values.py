"""Columns brought to one form, so that results of different types can be compared by value.

A date that came as text, an amount that came as a double and JSON that came as text are the same
values; a ZIP code that came as a number is not.
"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow_json

SEPARATOR = "\x1f"


class NotTheSame(Exception):
    """A column cannot be read as what it should hold; the message says what was found."""


def flat(column: pa.ChunkedArray, wanted: pa.DataType) -> list[pa.ChunkedArray]:
    """Return a column as one or more columns of plain values of the wanted type.

    Raises:
        NotTheSame: its values cannot be read as that type.
    """
    try:
        if pa.types.is_nested(wanted):
            return _flat_nested(_nested(column, wanted), wanted)
        return [_plain(column, wanted)]
    except pa.ArrowException as error:
        first = next((value for value in column.to_pylist() if value is not None), None)
        said = str(error).splitlines()[0]
        raise NotTheSame(f"came as {column.type} (first: {first!r:.60}): {said:.90}") from None


def differing(found: list[pa.ChunkedArray], wanted: list[pa.ChunkedArray]) -> int:
    """How many rows differ in any of the columns; null equals null."""
    different = None
    for ours, theirs in zip(found, wanted, strict=True):
        unequal = pc.fill_null(pc.not_equal(ours, theirs), False)
        either = pc.or_(unequal, pc.xor(pc.is_null(ours), pc.is_null(theirs)))
        different = either if different is None else pc.or_(different, either)
    return int(pc.sum(different).as_py() or 0)


def _plain(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if text and pa.types.is_boolean(wanted):
        return pc.is_in(pc.utf8_lower(column), pa.array(["t", "true"]))
    if text and pa.types.is_date(wanted):
        return pc.utf8_slice_codeunits(column, 0, 10).cast(pa.string()).cast(wanted)
    if text and pa.types.is_timestamp(wanted):
        naive = pc.replace_substring_regex(column, r"(Z|\+00(:00)?)$", "")
        return pc.assume_timezone(naive.cast(pa.string()).cast(pa.timestamp("us")), "UTC")
    if pa.types.is_timestamp(wanted) and column.type.tz is None:
        return pc.assume_timezone(column.cast(pa.timestamp("us")), "UTC")
    return column.cast(wanted)


def _nested(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_nested(column.type):
        return column.cast(wanted)
    texts = pc.binary_join_element_wise('{"v":', column.cast(pa.string()), "}", "")
    lines = "\n".join(pc.fill_null(texts, '{"v":null}').to_pylist())
    schema = pa.schema([("v", wanted)])
    options = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    read = arrow_json.ReadOptions(block_size=64 << 20)
    return arrow_json.read_json(pa.BufferReader(lines.encode()), read, options)["v"]


def _flat_nested(column: pa.ChunkedArray, wanted: pa.DataType) -> list[pa.ChunkedArray]:
    if pa.types.is_list(wanted):
        # Redshift and Parquet tell an empty list from none; not every peer does.
        return [pc.fill_null(pc.binary_join(column, SEPARATOR), "")]
    return [pc.struct_field(column, index) for index in range(wanted.num_fields)]
