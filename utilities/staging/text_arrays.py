"""Arrow arrays and scalars of text, out of byte strings laid out by hand.

`pa.array` on a list, `pa.scalar` and compute functions that are given a plain Python value import
pandas, which costs a small run a fifth of a second.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate

import pyarrow as pa
import pyarrow.compute as pc


def text_array(values: Sequence[bytes]) -> pa.Array:
    """Return an array of text, given as UTF-8; together at most 2 GB."""
    offsets = array("i", accumulate(map(len, values), initial=0))
    data = b"".join(values)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(data))


def text_array_with_nulls(values: Sequence[bytes]) -> pa.Array:
    """Return an array of text in which empty values are null."""
    text = text_array(values)
    return without_empty(text)


def text_scalar(value: bytes) -> pa.Scalar:
    """Return one text, given as UTF-8."""
    return text_array([value])[0]


EMPTY = text_scalar(b"")
NULL = pa.nulls(1, pa.string())[0]


def without_empty(text: pa.Array) -> pa.Array:
    """Return text with nulls in place of empty values."""
    is_empty = pc.equal(text, EMPTY)
    return pc.if_else(is_empty, NULL, text) if pc.any(is_empty).as_py() else text
