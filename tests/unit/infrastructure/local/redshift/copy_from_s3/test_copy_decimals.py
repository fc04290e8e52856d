"""Decimals are laid out for PostgreSQL digit by digit."""

from decimal import Context, Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.local.redshift.copy_from_s3.decimals import decimal_fields

EXACT = Context(prec=100)


@st.composite
def decimals(draw: st.DrawFn) -> pa.Array:
    """A column of any precision and scale, with its largest and smallest values, in a slice."""
    precision = draw(st.integers(1, 76))
    scale = draw(st.integers(0, precision))
    limit = 10**precision - 1
    whole = st.one_of(st.integers(-limit, limit), st.sampled_from([limit, -limit, 0, 1, -1]))
    values = [Decimal(f"{number}e-{scale}") for number in draw(st.lists(whole, min_size=2))]
    kind = pa.decimal128 if precision <= 38 else pa.decimal256
    return pa.array(values, kind(precision, scale))[1:]


@given(decimals())
def test_digits_add_up_to_the_number(array: pa.Array) -> None:
    """Sign, weight and base-10,000 digits give each number back, whatever its precision."""
    length, count, weight, signs, scale, *digits = [
        np.broadcast_to(np.asarray(values), len(array)) for _, values in decimal_fields(array)
    ]
    groups_below_point = len(digits) - 1 - int(weight[0])
    for row, value in enumerate(array.to_pylist()):
        number = int("".join(f"{int(digit[row]):04}" for digit in digits))
        shift = 4 * groups_below_point - array.type.scale
        whole = int(value.scaleb(array.type.scale, EXACT)) * 10**shift
        assert (-number if signs[row] else number) == whole
        assert scale[row] == array.type.scale
        assert count[row] == len(digits) and length[row] == 8 + 2 * len(digits)


def test_a_number_too_large_for_its_type_keeps_its_digits() -> None:
    """A damaged file's value is not cut to its column's precision: PostgreSQL has to see it."""
    stored = pa.py_buffer((10**20 + 7).to_bytes(16, "little"))
    array = pa.Array.from_buffers(pa.decimal128(4, 0), 1, [None, stored])
    digits = [int(np.asarray(values).flat[0]) for _, values in decimal_fields(array)][5:]
    assert digits == [1, 0, 0, 0, 0, 7]
