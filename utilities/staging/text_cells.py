"""Type the cells of a CSV file, which are all text, without losing what they say.

A type fits a column when every cell can be found again in it:

- BIGINT: canonical whole numbers. `007`, `+1`, `-0` and `1,000` stay text.
- DOUBLE PRECISION: plain decimals that the shortest spelling of a float64 gives back; a single
  `.0` at the end counts. `1.10` does not.
- NUMERIC(18,s) or NUMERIC(38,s): the same number of decimals in every cell (`12.30`, `5.00`).
- BOOLEAN: true and false, spelled true, True or TRUE.
- DATE: YYYY-MM-DD. TIMESTAMP: ISO 8601 to the minute or finer, at most six digits of a second.
  TIMESTAMPTZ: the same, each with an offset or Z (stored as the instant, in UTC).
- VARCHAR: everything else, as it stands (`NA`, `null`, `15.17%`).

A cell without quotes and without content is NULL. A quoted empty cell (`""`) is the empty text in a
VARCHAR column, and NULL in a column of any other type, where it can mean nothing else.
"""

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Misfit, first_misfit
from utilities.staging.numbers_as_text import as_decimals, as_floats, as_integers
from utilities.staging.redshift_types import SUPER, VARCHAR, arrow_type, numeric_size
from utilities.staging.text_arrays import EMPTY, text_array_with_nulls, text_scalar, without_empty

_INFERRED = ("BIGINT", "DOUBLE PRECISION", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMPTZ")
_SHORTEST_TIMESTAMP = len("2026-01-01T00:00")
_DATE_LENGTH = len("2026-01-01")
_FIRST_DAY = text_scalar(b"1970-01-01T")
_BOOLEANS = text_array_with_nulls([b"true", b"True", b"TRUE", b"false", b"False", b"FALSE", b""])


def observe(cells: pa.Array) -> Evidence:
    """Return the types that fit all cells of an array of text."""
    filled = cells.filter(pc.not_equal(cells, EMPTY))
    if not len(filled):
        return Evidence()
    candidates = (*_INFERRED, *_numerics(filled[0].as_py()))
    likely = [type_ for type_ in candidates if parse(filled.slice(0, 1), type_) is not None]
    fitting = [type_ for type_ in likely if parse(filled, type_) is not None]
    return Evidence(frozenset({VARCHAR, *fitting}))


def convert(cells: pa.Array, type_: str, *, is_fixed: bool) -> pa.Array:
    """Return text cells as the Arrow type of a staged type.

    Args:
        cells: text or null.
        type_: staged type.
        is_fixed: the type is the target table's, not inferred. Then a value counts and not its
            spelling: `1.50` fits DOUBLE PRECISION, `7.0` fits BIGINT; `007` still fits neither.

    Raises:
        Misfit: a cell does not fit; names the first one.
    """
    if type_ == VARCHAR:
        return cells
    cells = without_empty(cells)
    read = _parse_value if is_fixed else parse
    values = read(cells, type_)
    if values is None:
        row = first_misfit(cells, lambda part: read(part, type_) is not None)
        raise Misfit(row, cells[row].as_py())
    return values


def parse(text: pa.Array, type_: str) -> pa.Array | None:
    """Return text as values of a type, or None unless every cell is found again in its value."""
    if type_ in ("SMALLINT", "INTEGER", "BIGINT"):
        return as_integers(text, arrow_type(type_))
    if type_ in ("REAL", "DOUBLE PRECISION"):
        return as_floats(text, arrow_type(type_), any_spelling=False)
    if type_.startswith("NUMERIC"):
        return as_decimals(text, *numeric_size(type_))
    if type_ == "BOOLEAN":
        is_known = pc.all(pc.is_in(text, _BOOLEANS), min_count=0).as_py()
        return pc.cast(text, pa.bool_()) if is_known else None
    if type_ == SUPER:
        return text if all(map(_is_json, text.drop_null().to_pylist())) else None
    return _parse_moment(text, type_)


def _parse_value(text: pa.Array, type_: str) -> pa.Array | None:
    """Parse with spellings set aside that do not change a value."""
    values = parse(text, type_)
    if values is not None:
        return values
    if type_ in ("SMALLINT", "INTEGER", "BIGINT"):
        return parse(pc.replace_substring_regex(text, r"^(-?\d+)\.0+$", r"\1"), type_)
    if type_ in ("REAL", "DOUBLE PRECISION"):
        return parse(_without_end_zeros(text), type_)
    if type_.startswith("NUMERIC"):
        return decimals_of_any_scale(text, *numeric_size(type_))
    if type_ == "TIMESTAMP":
        return parse(pc.replace_substring_regex(text, r"^(\d{4}-\d\d-\d\d)$", r"\1T00:00"), type_)
    return None


def _without_end_zeros(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, r"^(-?\d+(?:\.\d*[1-9])?)\.?0*$", r"\1")


def decimals_of_any_scale(text: pa.Array, precision: int, scale: int) -> pa.Array | None:
    """Return decimals, or None unless each value fits; zeros at the end do not matter."""
    is_plain = pc.match_substring_regex(text, r"^-?(0|[1-9]\d*)(\.\d+)?$")
    if not pc.all(is_plain, min_count=0).as_py():
        return None
    short = pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1")
    try:
        return pc.cast(short, pa.decimal128(precision, scale))
    except pa.ArrowInvalid:
        return None


def _parse_moment(text: pa.Array, type_: str) -> pa.Array | None:
    """Parse ISO 8601. Arrow refuses digits and offsets that the type cannot hold."""
    # Redshift has no year 0; Arrow does.
    if pc.any(pc.starts_with(text, "0000")).as_py():
        return None
    if type_ == "TIME":
        return _parse_times(text)
    length = pc.min_max(pc.binary_length(text))
    if length["min"].as_py() is not None:
        is_date = type_ == "DATE"
        if length["min"].as_py() < (_DATE_LENGTH if is_date else _SHORTEST_TIMESTAMP):
            return None
        if is_date and length["max"].as_py() > _DATE_LENGTH:
            return None
    try:
        return pc.cast(text, arrow_type(type_))
    except pa.ArrowInvalid:
        return None


def _parse_times(text: pa.Array) -> pa.Array | None:
    is_time = pc.match_substring_regex(text, r"^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$")
    if not pc.all(is_time, min_count=0).as_py():
        return None
    try:
        moments = pc.cast(pc.binary_join_element_wise(_FIRST_DAY, text, EMPTY), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    return pc.cast(pc.cast(moments, pa.int64()), pa.time64("us"))


def _numerics(cell: str) -> tuple[str, ...]:
    """Return the NUMERIC types with as many decimals as a cell has."""
    decimals = len(cell.partition(".")[2])
    return (f"NUMERIC(18,{decimals})", f"NUMERIC(38,{decimals})") if 0 < decimals <= 18 else ()


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True
