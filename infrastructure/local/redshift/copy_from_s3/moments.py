"""Refuse the days and times of Parquet files that no text COPY of PostgreSQL could take.

The binary COPY would take some of them, such as years before Christ; so would no other format of
the front's, and they are told in PostgreSQL's words and codes.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from infrastructure.local.redshift.errors import FrontError

_DAY_MICROSECONDS = 86_400_000_000
_FIRST_DAY, _END_DAY = -719_162, 11_248_738
"""0001-01-01 and 32768-01-01, where Arrow's calendar ends, in days since 1970-01-01."""


@dataclass(frozen=True)
class _Span:
    """The numbers that stand for a value: from `first` up to, not including, `end`."""

    counted_in: pa.DataType
    first: int
    end: int
    type_name: str


_MOMENTS = (pa.int64(), _FIRST_DAY * _DAY_MICROSECONDS, _END_DAY * _DAY_MICROSECONDS)
_SPANS: dict[pa.DataType, _Span] = {
    pa.date32(): _Span(pa.int32(), _FIRST_DAY, _END_DAY, "date"),
    pa.time32("ms"): _Span(pa.int32(), 0, _DAY_MICROSECONDS // 1000, "time"),
    pa.time64("us"): _Span(pa.int64(), 0, _DAY_MICROSECONDS, "time"),
    pa.timestamp("us"): _Span(*_MOMENTS, "timestamp"),
    pa.timestamp("us", "UTC"): _Span(*_MOMENTS, "timestamp with time zone"),
}


def check_moments(array: pa.Array) -> None:
    """Look for a value that is out of range.

    Raises:
        FrontError: the first such value, as PostgreSQL tells it when it reads it as text.
    """
    span = _SPANS.get(array.type)
    if span is None:
        return
    numbers = array.view(span.counted_in)
    extremes = pc.min_max(numbers)
    lowest, highest = extremes["min"].as_py(), extremes["max"].as_py()
    if lowest is None or (span.first <= lowest and highest < span.end):
        return
    outside = pc.or_(pc.less(numbers, span.first), pc.greater_equal(numbers, span.end))
    raise _refusal(array.filter(outside)[:1], span)


def _refusal(value: pa.Array, span: _Span) -> FrontError:
    zone = "Z" if getattr(value.type, "tz", None) else ""
    plain = value.cast(pa.timestamp("us")) if zone else value
    text = plain.cast(pa.string())[0].as_py()
    if text.startswith("<"):
        message, code = f"invalid input syntax for type {span.type_name}", "22007"
    elif text.startswith("-"):
        message, code, text = "time zone displacement out of range", "22009", text + zone
    else:
        message, code, text = "date/time field value out of range", "22008", text + zone
    return FrontError(f'{message}: "{text}"', sqlstate=code)
